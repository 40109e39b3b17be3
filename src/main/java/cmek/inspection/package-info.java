/**
 * Looking at what is there: a key from the customer's side, a workspace from the vendor's.
 *
 * <p>In: names. Out: what is wrong, worst first, and what was found good. Reads only; what follows from a finding is for
 * the step that asked to say.
 */
@NullMarked
package cmek.inspection;

import org.jspecify.annotations.NullMarked;
