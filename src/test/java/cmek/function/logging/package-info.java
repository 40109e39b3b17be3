/** Tests of the log. */
@NullMarked
package cmek.function.logging;

import org.jspecify.annotations.NullMarked;
