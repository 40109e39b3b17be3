package cmek.sandbox;

import cmek.simulator.PubSubRest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the service publishes, followed until every message that went in has come to its end. */
public final class Results {

    private static final Set<String> GOOD = Set.of("PLANNED", "VALIDATED", "AWAITING_APPROVAL", "ATTACHED");
    private static final Set<String> BAD = Set.of("REFUSED", "FAILED");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PubSubRest pubsub;
    private final String project;
    private final InstantSource clock;

    public Results(PubSubRest pubsub, String project, InstantSource clock) {
        this.pubsub = pubsub;
        this.project = project;
        this.clock = clock;
    }

    /**
     * One published result.
     *
     * @param id the CloudEvent's id, which a duplicate shares
     */
    public record Published(String id, JsonNode json) {

        String status() {
            return json.path("status").asText();
        }

        boolean isGoodEnd() {
            return GOOD.contains(status());
        }

        boolean isBadEnd() {
            return BAD.contains(status());
        }

        public boolean ends(String messageId) {
            return (isGoodEnd() || isBadEnd()) && id.contains("." + messageId + ".");
        }
    }

    /**
     * Hands over every result until all messages have ended.
     *
     * @return whether all ended in time
     */
    public boolean follow(Set<String> messageIds, Duration within, Consumer<Published> each) {
        Set<String> open = new HashSet<>(messageIds);
        return follow(within, each.andThen(result -> open.removeIf(result::ends)), open::isEmpty);
    }

    /**
     * Hands over every result until it is enough.
     *
     * @return whether it was in time
     */
    public boolean follow(Duration within, Consumer<Published> each, BooleanSupplier enough) {
        Instant deadline = clock.instant().plus(within);
        while (!enough.getAsBoolean()) {
            if (clock.instant().isAfter(deadline)) {
                return false;
            }
            for (PubSubRest.Received message : pubsub.pull(project, Topology.RESULTS, 100)) {
                each.accept(new Published(message.attributes().getOrDefault("ce-id", ""), json(message.data())));
                pubsub.acknowledge(project, Topology.RESULTS, List.of(message.ackId()));
            }
        }
        return true;
    }

    private static JsonNode json(byte[] data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException("the service published something that is no JSON", e);
        }
    }
}
