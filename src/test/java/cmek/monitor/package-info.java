@NullMarked
package cmek.monitor;

import org.jspecify.annotations.NullMarked;
