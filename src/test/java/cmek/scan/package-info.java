@NullMarked
package cmek.scan;

import org.jspecify.annotations.NullMarked;
