/** Tests of the window to the Admin API. */
@NullMarked
package cmek.client.anthropic;

import org.jspecify.annotations.NullMarked;
