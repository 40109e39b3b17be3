/** One JSON object a line, with what the function is about. */
@NullMarked
package cmek.function.logging;

import org.jspecify.annotations.NullMarked;
