/**
 * The words of the house: what a request, a key, a step, an outcome and a reason are.
 *
 * <p>In: text from outside, refused here when it is nonsense. Out: values that can be trusted everywhere else. This
 * room knows no other room, no outside API and no framework but Jackson's tree, which requests arrive in.
 */
@NullMarked
package cmek.onboarding;

import org.jspecify.annotations.NullMarked;
