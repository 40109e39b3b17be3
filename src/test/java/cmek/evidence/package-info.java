@NullMarked
package cmek.evidence;

import org.jspecify.annotations.NullMarked;
