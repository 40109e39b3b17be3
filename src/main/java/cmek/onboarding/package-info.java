/**
 * The chain: what an onboarding is, the order of its steps, what a step answers, and what a result says of it.
 *
 * <p>In: an accepted request, or the event of the step before. Out: the next event and a result. The steps themselves, the
 * parser of requests and what is remembered have packages of their own below this one, which know it and not each other.
 */
@NullMarked
package cmek.onboarding;

import org.jspecify.annotations.NullMarked;
