/** Tests of every sentence and command. */
@NullMarked
package cmek.finding;

import org.jspecify.annotations.NullMarked;
