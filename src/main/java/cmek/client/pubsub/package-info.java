/**
 * The client to Pub/Sub: publishing.
 *
 * <p>In: a topic's name, JSON and attributes. Out: nothing but that Pub/Sub has taken the message.
 */
@NullMarked
package cmek.client.pubsub;

import org.jspecify.annotations.NullMarked;
