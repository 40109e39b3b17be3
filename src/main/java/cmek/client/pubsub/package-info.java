/**
 * The client of Pub/Sub: publishing.
 *
 * <p>In: a topic's name, JSON and attributes. Out: only that Pub/Sub has accepted the message.
 */
@NullMarked
package cmek.client.pubsub;

import org.jspecify.annotations.NullMarked;
