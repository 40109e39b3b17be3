/** Tests of the steps, plain JUnit against clients in memory. */
@NullMarked
package cmek.onboarding.step;

import org.jspecify.annotations.NullMarked;
