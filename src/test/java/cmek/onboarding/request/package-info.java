/** Tests of the desk: everything that anybody may type. */
@NullMarked
package cmek.onboarding.request;

import org.jspecify.annotations.NullMarked;
