package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.onboarding.Step;
import cmek.simulator.Faults;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import cmek.simulator.TokenSimulator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged functions under Google's own functions invoker, one process a function. */
class InvokerIT {

    private static final Path JAR = Path.of(System.getProperty("cmek.artifact"));
    private static final String VERSION = System.getProperty("cmek.version");
    private static final String WORKSPACE = "wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstantSource clock = InstantSource.system();
    private final SimulatedApis apis = SimulatedApis.start(clock).withProject("acme-kms-prod");
    private final Messaging messaging = new Messaging(clock, PubSubSimulator.Pusher.overHttp());
    private final PubSubRest pubsub = new PubSubRest(messaging.url());
    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    /** What is logged and published stays in the build's folder: when all tests are done it is searched for secrets. */
    @BeforeEach
    void topics() throws IOException {
        folder = Files.createTempDirectory(JAR.toAbsolutePath().getParent(), "invoker-");
        apis.admin().withWorkspace(WORKSPACE, "Sandbox");
        for (Step step : Step.values()) {
            pubsub.createTopic(SimulatedApis.PROJECT, "cmek-" + step.topic());
            pubsub.createPullSubscription(SimulatedApis.PROJECT, step.topic(), "cmek-" + step.topic());
        }
        pubsub.createTopic(SimulatedApis.PROJECT, "cmek-results");
        pubsub.createPullSubscription(SimulatedApis.PROJECT, Topology.RESULTS, "cmek-results");
    }

    @AfterEach
    void close() throws IOException {
        messaging.writePublished(folder.resolve("published.txt"));
        messaging.close();
        apis.close();
    }

    /** The build runs these tests on both editions of the invoker. */
    @Test
    void itIsTheInvokerThatIsMeant() {
        assertThat(Host.onClassPath("java-function-invoker").getFileName())
                .hasToString("java-function-invoker-" + System.getProperty("cmek.invoker") + ".jar");
    }

    @Test
    void everyFunctionServesTheEventThatTheOneBeforePublished() throws Exception {
        pubsub.publish(SimulatedApis.PROJECT, "cmek-onboarding-requests", example(), Map.of());

        for (Step step : Step.values()) {
            PubSubRest.Received message = only(pubsub.pullAtOnce(SimulatedApis.PROJECT, step.topic(), 10));
            try (Host host = invoker(step.function())) {
                assertThat(post(host, binary(), eventarc(message, step.topic())))
                        .isEqualTo(200);
            }
        }

        assertThat(statuses()).last().isEqualTo("attachWorkspace ATTACHED");
        assertThat(apis.journal().writesTo("kms", "admin")).hasSize(5);
        assertThat(apis.storage().names(SimulatedApis.BUCKET))
                .anyMatch(name -> name.matches("onboardings/.*/end\\.json"));
        assertThat(apis.admin().attachedKey(WORKSPACE)).isPresent();
    }

    @Test
    void theVersionIsInTheLogOfTheStartAndInEveryResult() throws Exception {
        try (Host host = invoker("onboard")) {
            assertThat(post(host, binary(), new String(example(), StandardCharsets.UTF_8)))
                    .isEqualTo(200);
        }

        assertThat(Files.readString(log("onboard"))).contains("cmek-onboarding " + VERSION + " on ");
        assertThat(only(pubsub.pullAtOnce(SimulatedApis.PROJECT, Topology.RESULTS, 10))
                        .attributes())
                .containsEntry("serviceVersion", VERSION);
    }

    @Test
    void aStructuredEventAndWhatTheTestTabSendsAreTaken() throws Exception {
        try (Host host = invoker("onboard")) {
            ObjectNode structured = JSON.createObjectNode()
                    .put("specversion", "1.0")
                    .put("id", "1001")
                    .put("type", "google.cloud.pubsub.topic.v1.messagePublished")
                    .put("source", "//pubsub.googleapis.com/projects/p/topics/t")
                    .put("datacontenttype", "application/json");
            ObjectNode wrapped = structured.putObject("data").putObject("message");
            wrapped.put("messageId", "1001").put("data", Base64.getEncoder().encodeToString(example()));

            int answer = post(host, Map.of("content-type", "application/cloudevents+json"), structured.toString());
            int bare = post(host, binary(), new String(example(), StandardCharsets.UTF_8));

            assertThat(List.of(answer, bare)).containsExactly(200, 200);
        }
        assertThat(statuses()).containsExactly("onboard ACCEPTED", "onboard ACCEPTED");
    }

    @Test
    void aDeadLetterIsReported() throws Exception {
        try (Host host = invoker("reportDeadLetter")) {
            ObjectNode body = JSON.createObjectNode();
            body.putObject("message")
                    .put("messageId", "7")
                    .put("data", Base64.getEncoder().encodeToString(example()));

            assertThat(post(host, binary(), body.toString())).isEqualTo(200);
        }
        assertThat(statuses()).containsExactly("onboard FAILED");
    }

    @Test
    void inTheCloudEveryLineIsJsonAndAResultIsLinkedToItsTrace() throws Exception {
        String id = "4bf92f3577b34da6a3ce929d0e0e4736";
        Map<String, String> headers = new HashMap<>(binary());
        headers.put("ce-traceparent", "00-" + id + "-00f067aa0ba902b7-01");
        Map<String, String> environment = environment("validateKey");
        environment.put("K_SERVICE", "cmek-validate-key");
        try (Host host = Host.invoker(JAR, environment, log("validateKey"))) {
            assertThat(post(host, headers, "{}")).isEqualTo(200);
        }

        List<JsonNode> results = new ArrayList<>();
        for (String line : Files.readAllLines(log("validateKey"))) {
            // What the JVM itself has to say about a library goes past every logger, and so does the server of the
            // invoker's
            // first edition when it starts.
            if (!line.startsWith("WARNING: ") && !line.matches("[0-9:. -]+:INFO:(oejs.*)?:main: .*")) {
                JsonNode json = JSON.readTree(line);
                assertThat(json.path("severity").isTextual()).isTrue();
                assertThat(json.path("message").isTextual()).isTrue();
                Stream.of(json).filter(each -> each.has("result")).forEach(results::add);
            }
        }
        assertThat(results).hasSize(1);
        assertThat(results.get(0).path("logging.googleapis.com/trace").asText())
                .isEqualTo("projects/" + SimulatedApis.PROJECT + "/traces/" + id);
    }

    @Tag("thorough")
    @Test
    void aFunctionThatIsToldToEndInMidStepEndsInTimeAndServesTheSameEventLater() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        apis.kmsGate().put(Faults.next(1, Faults.calls("POST", ".*/keyRings"), (call, behind) -> {
            reached.countDown();
            return Faults.lateAnswer(open).answer(call, behind);
        }));
        String event = eventarc(upTo(Step.CREATE_KEY_RING), Step.CREATE_KEY_RING.topic());
        try (Host host = invoker("createKeyRing")) {
            CompletableFuture<HttpResponse<Void>> answer = posted(host, binary(), event);
            reached.await();

            long begun = System.nanoTime();
            host.terminate();
            host.exitStatus();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(answer.handle((response, lost) -> lost != null || response.statusCode() / 100 != 2)
                            .get())
                    .as("not acknowledged")
                    .isTrue();
            host.restart();
            assertThat(post(host, binary(), event)).isEqualTo(200);
        } finally {
            open.countDown();
        }
        assertThat(apis.journal().writesTo("kms", "admin")).hasSize(1);
        assertThat(statuses()).contains("createKeyRing PROGRESS");
        assertThat(pubsub.pullAtOnce(SimulatedApis.PROJECT, Step.CREATE_KEY.topic(), 10))
                .hasSize(1);
    }

    /** Runs the chain up to a step; returns the event for it. */
    private PubSubRest.Received upTo(Step last) throws Exception {
        pubsub.publish(SimulatedApis.PROJECT, "cmek-onboarding-requests", example(), Map.of());
        for (Step step : Step.values()) {
            PubSubRest.Received message = only(pubsub.pullAtOnce(SimulatedApis.PROJECT, step.topic(), 10));
            if (step == last) {
                return message;
            }
            try (Host host = invoker(step.function())) {
                assertThat(post(host, binary(), eventarc(message, step.topic())))
                        .isEqualTo(200);
            }
        }
        throw new IllegalArgumentException(last.function());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "onbord"})
    void aMissingOrWrongExportEndsTheProcessWithAMessage(String export) throws Exception {
        try (Host host = invoker(export)) {
            assertThat(host.exitStatus()).isNotZero();
        }
        assertThat(Files.readString(log(export))).contains("quarkus.funqy.export");
    }

    @Test
    void missingSettingsEndTheProcessAndAreAllNamed() throws Exception {
        try (Host host = Host.invoker(JAR, Map.of("QUARKUS_FUNQY_EXPORT", "registerKey"), log("registerKey"))) {
            assertThat(host.exitStatus()).isNotZero();
        }
        assertThat(Files.readString(log("registerKey")))
                .contains("CMEK_ANTHROPIC_ORGANIZATION_ID", "CMEK_GOOGLE_PROJECT", "CMEK_ANTHROPIC_ADMIN_KEY");
    }

    /** Whoever can say something to the function says who is granted the key: in its settings, headers and message. */
    @Tag("thorough")
    @Test
    void nothingFromOutsideChangesWhoIsGranted() throws Exception {
        pubsub.publish(SimulatedApis.PROJECT, "cmek-onboarding-requests", example(), Map.of());
        for (Step step : List.of(Step.ONBOARD, Step.CHECK_PREREQUISITES, Step.CREATE_KEY_RING, Step.CREATE_KEY)) {
            PubSubRest.Received message = only(pubsub.pullAtOnce(SimulatedApis.PROJECT, step.topic(), 10));
            try (Host host = invoker(step.function())) {
                assertThat(post(host, binary(), eventarc(message, step.topic())))
                        .isEqualTo(200);
            }
        }
        PubSubRest.Received message = only(pubsub.pullAtOnce(SimulatedApis.PROJECT, Step.GRANT_ACCESS.topic(), 10));
        String thief = "serviceAccount:thief@evil-project.iam.gserviceaccount.com";
        Map<String, String> settings = new HashMap<>();
        Map<String, String> environment = environment("grantAccess");
        Map<String, String> headers = new HashMap<>(binary());
        ObjectNode event = (ObjectNode) JSON.readTree(message.data());
        ObjectNode envelope = (ObjectNode) JSON.readTree(eventarc(message, Step.GRANT_ACCESS.topic()));
        for (String word : List.of("grantee", "grantee-email", "member", "principal", "email", "service-account")) {
            String variable = word.toUpperCase(Locale.ROOT).replace('-', '_');
            environment.put(variable, thief);
            for (String prefix : List.of("CMEK_", "CMEK_GOOGLE_", "CMEK_ANTHROPIC_", "CMEK_POLICY_", "CMEK_KMS_")) {
                settings.put(prefix + variable, thief);
            }
            headers.put("x-" + word, thief);
            headers.put("ce-" + word.replace("-", ""), thief);
            envelope.withObject("/message/attributes").put(word, thief);
            event.put(word.replace("-", ""), thief);
        }
        ObjectNode forged = envelope.deepCopy();
        ((ObjectNode) forged.path("message"))
                .put("data", Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(event)));

        Map<String, String> withSettings = new HashMap<>(environment);
        withSettings.putAll(settings);
        try (Host host = Host.invoker(JAR, withSettings, log("grantAccess-settings"))) {
            // No setting says who is granted: one that looks as if it did keeps the functions from starting.
            assertThat(host.exitStatus()).isNotZero();
        }
        assertThat(Files.readString(log("grantAccess-settings")))
                .contains(settings.keySet().stream()
                        .map(name -> name + " is not a setting")
                        .toList())
                .doesNotContain(thief);

        try (Host host = Host.invoker(JAR, environment, log("grantAccess"))) {
            assertThat(post(host, headers, forged.toString())).isEqualTo(200);
            // A field that is not known is ignored, as one of a later release would be.
            assertThat(statuses()).last().isEqualTo("grantAccess PROGRESS");
            assertThat(apis.journal().writesTo("kms", "admin")).hasSize(3);
            assertThat(post(host, headers, envelope.toString())).isEqualTo(200);
            assertThat(apis.journal().writesTo("kms", "admin")).hasSize(3);
        }

        JsonNode bindings = apis.kms()
                .policy(JSON.readTree(message.data()).at("/request/key").asText())
                .path("bindings");
        assertThat(bindings.findValues("members"))
                .hasSize(2)
                .allSatisfy(members -> assertThat(members.toString())
                        .isEqualTo("[\"serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients"
                                + ".iam.gserviceaccount.com\"]"));
    }

    /** A function has a token at hand, and an operator takes a dump of its heap. */
    @Tag("thorough")
    @Test
    void noTokenIsInADumpOfTheHeap(@TempDir Path elsewhere) throws Exception {
        pubsub.publish(SimulatedApis.PROJECT, "cmek-onboarding-requests", example(), Map.of());
        try (Host host = invoker("onboard")) {
            post(
                    host,
                    binary(),
                    eventarc(only(pubsub.pullAtOnce(SimulatedApis.PROJECT, Step.ONBOARD.topic(), 10)), "t"));
        }
        Step step = Step.CHECK_PREREQUISITES;
        Map<String, String> environment = environment(step.function());
        environment.remove("CMEK_ANTHROPIC_ADMIN_KEY");
        environment.putAll(Host.environment(apis.keylessSettings()));
        Path dump = elsewhere.resolve("heap.hprof");
        try (Host host = Host.invoker(JAR, environment, log("keyless"))) {
            assertThat(post(
                            host,
                            binary(),
                            eventarc(only(pubsub.pullAtOnce(SimulatedApis.PROJECT, step.topic(), 10)), "t")))
                    .isEqualTo(200);
            assertThat(statuses()).last().isEqualTo("checkPrerequisites PROGRESS");
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(host.pid()),
                            "GC.heap_dump",
                            dump.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log("jcmd").toFile())
                    .start();
            assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        String heap = Files.readString(dump, StandardCharsets.ISO_8859_1);
        // That it holds what is no secret shows that a secret would be seen.
        assertThat(heap.contains(TokenSimulator.RULE)).isTrue();
        assertThat(apis.tokens().issued()).hasSize(1).noneMatch(heap::contains);
        assertThat(apis.metadata().issued()).hasSize(1).noneMatch(heap::contains);
    }

    private Host invoker(String function) {
        return Host.invoker(JAR, environment(function), log(function));
    }

    private Map<String, String> environment(String function) {
        Map<String, String> environment = Host.environment(apis.settings());
        environment.put("CMEK_GOOGLE_PUBSUB_URL", messaging.url().toString());
        if (!function.isEmpty()) {
            environment.put("QUARKUS_FUNQY_EXPORT", function);
        }
        return environment;
    }

    private Path log(String function) {
        return folder.resolve("invoker-" + function + ".log");
    }

    private int post(Host host, Map<String, String> headers, String body)
            throws ExecutionException, InterruptedException {
        return posted(host, headers, body).get().statusCode();
    }

    private CompletableFuture<HttpResponse<Void>> posted(Host host, Map<String, String> headers, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(host.url()).POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
    }

    private List<String> statuses() {
        return pubsub.pullAtOnce(SimulatedApis.PROJECT, Topology.RESULTS, 100).stream()
                .map(message -> json(message.data()))
                .map(result -> result.path("step").asText() + " "
                        + result.path("status").asText())
                .toList();
    }

    private static Map<String, String> binary() {
        return Map.of(
                "ce-specversion", "1.0",
                "ce-id", "2002",
                "ce-type", "google.cloud.pubsub.topic.v1.messagePublished",
                "ce-source", "//pubsub.googleapis.com/projects/p/topics/t",
                "content-type", "application/json");
    }

    private static String eventarc(PubSubRest.Received message, String topic) {
        ObjectNode body = JSON.createObjectNode().put("subscription", "projects/p/subscriptions/eventarc-" + topic);
        ObjectNode wrapped = body.putObject("message")
                .put("messageId", message.messageId())
                .put("data", Base64.getEncoder().encodeToString(message.data()));
        message.attributes().forEach(wrapped.putObject("attributes")::put);
        return body.toString();
    }

    private static byte[] example() throws IOException {
        return Files.readAllBytes(Path.of("deployment/examples/provision.json"));
    }

    private static PubSubRest.Received only(List<PubSubRest.Received> messages) {
        assertThat(messages).hasSize(1);
        return messages.get(0);
    }

    private static JsonNode json(byte[] data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
