package cmek.function;

import cmek.onboarding.Result;
import cmek.onboarding.Status;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.io.PrintStream;

/**
 * The log of results: one JSON object a line on standard output, which is what Cloud Logging reads as a structured entry.
 *
 * @see <a href="https://cloud.google.com/logging/docs/structured-logging">Structured logging</a>
 */
@Singleton
class ResultLog {

    private final PrintStream out;

    ResultLog() {
        this(System.out);
    }

    ResultLog(PrintStream out) {
        this.out = out;
    }

    void write(Result result) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("severity", severity(result.status()));
        line.put("message", result.status() + " " + result.step() + ": " + result.message());
        ObjectNode labels = line.putObject("logging.googleapis.com/labels");
        labels.put("requestId", result.requestId());
        labels.put("step", result.step());
        result.key().ifPresent(key -> labels.put("key", key));
        line.set("result", Json.MAPPER.valueToTree(result));
        out.println(Json.written(line));
    }

    private static String severity(Status status) {
        return switch (status) {
            case REFUSED -> "WARNING";
            case FAILED -> "ERROR";
            default -> "INFO";
        };
    }
}
