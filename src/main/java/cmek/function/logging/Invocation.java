package cmek.function.logging;

import cmek.model.Text;
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
public record Invocation(Optional<String> trace, Map<String, String> labels) {

    private static final int LABEL = 256;
    private static final Invocation NONE = new Invocation(Optional.empty(), Map.of());
    private static final ThreadLocal<@Nullable Invocation> CURRENT = new ThreadLocal<>();

    public Invocation {
        labels = Map.copyOf(labels);
    }

    public static Invocation of(String function, String requestId, Optional<String> key, Optional<String> trace) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("step", function);
        labels.put("requestId", Text.plain(requestId, LABEL));
        key.ifPresent(name -> labels.put("key", Text.plain(name, LABEL)));
        return new Invocation(trace, labels);
    }

    public static Invocation current() {
        Invocation current = CURRENT.get();
        return current == null ? NONE : current;
    }

    public static void begin(Invocation invocation) {
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
