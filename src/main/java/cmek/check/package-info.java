/**
 * Checks of what is there: a key, its project, logs and policies on Google Cloud, registrations and workspaces at Anthropic.
 * Each check is a class behind {@link cmek.check.Check}, found by the container.
 *
 * <p>In: names. Out: what is wrong, worst first, what was found good, and what could not be read. It only reads; what
 * follows from a finding is decided by the caller.
 */
@NullMarked
package cmek.check;

import org.jspecify.annotations.NullMarked;
