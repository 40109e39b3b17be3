package cmek.function.logging;

import cmek.model.SafeText;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this thread is doing, as every line of the log says it.
 *
 * @param trace the whole name of the trace, {@code projects/PROJECT/traces/ID}
 * @param labels {@code requestId}, {@code step} and, where the event tells it, {@code key}
 */
public record LogContext(Optional<String> trace, Map<String, String> labels) {

    private static final int LABEL = 256;
    private static final LogContext NONE = new LogContext(Optional.empty(), Map.of());
    private static final ThreadLocal<@Nullable LogContext> CURRENT = new ThreadLocal<>();

    public LogContext {
        labels = Map.copyOf(labels);
    }

    public static LogContext of(String function, String requestId, Optional<String> key, Optional<String> trace) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("step", function);
        labels.put("requestId", SafeText.sanitize(requestId, LABEL));
        key.ifPresent(name -> labels.put("key", SafeText.sanitize(name, LABEL)));
        return new LogContext(trace, labels);
    }

    public static LogContext current() {
        LogContext current = CURRENT.get();
        return current == null ? NONE : current;
    }

    public static void begin(LogContext invocation) {
        CURRENT.set(invocation);
    }

    public static void end() {
        CURRENT.remove();
    }

    /** Adds the link to the trace to a line. */
    void link(ObjectNode line) {
        trace.ifPresent(name -> line.put("logging.googleapis.com/trace", name));
    }
}
