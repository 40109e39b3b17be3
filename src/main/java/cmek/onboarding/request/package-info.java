/**
 * The desk: what a team published is read, checked against the policy, and taken or sent back.
 *
 * <p>In: bytes that anybody may have typed. Out: an {@link cmek.onboarding.OnboardingRequest} with nothing left to doubt,
 * or one finding that names every fault. It asks no outside API and writes nowhere.
 */
@NullMarked
package cmek.onboarding.request;

import org.jspecify.annotations.NullMarked;
