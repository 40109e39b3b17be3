package cmek.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.sandbox.Messaging;
import cmek.sandbox.ReplayScript;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that publishes dead letters again, against the simulated Pub/Sub. */
class ReplayDeadLettersTest {

    private static final String PROJECT = SimulatedApis.PROJECT;
    private static final String PUBLISHED_AT = "2026-11-23T01:59:58.123Z";
    private static final byte[] NOT_TEXT = {(byte) 0xff, 0, (byte) 0xc3, 0x28, '\n'};

    private final Messaging messaging = new Messaging(InstantSource.system(), PubSubSimulator.Pusher.overHttp());
    private final PubSubRest pubsub = new PubSubRest(messaging.url());

    @SuppressWarnings("NullAway.Init") // Before each test.
    private ReplayScript script;

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    @BeforeEach
    void letters() throws IOException {
        assumeTrue(ReplayScript.canRun(), "jq or curl is not here: nothing was replayed");
        script = new ReplayScript(folder, messaging.url());
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
    void theyAreListedAndCanBeReadAgainAtOnce() throws Exception {
        ReplayScript.Ended ended = script.replay();

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains(" cmek-create-key bytes\n", " cmek-onboarding-requests first\n", "2 dead letters\n");
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-dead-letter-kept", 10)).hasSize(2);
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-create-key", 10)).isEmpty();
    }

    @Test
    void dataThatIsNoTextIsPublishedAsItCame() throws Exception {
        ReplayScript.Ended ended = script.replay("--publish", "--request", "bytes");

        assertThat(ended.status()).as(ended.output()).isZero();
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
    void aLetterOfTheFirstStepIsFoundByItsRequest() throws Exception {
        ReplayScript.Ended ended = script.replay("--publish", "--request", "first");

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-onboard", 10))
                .singleElement()
                .satisfies(message -> assertThat(message.text()).contains("\"plan\""));
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-dead-letter-kept", 10))
                .as("the other one is kept")
                .singleElement()
                .satisfies(message -> assertThat(message.attributes()).containsEntry("requestId", "bytes"));
    }

    /** Its own time is then that of the replay; what names the message is when it was published first. */
    @Test
    void aLetterThatFailedAgainIsReplayedOnceMore() throws Exception {
        letter(
                "cmek-create-key",
                NOT_TEXT,
                Map.of("requestId", "again", "replay", "1", "replayOf", "2026-11-22T00:00:00Z"));

        ReplayScript.Ended ended = script.replay("--publish", "--request", "again");

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-create-key", 10))
                .singleElement()
                .satisfies(message -> assertThat(message.attributes())
                        .isEqualTo(Map.of("requestId", "again", "replay", "2", "replayOf", "2026-11-22T00:00:00Z")));
    }

    @Test
    void aLetterFromNowhereIsKeptAndSaid() throws Exception {
        letter("cmek-gone", NOT_TEXT, Map.of());

        ReplayScript.Ended ended = script.replay("--publish");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("FAILED ", "2 dead letters\n");
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-dead-letter-kept", 10)).hasSize(1);
    }

    @Test
    void wrongUsageIsToldInTwoLines() throws Exception {
        ReplayScript.Ended ended = script.run(List.of("--everything"));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.output()).isEqualTo("""
                        replay-dead-letters.sh: unknown argument --everything
                        run deployment/replay-dead-letters.sh --help for help
                        """);
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
