/**
 * How the service runs: every setting, documented where it is declared, and the values that other packages use.
 *
 * <p>In: properties and environment. Out: the settings, or a refusal to start that names all that is missing.
 */
@NullMarked
package cmek.config;

import org.jspecify.annotations.NullMarked;
