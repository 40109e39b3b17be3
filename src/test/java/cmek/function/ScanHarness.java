package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.kms.KeyManagement;
import cmek.client.pubsub.TopicsInProcess;
import cmek.client.pubsub.TopicsInProcess.Published;
import cmek.client.storage.StorageInProcess;
import cmek.config.ScanSettings;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.function.logging.ResultLog;
import cmek.model.Json;
import cmek.onboarding.state.NewestResults;
import cmek.scan.KeyReport;
import cmek.scan.RunId;
import cmek.scan.ScanReport;
import cmek.scan.report.RenderedReport;
import cmek.schema.Schemas;
import cmek.simulator.AdminSimulator;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** All entry points of the scan over an outside API in memory, and a Pub/Sub that delivers again what was thrown. */
final class ScanHarness {

    static final String MESSAGE_ID = "7421";
    static final RunId RUN = RunId.ofScan(Sample.NOW, MESSAGE_ID);

    final TopicsInProcess topics = new TopicsInProcess();
    final StorageInProcess storage = new StorageInProcess();
    final KmsInProcess kms = new KmsInProcess(() -> this.now);
    final ProjectInProcess project = new ProjectInProcess();
    final AdminApiInProcess admin = new AdminApiInProcess();
    final AdminSimulator anthropic = admin.simulator();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private final List<Runnable> troubles = new ArrayList<>();
    private Instant now = Sample.NOW;
    private final ScanHandler handler;
    private int delivered;

    ScanHarness() {
        this(Scans.OBSERVING);
    }

    ScanHarness(ScanSettings settings) {
        InstantSource time = () -> now;
        Clock clock = time.withZone(ZoneOffset.UTC);
        handler = new ScanChain(
                        troubled(AdminApi.class, admin.client()),
                        troubled(KeyManagement.class, kms.client()),
                        project,
                        storage.client(),
                        new RenderedReport(Sample.SERVICE),
                        settings,
                        clock,
                        Sample.POLICY,
                        Sample.ORGANIZATION)
                .handler(
                        new MessageHandler(),
                        new ResultPublisher(
                                topics.client(),
                                new ResultLog(new PrintStream(log, true, UTF_8)),
                                Sample.SERVICE,
                                new NewestResults(storage.client()),
                                Sample.CALLS));
    }

    ScanHandler handler() {
        return handler;
    }

    /** Before every call of Cloud KMS and Anthropic this happens. */
    void trouble(Runnable trouble) {
        troubles.add(trouble);
    }

    void pass(Duration duration) {
        now = now.plus(duration);
    }

    /** Delivers the scheduler's empty message until it is taken. */
    void scan() {
        CloudEvent start = message(MESSAGE_ID, "", Sample.NOW);
        while (!takes(() -> handler.startScan(start))) {
            pass(Duration.ofSeconds(10));
        }
    }

    /** Delivers everything that was published for the scan's own functions, again and again, until nothing is left. */
    int deliver() {
        List<Published> waiting = new ArrayList<>(
                topics.published().subList(delivered, topics.published().size()));
        int deliveries = 0;
        while (!waiting.isEmpty()) {
            List<Published> again = new ArrayList<>();
            for (Published message : waiting) {
                deliveries++;
                if (!takes(() -> deliver(message))) {
                    again.add(message);
                }
            }
            waiting = again;
            pass(Duration.ofSeconds(10));
        }
        delivered = topics.published().size();
        return deliveries;
    }

    private void deliver(Published message) {
        CloudEvent event = message("1" + message.hashCode(), message.json(), now);
        switch (message.topic()) {
            case "scan-key" -> handler.scanKey(event);
            case "report-scan" -> handler.reportScan(event);
            case "results" -> {}
            default -> throw new AssertionError(message.topic());
        }
    }

    /** Whether a function ended by itself; anything thrown, a crash included, has the message delivered again. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    private static boolean takes(Runnable function) {
        try {
            function.run();
            return true;
        } catch (AssertionError e) {
            throw e;
        } catch (RuntimeException | Crash e) {
            return false;
        }
    }

    /** The process ends here and now. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    // --- what came of it -----------------------------------------------------------------------------------------

    /** Everything that was published as a result, each held against its contract. */
    List<JsonNode> results() {
        List<JsonNode> results = new ArrayList<>();
        topics.on("results").forEach(message -> {
            assertThat(Schemas.RESULT.faults(message.json())).isEmpty();
            results.add(json(message.json()));
        });
        return results;
    }

    List<JsonNode> results(String status) {
        return results().stream()
                .filter(result -> result.path("status").asText().equals(status))
                .toList();
    }

    ScanReport report() {
        return read("runs/" + RUN + "/report.json", ScanReport.class);
    }

    KeyReport report(String id) {
        return read("runs/" + RUN + "/keys/" + id + ".json", KeyReport.class);
    }

    private <T> T read(String name, Class<T> type) {
        try {
            return Json.read(storage.text(name).getBytes(UTF_8), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A message as Pub/Sub pushes it. */
    static CloudEvent message(String id, String data, Instant publishedAt) {
        String envelope = Json.MAPPER
                .createObjectNode()
                .set(
                        "message",
                        Json.MAPPER
                                .createObjectNode()
                                .put("messageId", id)
                                .put("publishTime", publishedAt.toString())
                                .put("data", Base64.getEncoder().encodeToString(data.getBytes(UTF_8))))
                .toString();
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("//pubsub.googleapis.com/x"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withData("application/json", envelope.getBytes(UTF_8))
                .build();
    }

    private <T> T troubled(Class<T> window, T apis) {
        return window.cast(Proxy.newProxyInstance(
                window.getClassLoader(), new Class<?>[] {window}, (proxy, method, arguments) -> {
                    troubles.forEach(Runnable::run);
                    try {
                        return method.invoke(apis, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
