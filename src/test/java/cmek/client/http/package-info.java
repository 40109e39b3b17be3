/** Tests of what all windows share, without a server. */
@NullMarked
package cmek.client.http;

import org.jspecify.annotations.NullMarked;
