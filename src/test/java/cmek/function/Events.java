package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.model.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;

/** The same message as each of those who may bring it brings it. */
final class Events {

    static final String MESSAGE_ID = "7421";
    static final String PUBLISHED_AT = "2026-11-23T01:59:58.123Z";

    private static final ObjectMapper HTTP_HOST = new ObjectMapper()
            .registerModule(new SimpleModule().addDeserializer(CloudEvent.class, new PushDeserializer()));

    private Events() {}

    /** Eventarc's binary CloudEvent, with Pub/Sub's envelope as its data. */
    static CloudEvent eventarc(String data, Map<String, String> attributes) {
        return CloudEventBuilder.v1()
                .withId(MESSAGE_ID)
                .withSource(URI.create("//pubsub.googleapis.com/projects/acme-cmek/topics/cmek-onboarding-requests"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withTime(OffsetDateTime.parse(PUBLISHED_AT))
                .withData(
                        "application/json",
                        envelope(data.getBytes(UTF_8), attributes).getBytes(UTF_8))
                .build();
    }

    static CloudEvent eventarc(String data) {
        return eventarc(data, Map.of());
    }

    /** A standard Pub/Sub push to the HTTP host. */
    static CloudEvent push(String data, Map<String, String> attributes) {
        return posted(envelope(data.getBytes(UTF_8), attributes));
    }

    /** A structured CloudEvent with Pub/Sub's envelope, posted to the HTTP host. */
    static CloudEvent structured(String data, Map<String, String> attributes) {
        return posted("{\"specversion\":\"1.0\",\"id\":\"" + MESSAGE_ID + "\",\"source\":\"//pubsub.googleapis.com/x\","
                + "\"type\":\"google.cloud.pubsub.topic.v1.messagePublished\",\"datacontenttype\":\"application/json\","
                + "\"data\":" + envelope(data.getBytes(UTF_8), attributes) + "}");
    }

    /** What a person types into a function's <em>Test</em> tab. */
    static CloudEvent typed(String data) {
        return CloudEventBuilder.v1()
                .withId(MESSAGE_ID)
                .withSource(URI.create("//console"))
                .withType("test")
                .withTime(OffsetDateTime.parse(PUBLISHED_AT))
                .withData("application/json", data.getBytes(UTF_8))
                .build();
    }

    /** A message of the topic of approvals, as Eventarc brings it. */
    static CloudEvent approval(String messageId, String publishedAt, String data) {
        return CloudEventBuilder.v1()
                .withId(messageId)
                .withSource(URI.create("//pubsub.googleapis.com/projects/acme-cmek/topics/cmek-approvals"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withData(
                        "application/json",
                        envelope(data.getBytes(UTF_8), Map.of())
                                .replace(MESSAGE_ID, messageId)
                                .replace(PUBLISHED_AT, publishedAt)
                                .getBytes(UTF_8))
                .build();
    }

    /** Anything, posted to the HTTP host. */
    static CloudEvent posted(String body) {
        try {
            return HTTP_HOST.readValue(body, CloudEvent.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static String envelope(byte[] data, Map<String, String> attributes) {
        ObjectNode envelope = Json.MAPPER.createObjectNode();
        ObjectNode message = envelope.putObject("message");
        message.put("data", Base64.getEncoder().encodeToString(data));
        message.put("messageId", MESSAGE_ID);
        message.put("message_id", MESSAGE_ID);
        message.put("publishTime", PUBLISHED_AT);
        message.put("publish_time", PUBLISHED_AT);
        message.put("orderingKey", "a key");
        ObjectNode named = message.putObject("attributes");
        attributes.forEach(named::put);
        envelope.put("subscription", "projects/acme-cmek/subscriptions/cmek-onboard");
        envelope.put("deliveryAttempt", 3);
        return envelope.toString();
    }
}
