/**
 * What can be wrong, in words: every reason, every sentence and every command that a person reads, and the two families
 * of exceptions.
 */
@NullMarked
package cmek.finding;

import org.jspecify.annotations.NullMarked;
