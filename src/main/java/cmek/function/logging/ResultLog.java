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
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("severity", severity(result.status()));
        line.put("message", result.status() + " " + result.step() + ": " + result.message());
        ObjectNode labels = line.putObject("logging.googleapis.com/labels");
        labels.put("requestId", result.requestId());
        if (result.isOfScan()) {
            labels.put("runId", result.requestId());
        }
        labels.put("step", result.step());
        result.key().ifPresent(key -> labels.put("key", key));
        line.set("result", Json.MAPPER.valueToTree(result.logged()));
        written(line);
    }

    /** A step that could not do its work now; its message will be delivered again. */
    public void write(String step, String requestId, String key, TransientException cause) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("severity", "WARNING");
        line.put(
                "message",
                step + " will be retried: " + cause.reason() + ", "
                        + SafeText.sanitize(String.valueOf(cause.getMessage()), SHOWN));
        ObjectNode labels = line.putObject("logging.googleapis.com/labels");
        labels.put("requestId", requestId);
        labels.put("step", step);
        labels.put("key", key);
        labels.put("reason", cause.reason().name());
        written(line);
    }

    /** A function that failed unexpectedly; its message will be delivered again. */
    public void write(String function, Throwable failure) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("severity", "ERROR");
        line.put("message", function + " failed: " + SafeText.sanitize(failure.toString(), SHOWN));
        ObjectNode labels = line.putObject("logging.googleapis.com/labels");
        LogContext.labels().forEach(labels::put);
        line.put("stack_trace", JsonLogHandler.stackTrace(failure));
        written(line);
    }

    private void written(ObjectNode line) {
        JsonLogHandler.linkToTrace(line);
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
