package cmek.client.pubsub;

import java.util.Map;

/** Pub/Sub, as far as this product touches it. */
public interface Topics {

    /**
     * Publishes one message and returns once Pub/Sub has taken it. A repeat after an unclear answer makes a duplicate,
     * which every reader of a topic must bear anyway.
     *
     * @param topic without project and without the configured prefix
     * @param json the data
     * @param orderingKey messages of one key are delivered one after another, in order
     * @throws cmek.onboarding.UnavailableException when Pub/Sub did not take it
     * @throws cmek.onboarding.RefusedException when the topic is missing or closed to us
     */
    void publish(String topic, String json, Map<String, String> attributes, String orderingKey);
}
