/** What a log line says about the work that it belongs to. */
@NullMarked
package cmek.logging;

import org.jspecify.annotations.NullMarked;
