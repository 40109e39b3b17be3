package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonMappingException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PubSubMessageTest {

    private static final String DATA = "{\"key\":\"Köln\"}";
    private static final Map<String, String> ATTRIBUTES = Map.of("requestId", "payments-prod", "step", "createKey");

    static Stream<CloudEvent> wrapped() {
        return Stream.of(
                Events.eventarc(DATA, ATTRIBUTES), Events.push(DATA, ATTRIBUTES), Events.structured(DATA, ATTRIBUTES));
    }

    @ParameterizedTest
    @MethodSource("wrapped")
    void whateverWrapsItTheMessageIsTheSame(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);

        assertThat(message.id()).isEqualTo(Events.MESSAGE_ID);
        assertThat(message.publishedAt()).contains(Instant.parse(Events.PUBLISHED_AT));
        assertThat(new String(message.data(), UTF_8)).isEqualTo(DATA);
        assertThat(message.attribute("requestId")).contains("payments-prod");
        assertThat(message.attribute("step")).contains("createKey");
        assertThat(message.attribute("reason")).isEmpty();
    }

    @Test
    void whatAPersonTypesIsTheMessageItself() {
        PubSubMessage message = PubSubMessage.of(Events.typed(DATA));

        assertThat(message.id()).isEqualTo(Events.MESSAGE_ID);
        assertThat(message.publishedAt()).contains(Instant.parse(Events.PUBLISHED_AT));
        assertThat(new String(message.data(), UTF_8)).isEqualTo(DATA);
        assertThat(message.attribute("requestId")).isEmpty();
    }

    @Test
    void aBareRequestPostedTwiceIsTwoMessages() {
        PubSubMessage first = PubSubMessage.of(Events.posted(DATA));
        PubSubMessage second = PubSubMessage.of(Events.posted(DATA));

        assertThat(new String(first.data(), UTF_8)).isEqualTo(DATA);
        assertThat(first.id()).isNotEqualTo(second.id());
        assertThat(first.deduplicationKey()).isNotEqualTo(second.deduplicationKey());
    }

    /** As Google's Console and documentation hand it out. */
    @Test
    void googlesTemplateIsAMessageOfNow() {
        CloudEvent template = template(DATA);

        PubSubMessage first = PubSubMessage.of(ManualEvents.identified(template, new HiddenHeaders()));
        PubSubMessage second = PubSubMessage.of(ManualEvents.identified(template, new HiddenHeaders()));

        assertThat(new String(first.data(), UTF_8)).isEqualTo(DATA);
        assertThat(first.publishedAt()).isEmpty();
        assertThat(first.id()).isNotEqualTo("1234567890").isNotEqualTo(second.id());
        assertThat(first.deduplicationKey()).isNotEqualTo(second.deduplicationKey());
    }

    @Test
    void anEventWithAnIdOfItsOwnIsThatEvent() {
        CloudEvent event = ManualEvents.identified(event("e1", DATA), new HiddenHeaders());

        assertThat(PubSubMessage.of(event).id()).isEqualTo("e1");
        assertThat(PubSubMessage.of(event).deduplicationKey())
                .isEqualTo(PubSubMessage.of(event("e1", DATA)).deduplicationKey())
                .isNotEqualTo(PubSubMessage.of(event("e2", DATA)).deduplicationKey());
    }

    @Test
    void anUnwrappedPushIsTheMessageThatItsHeaderNames() {
        PubSubMessage first = unwrapped("A");
        PubSubMessage again = unwrapped("A");
        PubSubMessage other = unwrapped("B");

        assertThat(first.id()).isEqualTo("A");
        assertThat(first.publishedAt()).contains(Instant.parse(Events.PUBLISHED_AT));
        assertThat(again.deduplicationKey()).isEqualTo(first.deduplicationKey());
        assertThat(other.deduplicationKey()).isNotEqualTo(first.deduplicationKey());
    }

    @Test
    void anEnvelopeIsTheMessageThatItNamesWhateverTheHeadersSay() {
        CloudEvent push = ManualEvents.identified(
                Events.push(DATA, ATTRIBUTES),
                name -> Optional.of("x-goog-pubsub-message-id").filter(name::equals));

        assertThat(PubSubMessage.of(push).id()).isEqualTo(Events.MESSAGE_ID);
    }

    @Test
    void aReplayOfADeadLetterIsTheMessageThatThatWasMadeOf() {
        PubSubMessage message = PubSubMessage.of(Events.push(DATA, Map.of()));
        Map<String, String> replayed = Map.of("replay", "2", "replayOf", Events.PUBLISHED_AT);
        CloudEvent replay = later(replayed);
        Map<String, String> letter = new TreeMap<>(replayed);
        letter.put("CloudPubSubDeadLetterSourceTopicPublishTime", "2026-11-24T00:00:00Z");

        assertThat(message.replay()).isZero();
        assertThat(PubSubMessage.of(replay).deduplicationKey()).isEqualTo(message.deduplicationKey());
        assertThat(PubSubMessage.of(replay).replay()).isEqualTo(2);
        assertThat(PubSubMessage.of(later(letter)).deduplicationKey()).isEqualTo(message.deduplicationKey());
        assertThat(PubSubMessage.of(later(letter)).replay()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "cmek-create-key, createKey",
        "cmek-create-key-ring, createKeyRing",
        "team-a-scan-key, scanKey",
        "cmek-start-scan, startScan",
        "eventarc-us-central1-cmek-rescan-changed-key-123456-sub-789, rescanChangedKey",
        "eventarc-us-central1-cmek-onboard-sub-789, onboard",
        "cmek-approvals, ''",
        "somebody-s, ''"
    })
    void aDeadLetterIsOfTheFunctionWhoseSubscriptionGaveItUp(String subscription, String function) {
        PubSubMessage letter = PubSubMessage.of(Events.push(
                DATA, Map.of("CloudPubSubDeadLetterSourceSubscription", subscription, "step", "attachWorkspace")));

        assertThat(Stream.of(
                                "onboard",
                                "createKeyRing",
                                "createKey",
                                "attachWorkspace",
                                "startScan",
                                "scanKey",
                                "reportScan",
                                "rescanChangedKey")
                        .filter(letter::isDeadLetterOf))
                .containsExactlyElementsOf(function.isEmpty() ? List.of() : List.of(function));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "100", "99999999999", "one", "1.5", " 1"})
    void whatIsNoNumberOfAReplayIsNone(String times) {
        assertThat(PubSubMessage.of(Events.push(DATA, Map.of("replay", times))).replay())
                .isZero();
    }

    /** As Pub/Sub delivers it, a day later under another id. */
    private static CloudEvent later(Map<String, String> attributes) {
        return Events.posted(Events.envelope(DATA.getBytes(UTF_8), attributes)
                .replace(Events.MESSAGE_ID, "9999")
                .replace("\"publishTime\":\"" + Events.PUBLISHED_AT, "\"publishTime\":\"2026-11-24T00:00:00Z"));
    }

    @Test
    void aDeadLetterIsTheMessageThatItWasMadeOf() {
        CloudEvent deadLetter = Events.posted(Events.envelope(
                        DATA.getBytes(UTF_8),
                        Map.of("CloudPubSubDeadLetterSourceTopicPublishTime", Events.PUBLISHED_AT))
                .replace(Events.MESSAGE_ID, "9999")
                .replace("\"publishTime\":\"" + Events.PUBLISHED_AT, "\"publishTime\":\"2026-11-24T00:00:00Z"));

        assertThat(PubSubMessage.of(deadLetter).deduplicationKey())
                .isEqualTo(PubSubMessage.of(Events.push(DATA, Map.of())).deduplicationKey());
    }

    private static PubSubMessage unwrapped(String id) {
        Map<String, String> headers =
                Map.of("x-goog-pubsub-message-id", id, "x-goog-pubsub-publish-time", Events.PUBLISHED_AT);
        return PubSubMessage.of(
                ManualEvents.identified(Events.posted(DATA), name -> Optional.ofNullable(headers.get(name))));
    }

    private static CloudEvent template(String data) {
        return CloudEventBuilder.v1()
                .withId("1234567890")
                .withSource(URI.create("//pubsub.googleapis.com/projects/acme-cmek/topics/cmek-onboarding-requests"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withTime(OffsetDateTime.parse("2020-08-08T00:11:44.895529672Z"))
                .withData(
                        "application/json",
                        ("{\"message\":{\"_comment\":\"data is base64 encoded string\",\"data\":\""
                                        + Base64.getEncoder().encodeToString(data.getBytes(UTF_8)) + "\"}}")
                                .getBytes(UTF_8))
                .build();
    }

    @Test
    void aStructuredEventMayCarryItsDataInBase64() {
        PubSubMessage message = PubSubMessage.of(
                Events.posted("{\"specversion\":\"1.0\",\"id\":\"e1\",\"data_base64\":\"eyJhIjoxfQ==\"}"));

        assertThat(message.id()).isEqualTo("e1");
        assertThat(new String(message.data(), UTF_8)).isEqualTo("{\"a\":1}");
    }

    @Test
    void base64ThatIsNoneIsAFaultOfTheBody() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Events.posted("{\"specversion\":\"1.0\",\"id\":\"e1\",\"data_base64\":\"***\"}"))
                .withCauseInstanceOf(JsonMappingException.class);
    }

    @Test
    void aMessageWithoutDataIsEmpty() {
        assertThat(PubSubMessage.of(Events.eventarc("")).data()).isEmpty();
        assertThat(PubSubMessage.of(event("e1", null)).data()).isEmpty();
    }

    @Test
    void whatOnlyLooksLikeAnEnvelopeIsTheMessageItself() {
        String data = "{\"message\":\"a sentence\"}";

        assertThat(new String(PubSubMessage.of(event("e1", data)).data(), UTF_8))
                .isEqualTo(data);
    }

    @Test
    void dataThatIsNoBase64IsKeptAsItIs() {
        assertThat(new String(
                        PubSubMessage.of(event("e1", "{\"message\":{\"data\":\"***\"}}"))
                                .data(),
                        UTF_8))
                .isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"message\":{}}",
                "{\"message\":{\"data\":{},\"messageId\":{},\"publishTime\":7,\"attributes\":[]}}",
                "{\"message\":{\"data\":null,\"messageId\":null,\"publishTime\":null,\"attributes\":null}}"
            })
    void anEnvelopeOfAnyShapeOpens(String envelope) {
        PubSubMessage message = PubSubMessage.of(event("e1", envelope));

        assertThat(message.data()).isEmpty();
        assertThat(message.id()).isNotEmpty();
        assertThat(message.publishedAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx-header: y", "", " ", "a b", "ä", "../x"})
    void anIdThatIsNotSafeInAHeaderIsReplacedByTheSameOneEachTime(String id) {
        String safe = PubSubMessage.of(event(id, DATA)).id();

        assertThat(safe)
                .matches("[0-9a-f-]{36}")
                .isEqualTo(PubSubMessage.of(event(id, DATA)).id());
    }

    @Test
    void nobodyCanChangeAMessage() {
        PubSubMessage message = PubSubMessage.of(Events.typed(DATA));

        message.data()[0] = 'x';

        assertThat(new String(message.data(), UTF_8)).isEqualTo(DATA);
    }

    private static CloudEvent event(String id, @Nullable String data) {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("//test"))
                .withType("test");
        return data == null
                ? event.build()
                : event.withData("application/json", data.getBytes(UTF_8)).build();
    }
}
