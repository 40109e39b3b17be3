package cmek.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.model.SafeText;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One run: a scan, or the check of one key after a change. Derived from what triggered it, so that the same message
 * delivered again is the same run; the ids of scans sort by time.
 */
@RegisterForReflection
public record RunId(String value) {

    private static final Pattern PATTERN = Pattern.compile("(scan|change)-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @JsonCreator
    public RunId {
        if (!PATTERN.matcher(value).matches()) {
            throw new IllegalArgumentException("not a run id: " + SafeText.quote(value));
        }
    }

    /** The scan that a message starts. */
    public static RunId ofScan(Instant publishedAt, String messageId) {
        return of("scan", publishedAt, messageId);
    }

    /**
     * The check of one key after a change.
     *
     * @param entry the id of the audit log entry
     */
    public static RunId ofChange(Instant at, String entry) {
        return of("change", at, entry);
    }

    /** What the ids of all scans sort before that started at that time or earlier, and of no later ones. */
    static String scansUntil(Instant at) {
        return "scan-" + TIME.format(at) + "~";
    }

    /** When it started, to the second. */
    public Instant startedAt() {
        return TIME.parse(value.substring(value.indexOf('-') + 1, value.lastIndexOf('-')), Instant::from);
    }

    /** Whether it is a scan, with a plan and a report, and not only of one key. */
    public boolean isScan() {
        return value.startsWith("scan-");
    }

    @Override
    @JsonValue
    public String toString() {
        return value;
    }

    private static RunId of(String kind, Instant at, String trigger) {
        String hash = UUID.nameUUIDFromBytes(trigger.getBytes(UTF_8)).toString().substring(0, 8);
        return new RunId(kind + "-" + TIME.format(at) + "-" + hash);
    }
}
