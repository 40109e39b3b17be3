/**
 * Restoring a lost label or Anthropic binding, and nothing else, ever: no version is enabled, nobody is removed, nothing is
 * created or destroyed.
 *
 * <p>In: a key and what it lost. Out: nothing but that it is there again. When and whether is for the inspection to say.
 */
@NullMarked
package cmek.scan.repair;

import org.jspecify.annotations.NullMarked;
