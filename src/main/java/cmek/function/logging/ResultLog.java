package cmek.function.logging;

import cmek.finding.TransientException;
import cmek.logging.LogContext;
import cmek.model.Json;
import cmek.model.SafeText;
import cmek.result.Result;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The log of results: one JSON object a line on standard output, which is what Cloud Logging reads as a structured entry.
 *
 * @see <a href="https://cloud.google.com/logging/docs/structured-logging">Structured logging</a>
 */
@Singleton
public class ResultLog {

    private static final int SHOWN = 1_000;

    private final Supplier<PrintStream> out;

    ResultLog() {
        this.out = () -> System.out;
    }

    public ResultLog(PrintStream out) {
        this.out = () -> out;
    }

    /** A scan's rows are on the topic and in the bucket; an entry of a log holds a quarter of a megabyte. */
    public void write(Result result) {
        write(Json.MAPPER.<JsonNode>valueToTree(result.logged()));
    }

    /** The same of a result as it is published. */
    public void write(JsonNode result) {
        Map<String, String> labels = new LinkedHashMap<>();
        String requestId = result.path("requestId").asText();
        labels.put("requestId", requestId);
        if (result.has("findings")) {
            labels.put("runId", requestId);
        }
        String status = result.path("status").asText();
        String step = result.path("step").asText();
        labels.put("step", step);
        if (result.path("key").isTextual()) {
            labels.put("key", result.path("key").asText());
        }
        ObjectNode line = JsonLogHandler.line(
                severity(status),
                status + " " + step + ": " + result.path("message").asText(),
                labels);
        written(line.set("result", result));
    }

    /** A step that could not do its work now; its message will be delivered again. */
    public void write(String step, String requestId, String key, TransientException cause) {
        String why = cause.reason() + ", " + SafeText.sanitize(String.valueOf(cause.getMessage()), SHOWN);
        written(JsonLogHandler.line(
                "WARNING",
                step + " will be retried: " + why,
                Map.of(
                        "requestId",
                        requestId,
                        "step",
                        step,
                        "key",
                        key,
                        "reason",
                        cause.reason().name())));
    }

    /** A function that failed unexpectedly; its message will be delivered again. */
    public void write(String function, Throwable failure) {
        written(JsonLogHandler.line(
                        "ERROR",
                        function + " failed: " + SafeText.sanitize(failure.toString(), SHOWN),
                        LogContext.labels())
                .put("stack_trace", JsonLogHandler.stackTrace(failure)));
    }

    private void written(ObjectNode line) {
        out.get().println(SafeText.redact(Json.written(line)));
    }

    private static String severity(String status) {
        return switch (status) {
            case "RETRYING", "REFUSED", "UNHEALTHY", "UNREACHABLE" -> "WARNING";
            case "FAILED", "SCAN_INCOMPLETE" -> "ERROR";
            default -> "INFO";
        };
    }
}
