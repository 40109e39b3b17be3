package cmek.function.logging;

import cmek.finding.TransientException;
import cmek.logging.LogContext;
import cmek.model.Json;
import cmek.model.SafeText;
import cmek.result.Result;
import cmek.result.Status;
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
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("requestId", result.requestId());
        if (result.isOfScan()) {
            labels.put("runId", result.requestId());
        }
        labels.put("step", result.step());
        result.key().ifPresent(key -> labels.put("key", key));
        ObjectNode line = JsonLogHandler.line(
                severity(result.status()), result.status() + " " + result.step() + ": " + result.message(), labels);
        written(line.set("result", Json.MAPPER.valueToTree(result.logged())));
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

    private static String severity(Status status) {
        return switch (status) {
            case REFUSED, UNHEALTHY, UNREACHABLE -> "WARNING";
            case FAILED, SCAN_INCOMPLETE -> "ERROR";
            default -> "INFO";
        };
    }
}
