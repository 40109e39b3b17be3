package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;

/**
 * A message as a topic took it.
 *
 * @param orderingKey empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares two messages.
public record PubSubMessage(
        String messageId, Instant publishTime, byte[] data, Map<String, String> attributes, String orderingKey) {

    public PubSubMessage {
        attributes = Map.copyOf(attributes);
    }

    public String text() {
        return new String(data, UTF_8);
    }
}
