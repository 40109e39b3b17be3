/** What the store promises, over a bucket in memory. */
@NullMarked
package cmek.onboarding.state;

import org.jspecify.annotations.NullMarked;
