/** Tests of the steps, plain JUnit against windows in memory. */
@NullMarked
package cmek.onboarding.step;

import org.jspecify.annotations.NullMarked;
