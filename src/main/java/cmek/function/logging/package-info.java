/** One JSON object a line, labelled with the request, the step and the key. */
@NullMarked
package cmek.function.logging;

import org.jspecify.annotations.NullMarked;
