package cmek.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.sandbox.Messaging;
import cmek.simulator.Gcloud;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that publishes dead letters again, against the simulated Pub/Sub. */
class ReplayDeadLettersTest {

    private static final String PROJECT = SimulatedApis.PROJECT;
    private static final byte[] NOT_TEXT = {(byte) 0xff, 0, (byte) 0xc3, 0x28, '\n'};

    private final Messaging messaging = new Messaging(InstantSource.system(), PubSubSimulator.Pusher.overHttp());
    private final PubSubRest pubsub = new PubSubRest(messaging.url());

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    private record Ended(int status, String output) {}

    @BeforeEach
    void letters() throws IOException {
        assumeTrue(Gcloud.isOnPath("jq") && Gcloud.isOnPath("curl"), "jq or curl is not here: nothing was replayed");
        Path gcloud = Files.writeString(folder.resolve("gcloud"), "#!/bin/sh\necho a-token\n");
        assertThat(gcloud.toFile().setExecutable(true)).isTrue();
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
        Ended ended = replay();

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains(" cmek-create-key bytes\n", " cmek-onboarding-requests first\n", "2 dead letters\n");
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-dead-letter-kept", 10)).hasSize(2);
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-create-key", 10)).isEmpty();
    }

    @Test
    void dataThatIsNoTextIsPublishedAsItCame() throws Exception {
        Ended ended = replay("--publish", "--request", "bytes");

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-create-key", 10))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.data()).isEqualTo(NOT_TEXT);
                    assertThat(message.attributes()).isEqualTo(Map.of("requestId", "bytes", "ce-id", "7"));
                });
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-onboard", 10)).isEmpty();
    }

    /** A request is published without attributes. */
    @Test
    void aLetterOfTheFirstStepIsFoundByItsRequest() throws Exception {
        Ended ended = replay("--publish", "--request", "first");

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-onboard", 10))
                .singleElement()
                .satisfies(message -> assertThat(message.text()).contains("\"plan\""));
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-dead-letter-kept", 10))
                .as("the other one is kept")
                .singleElement()
                .satisfies(message -> assertThat(message.attributes()).containsEntry("requestId", "bytes"));
    }

    @Test
    void aLetterFromNowhereIsKeptAndSaid() throws Exception {
        letter("cmek-gone", NOT_TEXT, Map.of());

        Ended ended = replay("--publish");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("FAILED ", "2 dead letters\n");
        assertThat(pubsub.pullAtOnce(PROJECT, "cmek-dead-letter-kept", 10)).hasSize(1);
    }

    @Test
    void wrongUsageIsToldInTwoLines() throws Exception {
        Ended ended = run(List.of("deployment/replay-dead-letters.sh", "--everything"));

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
        pubsub.publish(PROJECT, "cmek-dead-letter", data, forwarded);
    }

    private Ended replay(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("deployment/replay-dead-letters.sh", "--project", PROJECT));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        builder.environment().put("CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB", messaging.url() + "/");
        builder.environment().put("no_proxy", "*");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }
}
