/**
 * The steps of the guide, one class each, with one public verb.
 *
 * <p>In: an {@link cmek.onboarding.Onboarding}. Out: an {@link cmek.onboarding.Outcome}, or an exception that a client
 * threw. A step may be entered any number of times: it reads first, and writes only what is missing. No step knows
 * another, nor what carries it from one to the next; their order is {@link cmek.onboarding.Step}'s.
 */
@NullMarked
package cmek.onboarding.step;

import org.jspecify.annotations.NullMarked;
