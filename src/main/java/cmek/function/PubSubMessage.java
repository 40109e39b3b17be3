package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.model.EventTime;
import cmek.model.Json;
import cmek.model.OnboardingRequest;
import cmek.model.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was published, whatever brought it here: Eventarc and Pub/Sub push wrap it in Pub/Sub's own envelope, a function's
 * <em>Test</em> tab hands it over bare.
 *
 * @param id Pub/Sub's message id, which a redelivery keeps; otherwise the event's, or one of this delivery alone; safe to be
 *     part of a header
 * @param identity what a message, its dead letter and a replay of that have in common
 * @param publishedAt when it was published; empty when nothing says it
 * @param sources what brought it, as no publisher can say: a topic or a subscription
 * @param replay how often it was published again after it had become a dead letter
 * @param cutFrom how many bytes it had when it came, where only its name was kept
 * @see <a href="https://cloud.google.com/pubsub/docs/push#receive_push">Receive push messages</a>
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PubSubMessage(
        String id,
        String identity,
        Optional<Instant> publishedAt,
        byte[] data,
        Map<String, String> attributes,
        List<String> sources,
        int replay,
        Optional<Long> cutFrom) {

    /** @see <a href="https://cloud.google.com/pubsub/docs/handling-failures#how_dead_letter_topics_work">Dead letters</a> */
    private static final String DEAD_LETTER_PUBLISHED_AT = "CloudPubSubDeadLetterSourceTopicPublishTime";

    private static final String DEAD_LETTER_SUBSCRIPTION = "CloudPubSubDeadLetterSourceSubscription";

    /** What Eventarc puts behind the name of a function or a trigger in that of its subscription. */
    private static final String OF_EVENTARC = "(-[0-9]+)?-sub-[0-9]+";

    /**
     * Attributes of a dead letter that is published again on its own topic: how often that was done, and when the message
     * was published first. Whoever may publish on that topic may write them, and gains nothing by it: a replay is the same
     * request, goes through all its checks again, and only goes on where the request has failed.
     */
    private static final String REPLAY = "replay";

    private static final String REPLAY_OF = "replayOf";

    /** The extension of an event that says how many bytes it had when it came. */
    static final String CUT_FROM = "cmekcutfrom";

    /** Half of a digest, in hexadecimal digits. */
    private static final int DEDUPLICATION_KEY_LENGTH = 32;

    private static final Pattern REPLAYS = Pattern.compile("[1-9][0-9]?");

    static PubSubMessage of(CloudEvent event) {
        CloudEventData wrapped = event.getData();
        byte[] bytes = wrapped == null ? new byte[0] : wrapped.toBytes();
        JsonNode envelope = envelope(bytes);
        Optional<Instant> time = Optional.ofNullable(event.getTime())
                .map(OffsetDateTime::toInstant)
                .filter(at -> !at.equals(ManualEvents.TIME))
                .filter(EventTime::isPlausible);
        String source = event.getSource().toString();
        Optional<Long> cutFrom = Optional.ofNullable(event.getExtension(CUT_FROM))
                .map(Object::toString)
                .filter(size -> size.matches("[0-9]{1,18}"))
                .map(Long::parseLong);
        if (envelope == null) {
            String id = idOf(event);
            return new PubSubMessage(id, id, time, bytes, Map.of(), List.of(source), 0, cutFrom);
        }
        JsonNode message = envelope.path("message");
        Map<String, String> attributes = new LinkedHashMap<>();
        message.path("attributes")
                .properties()
                .forEach(attribute ->
                        attributes.put(attribute.getKey(), attribute.getValue().asText()));
        Optional<String> given =
                Optional.of(message.path("messageId").asText("")).filter(id -> !id.isEmpty());
        String id = given.map(PubSubMessage::safe).orElseGet(() -> idOf(event));
        Optional<Instant> publishedAt =
                parsedTime(message.path("publishTime").asText("")).or(() -> time);
        // Pub/Sub gives a dead letter another id, and says when the message was published that it was made of.
        Optional<Instant> firstPublishedAt = Stream.of(REPLAY_OF, DEAD_LETTER_PUBLISHED_AT)
                .flatMap(name -> Optional.ofNullable(attributes.get(name)).stream())
                .flatMap(text -> parsedTime(text).stream())
                .findFirst()
                .or(() -> given.flatMap(known -> publishedAt));
        return new PubSubMessage(
                id,
                firstPublishedAt.map(Instant::toString).orElse(id),
                publishedAt,
                decoded(message.path("data").asText("")),
                attributes,
                List.of(source, envelope.path("subscription").asText("")),
                Optional.ofNullable(attributes.get(REPLAY))
                        .filter(times -> REPLAYS.matcher(times).matches())
                        .map(Integer::valueOf)
                        .orElse(0),
                cutFrom);
    }

    /**
     * Whether a topic brought it, as what brings it says and no publisher can: Eventarc names the topic, a push the
     * subscription, which bears the topic's name.
     */
    boolean isFromTopic(String topic) {
        return sources.stream()
                .anyMatch(name -> name.endsWith("/topics/" + topic) || name.endsWith("/subscriptions/" + topic));
    }

    /**
     * Whether this is a dead letter on which a function gave up, as Pub/Sub says and no publisher can: a function's
     * subscription bears its name.
     */
    boolean isDeadLetterOf(String function) {
        String name = function.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return attribute(DEAD_LETTER_SUBSCRIPTION)
                .filter(subscription -> subscription.matches("(.*-)?" + name + "(" + OF_EVENTARC + ")?"))
                .isPresent();
    }

    /**
     * A digest of the identity and the data: the same for a message and for the dead letter that Pub/Sub makes of it under
     * another id, which is why the identity of a message of Pub/Sub's is the time of its publication. Two of them of the
     * same millisecond and the same bytes are one. Where there is no Pub/Sub, it is the id.
     */
    String deduplicationKey() {
        return Sha256.of((identity + '\n').getBytes(UTF_8), data).substring(0, DEDUPLICATION_KEY_LENGTH);
    }

    @Override
    public byte[] data() {
        return data.clone();
    }

    Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    /** The envelope, or null when the bytes are the message itself. */
    private static @Nullable JsonNode envelope(byte[] bytes) {
        try {
            JsonNode json = Json.MAPPER.readTree(bytes);
            return json.path("message").isObject() ? json : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static byte[] decoded(String data) {
        try {
            return Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            // Not from Pub/Sub; as it stands it will be refused by whoever reads it, and so it is not lost.
            return data.getBytes(UTF_8);
        }
    }

    private static Optional<Instant> parsedTime(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant()).filter(EventTime::isPlausible);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String idOf(CloudEvent event) {
        return safe(ManualEvents.isTemplate(event.getId()) ? ManualEvents.freshId() : event.getId());
    }

    /** An event made by hand may bear any id; ours become part of attributes, which may become headers. */
    private static String safe(String id) {
        return OnboardingRequest.ID.matcher(id).matches()
                ? id
                : UUID.nameUUIDFromBytes(id.getBytes(UTF_8)).toString();
    }
}
