package cmek.client.pubsub;

import java.util.Map;
import java.util.stream.Stream;

/** Pub/Sub, as far as this product touches it. */
public interface Topics {

    /**
     * Publishes one message and returns once Pub/Sub has accepted it. A repeat after an unclear answer makes a
     * duplicate, which every subscriber must tolerate anyway.
     *
     * @param topic without project and without the configured prefix
     * @param json the data
     * @param orderingKey messages of one key are delivered one after another, in order
     * @throws cmek.finding.TransientException when Pub/Sub did not accept it
     * @throws cmek.finding.PermanentException when the topic is missing or closed to us
     */
    void publish(String topic, String json, Map<String, String> attributes, String orderingKey);

    /**
     * Does everything that the first publishing of a process has to do except the call itself. On a JVM that takes a
     * third of a second, most of it for loading classes.
     */
    default void warmUp() {}

    /** One message of many for the same topic, see {@link #publish}. */
    record Outgoing(String json, Map<String, String> attributes, String orderingKey) {

        public Outgoing {
            attributes = Map.copyOf(attributes);
        }
    }

    /** Publishes many messages, made as they are needed, and returns once Pub/Sub has accepted all of them. */
    default void publishAll(String topic, Stream<Outgoing> messages) {
        messages.forEach(message -> publish(topic, message.json(), message.attributes(), message.orderingKey()));
    }
}
