/** Tests of what all windows share, without a server. */
@NullMarked
package cmek.client.transport;

import org.jspecify.annotations.NullMarked;
