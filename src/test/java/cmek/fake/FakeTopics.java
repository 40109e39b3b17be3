package cmek.fake;

import cmek.client.pubsub.Topics;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pub/Sub in memory; every message that was taken is noted. */
public final class FakeTopics implements Topics {

    /** One message, as it was published. */
    public record Published(String topic, String json, Map<String, String> attributes, String orderingKey) {}

    private final List<Published> published = new ArrayList<>();
    private Optional<String> closed = Optional.empty();

    /** From now on this topic takes nothing. */
    public FakeTopics failingOn(String topic) {
        closed = Optional.of(topic);
        return this;
    }

    /** All topics take messages again. */
    public FakeTopics recovered() {
        closed = Optional.empty();
        return this;
    }

    /** Every message of every topic, in order. */
    public List<Published> published() {
        return List.copyOf(published);
    }

    /** The messages of one topic, in order. */
    public List<Published> on(String topic) {
        return published.stream()
                .filter(message -> message.topic().equals(topic))
                .toList();
    }

    @Override
    public void publish(String topic, String json, Map<String, String> attributes, String orderingKey) {
        if (closed.equals(Optional.of(topic))) {
            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "Publish was not answered", null);
        }
        published.add(new Published(topic, json, Map.copyOf(attributes), orderingKey));
    }
}
