/**
 * The words of the night: what was expected, what was found of each key, and what the whole comes to.
 *
 * <p>They are the objects in the evidence bucket and, as {@link cmek.evidence.NightResult}, what is published. Values
 * only: this room asks nobody anything.
 */
@NullMarked
package cmek.evidence;

import org.jspecify.annotations.NullMarked;
