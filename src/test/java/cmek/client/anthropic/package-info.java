/** Tests of the client to the Admin API. */
@NullMarked
package cmek.client.anthropic;

import org.jspecify.annotations.NullMarked;
