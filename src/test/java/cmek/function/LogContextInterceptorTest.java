package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.config.Configs;
import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.RedeliveryException;
import cmek.finding.TransientException;
import cmek.function.logging.JsonLogHandler;
import cmek.function.logging.ResultLog;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.onboarding.OnboardingResults;
import cmek.onboarding.Step;
import cmek.result.Status;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogContextInterceptorTest {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String OTHER = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";
    private static final String TRACE = "logging.googleapis.com/trace";
    private static final String LABELS = "logging.googleapis.com/labels";

    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, UTF_8);
    private final ResultLog log = new ResultLog(out);
    private final JsonLogHandler handler = new JsonLogHandler(out);
    private final LogContextInterceptor watch = new LogContextInterceptor(
            name -> Optional.ofNullable(headers.get(name)),
            log,
            Configs.of(Map.of("cmek.google.project", "acme-cmek")));

    @ParameterizedTest
    @CsvSource({
        "traceparent,00-" + ID + "-00f067aa0ba902b7-01",
        "x-cloud-trace-context," + ID + "/17407325912345678901;o=1",
        "x-cloud-trace-context," + ID
    })
    void aResultIsLinkedToTheTraceOfItsRequest(String header, String value) throws Exception {
        headers.put(header, value);

        watch.watch("createKey", event(), this::progress);

        assertThat(line().path(TRACE).asText()).isEqualTo("projects/acme-cmek/traces/" + ID);
    }

    @Test
    void theEventsOwnTraceComesFirst() throws Exception {
        headers.put("traceparent", "00-" + OTHER + "-00f067aa0ba902b7-01");
        CloudEvent event = CloudEventBuilder.from(event())
                .withExtension("traceparent", PARENT)
                .build();

        watch.watch("createKey", event, this::progress);

        assertThat(line().path(TRACE).asText()).isEqualTo("projects/acme-cmek/traces/" + ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-" + ID,
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-" + ID + "0-00f067aa0ba902b7-01",
                "../../other/traces/" + ID
            })
    void whatIsNoTraceLinksToNothing(String value) throws Exception {
        headers.put("traceparent", value);

        watch.watch("createKey", event(), this::progress);

        assertThat(line().has(TRACE)).isFalse();
    }

    @Test
    void aFailureIsOneLineThatErrorReportingReads() throws Exception {
        headers.put("traceparent", PARENT);
        assertThatThrownBy(() -> watch.watch("createKey", event(), () -> {
                    throw new IllegalStateException("no such state\n\u001b[2J", new ArithmeticException("by zero"));
                }))
                .isInstanceOf(IllegalStateException.class);

        JsonNode line = line();
        assertThat(line.path("severity").asText()).isEqualTo("ERROR");
        assertThat(line.path("message").asText())
                .isEqualTo("createKey failed: java.lang.IllegalStateException: no such state\\u000a\\u001b[2J");
        assertThat(line.path(TRACE).asText()).isEqualTo("projects/acme-cmek/traces/" + ID);
        assertThat(line.path(LABELS))
                .isEqualTo(Json.MAPPER.readTree(
                        "{\"requestId\":\"payments-prod\",\"step\":\"createKey\",\"key\":\"" + Sample.KEY + "\"}"));
        assertThat(line.path("stack_trace").isTextual()).isTrue();
        assertThat(line.path("stack_trace").asText())
                .startsWith("java.lang.IllegalStateException: no such state")
                .contains(
                        "\n\tat cmek.function.LogContextInterceptorTest",
                        "\nCaused by: java.lang.ArithmeticException: by zero");
    }

    @Test
    void aMessageThatIsWantedAgainIsNoFailure() {
        TransientException unavailable = new TransientException(Reason.GOOGLE_UNAVAILABLE, "later", null);

        assertThatThrownBy(() -> watch.watch("createKey", event(), () -> {
                    throw unavailable;
                }))
                .isSameAs(unavailable);
        assertThat(written.toString(UTF_8)).isEmpty();
    }

    @Test
    void nothingOfAnInvocationIsLeftBehind() throws Exception {
        headers.put("traceparent", PARENT);
        watch.watch("createKey", event(), () -> "done");

        progress();

        assertThat(line().has(TRACE)).isFalse();
    }

    @Test
    void whatALibraryLogsMeanwhileIsAboutTheSameMessage() throws Exception {
        headers.put("traceparent", PARENT);

        watch.watch("createKey", event(), () -> {
            handler.publish(
                    new ExtLogRecord(
                            Level.WARNING, "slow: %d \"ms\"\nand\t%s", ExtLogRecord.FormatStyle.PRINTF, "a.library") {
                        {
                            setLoggerName("a.library");
                            setParameters(new Object[] {7, "tab"});
                        }
                    });
            return "done";
        });

        JsonNode line = line();
        assertThat(line.path("severity").asText()).isEqualTo("WARNING");
        assertThat(line.path("message").asText()).isEqualTo("slow: 7 \"ms\"\nand\ttab");
        assertThat(line.path(TRACE).asText()).isEqualTo("projects/acme-cmek/traces/" + ID);
        assertThat(line.path(LABELS))
                .isEqualTo(Json.MAPPER.readTree("{\"requestId\":\"payments-prod\",\"step\":\"createKey\",\"key\":\""
                        + Sample.KEY + "\",\"logger\":\"a.library\"}"));
    }

    @Test
    void aHostsLineAboutAFailureBearsItsStackTrace() throws JsonProcessingException {
        LogRecord record = new LogRecord(Level.SEVERE, "failed {0}");
        record.setParameters(new Object[] {"again"});
        record.setThrown(new IllegalStateException("no such state"));

        handler.publish(record);

        assertThat(line().path("severity").asText()).isEqualTo("ERROR");
        assertThat(line().path("message").asText()).isEqualTo("failed again");
        assertThat(line().path("stack_trace").asText()).contains("\n\tat cmek.function.LogContextInterceptorTest");
    }

    @Test
    void aHostsLineAboutARedeliveryIsNoError() throws JsonProcessingException {
        LogRecord record = new LogRecord(Level.SEVERE, "failed");
        record.setThrown(new IllegalStateException(new RedeliveryException("waits until noon")));

        handler.publish(record);

        assertThat(line().path("severity").asText()).isEqualTo("INFO");
        assertThat(line().path("message").asText()).contains("failed: ", "waits until noon");
        assertThat(line().has("stack_trace")).isFalse();
    }

    private Object progress() {
        log.write(OnboardingResults.of(
                Sample.onboarding(Mode.PROVISION), Step.CREATE_KEY, Status.PROGRESS, "created", Sample.NOW));
        return "done";
    }

    private static CloudEvent event() {
        String data =
                "{\"message\":{\"messageId\":\"7\",\"data\":\"e30=\",\"attributes\":{\"requestId\":\"payments-prod\",\"key\":\""
                        + Sample.KEY + "\"}}}";
        return CloudEventBuilder.v1()
                .withId("7")
                .withSource(URI.create("//pubsub.googleapis.com/push"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withData("application/json", data.getBytes(UTF_8))
                .build();
    }

    private JsonNode line() throws JsonProcessingException {
        assertThat(written.toString(UTF_8).lines()).hasSize(1);
        return Json.MAPPER.readTree(written.toString(UTF_8));
    }
}
