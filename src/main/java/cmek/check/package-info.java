/**
 * Looking at what is there: a key, its project, logs and policies from the customer's side, registrations and workspaces
 * from Anthropic's.
 *
 * <p>In: names. Out: what is wrong, worst first, what was found good, and what could not be seen. Reads only; what follows from a finding is for
 * the step that asked to say.
 */
@NullMarked
package cmek.check;

import org.jspecify.annotations.NullMarked;
