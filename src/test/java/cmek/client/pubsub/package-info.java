/** Tests of the window to Pub/Sub. */
@NullMarked
package cmek.client.pubsub;

import org.jspecify.annotations.NullMarked;
