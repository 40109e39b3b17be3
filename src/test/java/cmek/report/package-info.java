@NullMarked
package cmek.report;

import org.jspecify.annotations.NullMarked;
