/** Where the output of tests goes: to a file per test class, and to the console when that class fails. */
@NullMarked
package cmek.output;

import org.jspecify.annotations.NullMarked;
