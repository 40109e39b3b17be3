package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A small client of Pub/Sub's REST API for whoever stands outside the product: it makes topics and subscriptions,
 * publishes requests and pulls results. Speaks to {@link PubSubSimulator} and to the official emulator alike, and sends
 * no credentials to either.
 */
public final class PubSubRest {

    /**
     * How a push subscription delivers.
     *
     * @param deadLetterTopic the id of a topic in the same project
     * @param maxAttempts before a message becomes a dead letter; without a dead-letter topic it means nothing
     */
    public record PushOptions(
            Duration ackDeadline,
            Duration minBackoff,
            Duration maxBackoff,
            Optional<String> deadLetterTopic,
            int maxAttempts,
            boolean ordering) {}

    /** A pulled message. */
    @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares two messages.
    public record Received(String ackId, byte[] data, Map<String, String> attributes, String messageId) {

        public String text() {
            return new String(data, UTF_8);
        }
    }

    /** An answer that is no success. */
    public static final class PermanentException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final int status;

        private PermanentException(String operation, int status, String body) {
            super(operation + " was answered " + status + " " + body);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    /** Longer than an empty pull is held open: the emulator takes 90 seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** Speaks to a base URL without a trailing slash. */
    public PubSubRest(URI base) {
        this.base = base;
    }

    public void createTopic(String project, String topic) {
        call("PUT", topicPath(project, topic), JSON.createObjectNode());
    }

    public void createPushSubscription(
            String project, String subscription, String topic, URI endpoint, PushOptions options) {
        ObjectNode body = JSON.createObjectNode().put("topic", topicName(project, topic));
        body.putObject("pushConfig").put("pushEndpoint", endpoint.toString());
        body.put("ackDeadlineSeconds", options.ackDeadline().toSeconds());
        body.putObject("retryPolicy")
                .put("minimumBackoff", seconds(options.minBackoff()))
                .put("maximumBackoff", seconds(options.maxBackoff()));
        options.deadLetterTopic()
                .ifPresent(deadLetter -> body.putObject("deadLetterPolicy")
                        .put("deadLetterTopic", topicName(project, deadLetter))
                        .put("maxDeliveryAttempts", options.maxAttempts()));
        if (options.ordering()) {
            body.put("enableMessageOrdering", true);
        }
        // Empty: never expires.
        body.putObject("expirationPolicy");
        call("PUT", subscriptionPath(project, subscription), body);
    }

    public void createPullSubscription(String project, String subscription, String topic) {
        ObjectNode body = JSON.createObjectNode().put("topic", topicName(project, topic));
        body.put("ackDeadlineSeconds", 60);
        call("PUT", subscriptionPath(project, subscription), body);
    }

    public void deleteSubscription(String project, String subscription) {
        call("DELETE", subscriptionPath(project, subscription), JSON.createObjectNode());
    }

    /** Publishes one message; answers its id. */
    public String publish(String project, String topic, byte[] data, Map<String, String> attributes) {
        return publish(project, topic, data, attributes, "");
    }

    /** Publishes one message with an ordering key; answers its id. */
    public String publish(
            String project, String topic, byte[] data, Map<String, String> attributes, String orderingKey) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode message = body.putArray("messages").addObject();
        message.put("data", data);
        ObjectNode named = message.putObject("attributes");
        attributes.forEach(named::put);
        if (!orderingKey.isEmpty()) {
            message.put("orderingKey", orderingKey);
        }
        return call("POST", topicPath(project, topic) + ":publish", body)
                .path("messageIds")
                .path(0)
                .asText();
    }

    /** Pulls what there is; waits for something as long as the other side does, and may come back empty. */
    public List<Received> pull(String project, String subscription, int max) {
        return pull(project, subscription, max, false);
    }

    /** Pulls what there is now. */
    public List<Received> pullAtOnce(String project, String subscription, int max) {
        return pull(project, subscription, max, true);
    }

    public void acknowledge(String project, String subscription, List<String> ackIds) {
        ObjectNode body = JSON.createObjectNode();
        ackIds.forEach(body.putArray("ackIds")::add);
        call("POST", subscriptionPath(project, subscription) + ":acknowledge", body);
    }

    /** Gives messages more time from now on; zero gives them back at once. */
    public void modifyAckDeadline(String project, String subscription, List<String> ackIds, Duration deadline) {
        ObjectNode body = JSON.createObjectNode();
        ackIds.forEach(body.putArray("ackIds")::add);
        body.put("ackDeadlineSeconds", deadline.toSeconds());
        call("POST", subscriptionPath(project, subscription) + ":modifyAckDeadline", body);
    }

    private List<Received> pull(String project, String subscription, int max, boolean atOnce) {
        ObjectNode body = JSON.createObjectNode().put("maxMessages", max);
        if (atOnce) {
            body.put("returnImmediately", true);
        }
        JsonNode answer = call("POST", subscriptionPath(project, subscription) + ":pull", body);
        List<Received> messages = new ArrayList<>();
        for (JsonNode received : answer.path("receivedMessages")) {
            JsonNode message = received.path("message");
            Map<String, String> attributes = new TreeMap<>();
            message.path("attributes")
                    .properties()
                    .forEach(attribute -> attributes.put(
                            attribute.getKey(), attribute.getValue().asText()));
            messages.add(new Received(
                    received.path("ackId").asText(),
                    bytes(message.path("data")),
                    Map.copyOf(attributes),
                    message.path("messageId").asText()));
        }
        return List.copyOf(messages);
    }

    private JsonNode call(String method, String path, ObjectNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("DELETE") ? "" : body.toString()))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new PermanentException(method + " " + path, answer.statusCode(), answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + method + " " + path, e);
        }
    }

    private static byte[] bytes(JsonNode data) {
        try {
            return data.isMissingNode() ? new byte[0] : data.binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String topicName(String project, String topic) {
        return "projects/" + project + "/topics/" + topic;
    }

    private static String topicPath(String project, String topic) {
        return "/v1/" + topicName(project, topic);
    }

    private static String subscriptionPath(String project, String subscription) {
        return "/v1/projects/" + project + "/subscriptions/" + subscription;
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
    }
}
