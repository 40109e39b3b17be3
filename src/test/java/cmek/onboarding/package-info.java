/** Tests of the words of the house. */
@NullMarked
package cmek.onboarding;

import org.jspecify.annotations.NullMarked;
