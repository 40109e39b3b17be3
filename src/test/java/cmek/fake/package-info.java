/**
 * Windows without an outside API: in memory, by hand, for the plain tests of the steps. What a real APIs does on the
 * wire is the simulators' business, not theirs.
 */
@NullMarked
package cmek.fake;

import org.jspecify.annotations.NullMarked;
