/**
 * How we run: every setting, documented where it is declared, and the values the other rooms make of them.
 *
 * <p>In: properties and environment. Out: the settings, or a refusal to start that names all that is missing.
 */
@NullMarked
package cmek.config;

import org.jspecify.annotations.NullMarked;
