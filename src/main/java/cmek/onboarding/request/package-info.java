/**
 * The parser of requests: what a team published is read, checked against the policy, and accepted or rejected.
 *
 * <p>In: bytes that anybody may have typed. Out: an {@link cmek.model.OnboardingRequest} with nothing left to doubt,
 * or one finding that names every violation. It asks no outside API and writes nowhere.
 */
@NullMarked
package cmek.onboarding.request;

import org.jspecify.annotations.NullMarked;
