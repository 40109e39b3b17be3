package cmek.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.sandbox.Messaging;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the simulated Pub/Sub. */
class DeadLettersCommandTest {

    private static final String PROJECT = SimulatedApis.PROJECT;
    private static final String PUBLISHED_AT = "2026-11-23T01:59:58.123Z";
    private static final byte[] NOT_TEXT = {(byte) 0xff, 0, (byte) 0xc3, 0x28, '\n'};

    private final Messaging messaging = new Messaging(InstantSource.system(), PubSubSimulator.Pusher.overHttp());
    private final PubSubRest pubsub = new PubSubRest(messaging.url());

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    @BeforeEach
    void letters() {
        for (String topic : List.of("onboarding-requests", "create-key", "dead-letter")) {
            pubsub.createTopic(PROJECT, "cmek-" + topic);
        }
        pubsub.createPullSubscription(PROJECT, "cmek-onboard", "cmek-onboarding-requests");
        pubsub.createPullSubscription(PROJECT, "cmek-create-key", "cmek-create-key");
        pubsub.createPullSubscription(PROJECT, "cmek-dead-letter-kept", "cmek-dead-letter");
        letter("cmek-create-key", NOT_TEXT, Map.of("requestId", "bytes", "ce-id", "7"));
        letter("cmek-onboard", "{\"requestId\": \"first\", \"mode\": \"plan\"}".getBytes(UTF_8), Map.of());
    }

    @AfterEach
    void close() {
        messaging.close();
    }

    @Test
    void theyAreListedAndCanBeReadAgainAtOnce() {
        Typed.Ended ended = run();

        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(ended.out())
                .contains(" cmek-create-key bytes\n", " cmek-onboarding-requests first\n", "2 dead letters\n");
        assertThat(kept(2)).hasSize(2);
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-create-key", 10)).isEmpty();
    }

    @Test
    void dataThatIsNoTextIsPublishedAsItCame() {
        Typed.Ended ended = run("--replay", "--request", "bytes");

        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-create-key", 10))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.data()).isEqualTo(NOT_TEXT);
                    assertThat(message.attributes())
                            .isEqualTo(Map.of(
                                    "requestId", "bytes", "ce-id", "7", "replay", "1", "replayOf", PUBLISHED_AT));
                });
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-onboard", 10)).isEmpty();
    }

    /** A request is published without attributes. */
    @Test
    void aLetterOfTheFirstStepIsFoundByItsRequest() {
        Typed.Ended ended = run("--replay", "--request", "first");

        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-onboard", 10))
                .singleElement()
                .satisfies(message -> assertThat(message.text()).contains("\"plan\""));
        assertThat(kept(1))
                .as("the other one is kept")
                .singleElement()
                .satisfies(message -> assertThat(message.attributes()).containsEntry("requestId", "bytes"));
    }

    /** Its own time is then that of the replay; what names the message is when it was published first. */
    @Test
    void aLetterThatFailedAgainIsReplayedOnceMore() {
        letter(
                "cmek-create-key",
                NOT_TEXT,
                Map.of("requestId", "again", "replay", "1", "replayOf", "2026-11-22T00:00:00Z"));

        Typed.Ended ended = run("--replay", "--request", "again");

        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-create-key", 10))
                .singleElement()
                .satisfies(message -> assertThat(message.attributes())
                        .isEqualTo(Map.of("requestId", "again", "replay", "2", "replayOf", "2026-11-22T00:00:00Z")));
    }

    @Test
    void aLetterFromNowhereIsKeptAndSaid() {
        letter("cmek-gone", NOT_TEXT, Map.of());

        Typed.Ended ended = run("--replay");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("FAILED ", "3 dead letters\n");
        assertThat(kept(1)).hasSize(1);
    }

    @Test
    void whereThereIsNoSubscriptionItIsSaid() {
        Typed.Ended ended = run("--prefix", "other-");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("/subscriptions/other-dead-letter-kept");
    }

    private Typed.Ended run(String... options) {
        List<String> arguments = new ArrayList<>(List.of("dead-letters"));
        arguments.addAll(List.of(options));
        return new Typed(folder)
                .at(PROJECT, messaging.url(), messaging.url(), "none")
                .run(arguments.toArray(String[]::new));
    }

    /** What can be read again, which may be a moment after it was given back. */
    private List<PubSubRest.Received> kept(int expected) {
        List<PubSubRest.Received> kept = new ArrayList<>();
        while (kept.size() < expected) {
            kept.addAll(pubsub.pull(PROJECT, "cmek-dead-letter-kept", 10));
        }
        kept.addAll(pubsub.pullAtOnce(PROJECT, "cmek-dead-letter-kept", 10));
        return kept;
    }

    /** As Pub/Sub forwards it. */
    private void letter(String subscription, byte[] data, Map<String, String> attributes) {
        Map<String, String> forwarded = new TreeMap<>(attributes);
        forwarded.put("CloudPubSubDeadLetterSourceSubscription", subscription);
        forwarded.put("CloudPubSubDeadLetterSourceDeliveryCount", "25");
        forwarded.put("CloudPubSubDeadLetterSourceTopicPublishTime", PUBLISHED_AT);
        pubsub.publish(PROJECT, "cmek-dead-letter", data, forwarded);
    }
}
