package cmek.evidence;

import cmek.onboarding.Finding;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the night's words are written as JSON and read again. */
@RegisterForReflection(
        targets = {
            Changes.class,
            Finding.class,
            KeyChange.class,
            KeyReport.class,
            KeyToInspect.class,
            LatestReport.class,
            LatestReport.Repair.class,
            NightReport.class,
            NightReport.Night.class,
            NightResult.class,
            NightResult.Row.class,
            NightResult.Run.class,
            NightRun.class,
            NightSummary.class,
            OtherKey.class,
            RegisteredKey.class,
            RegisteredKey.WorkspaceUse.class,
            RunId.class
        })
public final class EvidenceJson {

    /** What a later version left in the bucket may say more than this one knows. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private EvidenceJson() {}

    public static String written(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** The same JSON of a report as {@link #written}, row by row. */
    public static Pieces pieces(NightReport report) {
        return around(report.withoutRows(), "rows", report.rows());
    }

    /** The same JSON of a plan as {@link #written}, key by key. */
    public static Pieces pieces(NightRun run) {
        return around(run.withoutKeys(), "expected", run.expected());
    }

    /**
     * JSON with a long list in it.
     *
     * @param frame the value with this list empty, and no value within a value before it
     */
    private static Pieces around(Object frame, String list, List<?> elements) {
        String json = written(frame);
        String empty = "\"" + list + "\":[]";
        // Within a text the quotation marks would be escaped.
        int at = json.indexOf(empty) + empty.length() - 1;
        if (elements.isEmpty()) {
            return Pieces.none().then(() -> json);
        }
        return Pieces.none()
                .then(() -> json.substring(0, at))
                .then(elements.subList(0, 1), EvidenceJson::written)
                .then(elements.subList(1, elements.size()), element -> "," + written(element))
                .then(() -> json.substring(at));
    }

    /**
     * Reads what was written.
     *
     * @throws IOException when this is something else
     */
    public static <T> T read(InputStream json, Class<T> type) throws IOException {
        return something(MAPPER.readValue(json, type), type);
    }

    /** The same of bytes. */
    public static <T> T read(byte[] json, Class<T> type) throws IOException {
        return something(MAPPER.readValue(json, type), type);
    }

    /** The same of text. */
    public static <T> T read(String json, Class<T> type) throws IOException {
        return something(MAPPER.readValue(json, type), type);
    }

    private static <T> T something(@Nullable T value, Class<T> type) throws IOException {
        if (value == null) {
            throw new IOException("null is no " + type.getSimpleName());
        }
        return value;
    }
}
