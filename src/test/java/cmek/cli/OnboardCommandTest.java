package cmek.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.model.Json;
import cmek.sandbox.Messaging;
import cmek.simulator.PubSubRest;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command against a simulated Pub/Sub, on which a stand-in for the service answers each request at once. */
@Timeout(120)
class OnboardCommandTest {

    private static final String PROJECT = SimulatedApis.PROJECT;
    private static final String NO_BUCKET = "nobody-s-bucket";

    private final SimulatedApis apis = SimulatedApis.start(InstantSource.system());
    private final Messaging messaging = new Messaging(InstantSource.system(), this::answer);
    private final PubSubRest pubsub = new PubSubRest(messaging.url());
    private final CountDownLatch answered = new CountDownLatch(1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    @BeforeEach
    void topics() {
        pubsub.createTopic(PROJECT, "cmek-onboarding-requests");
        pubsub.createTopic(PROJECT, "cmek-results");
        pubsub.createPullSubscription(PROJECT, "team", "cmek-results");
        pubsub.createPushSubscription(
                PROJECT,
                "onboard",
                "cmek-onboarding-requests",
                URI.create("http://service/onboard"),
                new PubSubRest.PushOptions(
                        Duration.ofSeconds(60), Duration.ZERO, Duration.ZERO, Optional.empty(), 5, false));
    }

    @AfterEach
    void close() {
        messaging.close();
        apis.close();
    }

    /** The service: accepts a request and ends it as its display name says. */
    private int answer(URI endpoint, String envelope, Duration deadline) {
        try {
            JsonNode message = Json.MAPPER.readTree(envelope).path("message");
            JsonNode request = Json.MAPPER.readTree(message.path("data").binaryValue());
            String id = request.path("requestId").asText();
            String messageId = message.path("messageId").asText();
            result(id, messageId, "ACCEPTED", "2026-11-24T10:00:00.000Z");
            String end = request.path("displayName").asText();
            answered.countDown();
            if (!end.equals("NOTHING")) {
                result(id, messageId, end, "2026-11-24T10:00:01.000Z");
            }
            return 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void result(String id, String messageId, String status, String at) {
        String json = Json.written(Json.MAPPER
                .createObjectNode()
                .put("requestId", id)
                .put("status", status)
                .put("step", "onboard")
                .put("message", "by message " + messageId)
                .put("occurredAt", at));
        pubsub.publish(
                PROJECT,
                "cmek-results",
                json.getBytes(UTF_8),
                Map.of("requestId", id, "ce-id", id + "." + messageId + ".onboard." + status));
    }

    @Test
    void aResultOfAnEarlierMessageOfTheSameRequestIsNotTaken() {
        result("again", "1", "REFUSED", "2026-11-24T11:00:00.000Z");

        Typed.Ended ended = onboard(request("again", "VALIDATED"), "--subscription", "team");

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("VALIDATED").doesNotContain("REFUSED");
        assertThat(pubsub.pull(PROJECT, "team", 10))
                .as("what is not its own stays")
                .singleElement()
                .satisfies(
                        message -> assertThat(message.attributes()).containsEntry("ce-id", "again.1.onboard.REFUSED"));
    }

    @Test
    void whatCannotBeReadInTheBucketIsHeardByASubscriptionThatIsDeletedAgain() throws Exception {
        Typed.Ended ended = onboard(request("own", "VALIDATED"));

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(
                                                messaging.url() + "/v1/projects/" + PROJECT + "/subscriptions"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains("/subscriptions/team")
                .doesNotContain("results-cmek-");
        assertThat(pubsub.pullAtOnce(PROJECT, "team", 10))
                .as("nobody else lost anything")
                .hasSize(2);
    }

    @Test
    void tenAtATimeOnOneSubscriptionEachHearTheirOwnEnd() throws Exception {
        rounds(3);
    }

    @Test
    @Tag("thorough")
    void fiftyTimesTenAtATimeOnOneSubscriptionEachHearTheirOwnEnd() throws Exception {
        rounds(50);
    }

    private void rounds(int rounds) throws Exception {
        ExecutorService people = Executors.newFixedThreadPool(10);
        try {
            for (int round = 0; round < rounds; round++) {
                List<Future<Typed.Ended>> all = new ArrayList<>();
                for (int person = 0; person < 10; person++) {
                    // All use the same id, as teams do that copy an example.
                    String end = person % 3 == 0 ? "REFUSED" : person % 3 == 1 ? "VALIDATED" : "PLANNED";
                    all.add(people.submit(() -> onboard(request("copied", end), "--subscription", "team", "--json")));
                }
                for (int person = 0; person < 10; person++) {
                    Typed.Ended ended = all.get(person).get();
                    String end = person % 3 == 0 ? "REFUSED" : person % 3 == 1 ? "VALIDATED" : "PLANNED";
                    assertThat(ended.json())
                            .as("round " + round + " " + ended.err())
                            .singleElement()
                            .satisfies(result ->
                                    assertThat(result.path("status").asText()).isEqualTo(end));
                    assertThat(ended.status()).isEqualTo(end.equals("REFUSED") ? 1 : 0);
                }
            }
        } finally {
            people.shutdownNow();
        }
    }

    @Test
    void theExitStatusIsTheWorstOfAllEnds() {
        assertThat(onboard(request("a", "ATTACHED") + request("b", "AWAITING_APPROVAL"))
                        .status())
                .isEqualTo(3);
        assertThat(onboard(request("a", "AWAITING_APPROVAL") + request("b", "FAILED"))
                        .status())
                .isEqualTo(1);
    }

    @Test
    void whatIsNotHeardInTimeGoesOnAndIsNamed() {
        Typed.Ended ended = onboard(request("slow", "NOTHING") + request("fast", "VALIDATED"), "--timeout", "1");

        assertThat(ended.status()).isEqualTo(4);
        assertThat(ended.out())
                .contains("1 did not end in time, and go on; to come back: cmek status --project " + PROJECT + " slow");
    }

    @Test
    void nothingIsPublishedWhereOneFileHasAFault() {
        assertThat(onboard(request("a", "VALIDATED") + "{\"key\": 1}").status()).isEqualTo(1);
        assertThat(messaging.published("cmek-onboarding-requests")).isEmpty();
    }

    @Test
    void whatIsAttachedIsListedAndAskedFor() {
        String attaching = request("a", "ATTACHED")
                .replace("}\n", ",\"workspaceId\":\"wrkspc_01a\",\"acknowledgePermanent\":true}\n");
        file(attaching);

        Typed.Ended asked = typed().answering("no").run("onboard", "r.json");
        assertThat(asked.status()).isEqualTo(2);
        assertThat(asked.err())
                .contains("wrkspc_01a  projects/acme-kms-prod/", "cannot be undone", "nothing was published");
        assertThat(typed().run("onboard", "r.json").err()).contains("--yes is missing: nobody can be asked");
        assertThat(messaging.published("cmek-onboarding-requests")).isEmpty();

        assertThat(typed().answering("yes").run("onboard", "r.json").status()).isZero();
        assertThat(typed().run("onboard", "--yes", "r.json").status()).isZero();
    }

    @Test
    void whoDoesNotWaitIsToldHowToComeBack() {
        Typed.Ended ended = onboard(request("later", "VALIDATED"), "--no-wait");

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains("published later", "to come back: cmek status --project " + PROJECT + " later");
    }

    @Test
    void aTopicThatIsNotThereIsSaidAtOnce() {
        file(request("a", "VALIDATED"));

        Typed.Ended ended = typed().run("onboard", "--prefix", "other-", "--no-wait", "r.json");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("projects/" + PROJECT + "/topics/other-onboarding-requests");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no signal of a terminal to send")
    void afterAnInterruptionItIsToldWhatGoesOn() throws Exception {
        file(request("slow", "NOTHING"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Cmek.class.getName(),
                        "onboard",
                        "r.json")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(typed().environment());
        Process process = builder.start();
        try {
            answered.await();

            assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();

            assertThat(process.waitFor()).isEqualTo(130);
            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .contains("1 under way, and they go on. to come back: cmek status --project " + PROJECT + " slow");
        } finally {
            process.destroyForcibly();
        }
        assertThat(messaging.published("cmek-onboarding-requests")).hasSize(1);
    }

    private Typed.Ended onboard(String requests, String... options) {
        Path file = file(requests);
        List<String> arguments = new ArrayList<>(List.of("onboard"));
        arguments.addAll(List.of(options));
        arguments.add(String.valueOf(file.getFileName()));
        return typed().run(arguments.toArray(String[]::new));
    }

    private Path file(String requests) {
        try {
            Path file = options(requests);
            Files.writeString(file, requests);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path options(String requests) {
        return folder.resolve(
                requests.contains("copied") ? "r" + Thread.currentThread().getName() + ".json" : "r.json");
    }

    private Typed typed() {
        return new Typed(folder)
                .at(
                        PROJECT,
                        messaging.url(),
                        java.util.Objects.requireNonNull(apis.googleUrls().get("storage")),
                        NO_BUCKET);
    }

    private static String request(String id, String end) {
        return "{\"requestId\":\"" + id + "\",\"displayName\":\"" + end
                + "\",\"key\":\"projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/a\"}\n";
    }
}
