/** What holds for the whole house. */
@NullMarked
package cmek;

import org.jspecify.annotations.NullMarked;
