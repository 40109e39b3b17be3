/** Tests of the client to Pub/Sub. */
@NullMarked
package cmek.client.pubsub;

import org.jspecify.annotations.NullMarked;
