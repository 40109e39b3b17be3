/** Tests of what all clients share, without a server. */
@NullMarked
package cmek.client.http;

import org.jspecify.annotations.NullMarked;
