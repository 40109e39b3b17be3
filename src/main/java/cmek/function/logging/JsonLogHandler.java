package cmek.function.logging;

import cmek.finding.RedeliveryException;
import cmek.finding.TransientException;
import cmek.logging.LogContext;
import cmek.model.Json;
import cmek.model.SafeText;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Writes what libraries and hosts log as one JSON object a line, as Cloud Logging and Error Reporting read it.
 *
 * @see <a href="https://cloud.google.com/logging/docs/structured-logging">Structured logging</a>
 * @see <a href="https://cloud.google.com/error-reporting/docs/formatting-error-messages">Error Reporting</a>
 */
public final class JsonLogHandler extends Handler {

    private final PrintStream out;
    private final ExtFormatter formatter = new PatternFormatter("%s");

    public JsonLogHandler(PrintStream out) {
        this.out = out;
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        Throwable thrown = record.getThrown();
        boolean redelivery = isRedelivery(thrown);
        Map<String, String> labels = LogContext.labels();
        labels.put("logger", String.valueOf(record.getLoggerName()));
        ObjectNode line = line(
                // The host reports a function that asks for redelivery as an error, which it is not.
                redelivery ? "INFO" : severity(record.getLevel()),
                formatter.formatMessage(record) + (redelivery ? ": " + thrown.getMessage() : ""),
                labels);
        if (thrown != null && !redelivery) {
            line.put("stack_trace", stackTrace(thrown));
        }
        out.println(SafeText.redact(Json.written(line)));
    }

    /** A line, linked to the trace that this thread's work belongs to. */
    static ObjectNode line(String severity, String message, Map<String, String> labels) {
        ObjectNode line =
                Json.MAPPER.createObjectNode().put("severity", severity).put("message", message);
        LogContext.trace().ifPresent(name -> line.put("logging.googleapis.com/trace", name));
        labels.forEach(line.putObject("logging.googleapis.com/labels")::put);
        return line;
    }

    /** As Java prints it, in one string: the form in which Error Reporting recognizes a stack trace. */
    static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static boolean isRedelivery(@org.jspecify.annotations.Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedeliveryException || cause instanceof TransientException) {
                return true;
            }
        }
        return false;
    }

    private static String severity(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARNING";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
