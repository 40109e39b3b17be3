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

    /**
     * Reads what was written.
     *
     * @throws IOException when this is something else
     */
    public static <T> T read(byte[] json, Class<T> type) throws IOException {
        T value = MAPPER.readValue(json, type);
        if (value == null) {
            throw new IOException("null is no " + type.getSimpleName());
        }
        return value;
    }

    /** The same of text. */
    public static <T> T read(String json, Class<T> type) throws IOException {
        return read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8), type);
    }
}
