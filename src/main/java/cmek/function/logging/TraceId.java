package cmek.function.logging;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a trace, 32 hexadecimal digits, as the caller's header gives it.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">traceparent</a>
 * @see <a href="https://cloud.google.com/trace/docs/trace-context">X-Cloud-Trace-Context</a>
 */
public record TraceId(String value) {

    public static final String TRACEPARENT = "traceparent";
    public static final String CLOUD_TRACE = "x-cloud-trace-context";

    private static final Pattern PARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    private static final Pattern CLOUD = Pattern.compile("([0-9a-f]{32})(/.*)?");
    private static final String NONE = "0".repeat(32);

    public static Optional<TraceId> ofTraceparent(String header) {
        return of(PARENT, header);
    }

    public static Optional<TraceId> ofCloudTraceContext(String header) {
        return of(CLOUD, header);
    }

    /** The name by which Cloud Logging links a line to its trace. */
    public String in(String project) {
        return "projects/" + project + "/traces/" + value;
    }

    private static Optional<TraceId> of(Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header.strip().toLowerCase(Locale.ROOT));
        return matcher.matches() && !matcher.group(1).equals(NONE)
                ? Optional.of(new TraceId(matcher.group(1)))
                : Optional.empty();
    }
}
