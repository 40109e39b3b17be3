/** Tests of the settings, without a container. */
@NullMarked
package cmek.config;

import org.jspecify.annotations.NullMarked;
