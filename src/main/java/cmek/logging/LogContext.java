package cmek.logging;

import cmek.model.SafeText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.MDC;

/**
 * The labels of every line that a thread logs: {@code requestId}, {@code step} and, where the event names them,
 * {@code key} and {@code trace}. They are kept in the MDC (mapped diagnostic context), where log handlers look for them.
 *
 * <p>A thread of a pool does not know them by itself: wrap the work that is handed to it.
 */
public final class LogContext {

    private static final String TRACE = "trace";
    private static final List<String> LABELS = List.of("requestId", "step", "key");
    private static final int MAX_LENGTH = 256;

    private LogContext() {}

    /**
     * Labels this thread's lines from here on.
     *
     * @param trace the whole name of the trace, {@code projects/PROJECT/traces/ID}
     */
    public static void begin(String step, String requestId, Optional<String> key, Optional<String> trace) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("requestId", SafeText.sanitize(requestId, MAX_LENGTH));
        values.put("step", step);
        key.ifPresent(name -> values.put("key", SafeText.sanitize(name, MAX_LENGTH)));
        trace.ifPresent(name -> values.put(TRACE, name));
        replace(values);
    }

    public static void end() {
        replace(Map.of());
    }

    /** This thread's labels, without the trace. */
    public static Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        LABELS.forEach(name -> value(name).ifPresent(value -> labels.put(name, value)));
        return labels;
    }

    /** The whole name of the trace that this thread's work belongs to. */
    public static Optional<String> trace() {
        return value(TRACE);
    }

    /** The same work, which logs with the labels of the thread that wraps it. */
    public static Runnable wrap(Runnable work) {
        Map<String, String> captured = all();
        return () -> {
            Map<String, String> before = all();
            replace(captured);
            try {
                work.run();
            } finally {
                replace(before);
            }
        };
    }

    private static Map<String, String> all() {
        Map<String, String> all = labels();
        trace().ifPresent(name -> all.put(TRACE, name));
        return all;
    }

    /** A new thread may have inherited labels, so what is not set is removed. Entries of others stay as they are. */
    private static void replace(Map<String, String> values) {
        LABELS.forEach(name -> set(name, values));
        set(TRACE, values);
    }

    private static void set(String name, Map<String, String> values) {
        String value = values.get(name);
        if (value == null) {
            MDC.remove(name);
        } else {
            MDC.put(name, value);
        }
    }

    private static Optional<String> value(String name) {
        return Optional.ofNullable(MDC.get(name)).map(Object::toString);
    }
}
