@NullMarked
package cmek.scan.report;

import org.jspecify.annotations.NullMarked;
