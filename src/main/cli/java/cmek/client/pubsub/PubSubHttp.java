package cmek.client.pubsub;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.GoogleRest;
import cmek.client.http.HttpAnswer;
import cmek.client.http.Retry;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pub/Sub by its REST API, as people use it: publishes, and pulls from subscriptions. Without Google's client, whose classes
 * take longer to load than a request takes to be published.
 *
 * <p>Every call may throw {@link cmek.finding.PermanentException} (no such topic, permission denied) and
 * {@link TransientException} (timeout, overload, 5xx).
 *
 * @see <a href="https://cloud.google.com/pubsub/docs/reference/rest">Pub/Sub REST API</a>
 */
public final class PubSubHttp {

    private static final int CONCURRENCY = 20;
    private static final int PULLED_AT_MOST = 1000;

    /** An answer to a pull has up to ten megabytes of messages, as Base64. */
    private static final int ANSWER_AT_MOST = 16 * 1024 * 1024;

    private static final JsonMapper JSON = new JsonMapper();

    private final GoogleHttp google;
    private final GoogleAuth credential;
    private final Retry retry;
    private final URI url;
    private final String project;
    private final HttpRequestFactory requests;
    private final GoogleRest rest;

    public PubSubHttp(GoogleHttp google, GoogleAuth credential, Retry retry, URI url, String project) {
        this.google = google;
        this.credential = credential;
        this.retry = retry;
        this.url = url;
        this.project = project;
        this.requests = google.requests();
        this.rest = new GoogleRest("Pub/Sub", CONCURRENCY, () -> credential.renew(url));
    }

    /**
     * A message.
     *
     * @param data in Base64, for it need not be text
     * @param orderingKey empty when there is none
     */
    public record Message(String data, Map<String, String> attributes, String orderingKey) {

        public Message {
            attributes = Map.copyOf(attributes);
        }

        /** A message of text. */
        public static Message of(String text, Map<String, String> attributes) {
            return new Message(
                    Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)), attributes, "");
        }

        /** The data as text; what is not text is shown somehow. */
        public String text() {
            return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
        }
    }

    /** A message that was pulled, and must be acknowledged or given back. */
    public record Received(String ackId, String messageId, Message message) {}

    /** Publishes a message; returns its id. */
    public String publish(String topic, Message message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode published = body.putArray("messages").addObject();
        published.put("data", message.data());
        ObjectNode attributes = published.putObject("attributes");
        message.attributes().forEach(attributes::put);
        if (!message.orderingKey().isEmpty()) {
            published.put("orderingKey", message.orderingKey());
        }
        return Optional.of(post("Publish", topicName(topic), ":publish", body)
                        .path("messageIds")
                        .path(0)
                        .asText())
                .filter(id -> !id.isEmpty())
                .orElseThrow(() -> unreadable("Publish"));
    }

    /** Creates a subscription that is deleted by itself after a day without use. */
    public void createSubscription(String subscription, String topic) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("topic", topicName(topic))
                .put("ackDeadlineSeconds", 60)
                .put("messageRetentionDuration", "3600s");
        body.putObject("expirationPolicy").put("ttl", "86400s");
        call("CreateSubscription", subscriptionName(subscription), "", "PUT", body);
    }

    public void deleteSubscription(String subscription) {
        call("DeleteSubscription", subscriptionName(subscription), "", "DELETE", null);
    }

    /** The full name of the topic that a subscription is of. */
    public String topicOf(String subscription) {
        return call("GetSubscription", subscriptionName(subscription), "", "GET", null)
                .path("topic")
                .asText();
    }

    /** Pulls what there is now. */
    public List<Received> pull(String subscription) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("maxMessages", PULLED_AT_MOST)
                .put("returnImmediately", true);
        List<Received> pulled = new ArrayList<>();
        for (JsonNode received :
                post("Pull", subscriptionName(subscription), ":pull", body).path("receivedMessages")) {
            JsonNode message = received.path("message");
            Map<String, String> attributes = new TreeMap<>();
            message.path("attributes")
                    .properties()
                    .forEach(attribute -> attributes.put(
                            attribute.getKey(), attribute.getValue().asText()));
            pulled.add(new Received(
                    received.path("ackId").asText(),
                    message.path("messageId").asText(),
                    new Message(
                            message.path("data").asText(""),
                            attributes,
                            message.path("orderingKey").asText(""))));
        }
        return pulled;
    }

    public void acknowledge(String subscription, List<String> ackIds) {
        if (!ackIds.isEmpty()) {
            post("Acknowledge", subscriptionName(subscription), ":acknowledge", named(ackIds));
        }
    }

    /** Sets how long messages are not delivered again, in seconds; zero gives them back at once. */
    public void modifyAckDeadline(String subscription, List<String> ackIds, int seconds) {
        if (!ackIds.isEmpty()) {
            post(
                    "ModifyAckDeadline",
                    subscriptionName(subscription),
                    ":modifyAckDeadline",
                    named(ackIds).put("ackDeadlineSeconds", seconds));
        }
    }

    private static ObjectNode named(List<String> ackIds) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ackIds.forEach(body.putArray("ackIds")::add);
        return body;
    }

    /** The full name of a topic, which may be given as such. */
    public String topicName(String topic) {
        return topic.contains("/") ? topic : "projects/" + project + "/topics/" + topic;
    }

    private String subscriptionName(String subscription) {
        return subscription.contains("/") ? subscription : "projects/" + project + "/subscriptions/" + subscription;
    }

    private JsonNode post(String operation, String name, String verb, JsonNode body) {
        return call(operation, name, verb, "POST", body);
    }

    private JsonNode call(String operation, String name, String verb, String method, @Nullable JsonNode body) {
        return retry.repeatable(() -> {
            try {
                return rest.attempt(operation, () -> answer(method, name + verb, body))
                        .json()
                        .orElseThrow(() -> unreadable(operation));
            } catch (GoogleRest.Failed e) {
                throw e.error().toException(operation, name);
            }
        });
    }

    private HttpAnswer answer(String method, String path, @Nullable JsonNode body) throws IOException {
        HttpRequest request =
                request(method, new GenericUrl(GoogleHttp.base(url) + "/v1/" + path, true), content(body));
        request.getHeaders().setAuthorization(credential.headerFor(url).orElse(null));
        return google.send(request, ANSWER_AT_MOST);
    }

    private HttpRequest request(String method, GenericUrl to, HttpContent content) throws IOException {
        return switch (method) {
            case "PUT" -> requests.buildPutRequest(to, content);
            case "DELETE" -> requests.buildDeleteRequest(to);
            case "POST" -> requests.buildPostRequest(to, content);
            default -> requests.buildGetRequest(to);
        };
    }

    private static HttpContent content(@Nullable JsonNode body) throws IOException {
        return new ByteArrayContent("application/json", body == null ? new byte[0] : JSON.writeValueAsBytes(body));
    }

    private static TransientException unreadable(String operation) {
        return new TransientException(
                Reason.GOOGLE_UNAVAILABLE, operation + " was answered with something that cannot be read", null);
    }
}
