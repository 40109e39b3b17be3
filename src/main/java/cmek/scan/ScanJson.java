package cmek.scan;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** How the scan's values are written as JSON and read again; of other packages, those that are part of them are named here. */
@RegisterForReflection(
        targets = {CryptoKeyName.class, ExternalKeyId.class, Finding.class, Reason.class, WorkspaceId.class})
public final class ScanJson {

    /** What a later version has left in the bucket may have fields that this one does not know. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private ScanJson() {}

    public static String written(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** The same JSON, which is never held whole. */
    public static void write(Object value, OutputStream out) throws IOException {
        MAPPER.writeValue(out, value);
    }

    /**
     * Reads what was written.
     *
     * @throws IOException when this is something else
     */
    public static <T> T read(InputStream json, Class<T> type) throws IOException {
        return present(MAPPER.readValue(json, type), type);
    }

    /** The same of bytes. */
    public static <T> T read(byte[] json, Class<T> type) throws IOException {
        return present(MAPPER.readValue(json, type), type);
    }

    /** The same of text. */
    public static <T> T read(String json, Class<T> type) throws IOException {
        return present(MAPPER.readValue(json, type), type);
    }

    private static <T> T present(@Nullable T value, Class<T> type) throws IOException {
        if (value == null) {
            throw new IOException("null where a " + type.getSimpleName() + " is expected");
        }
        return value;
    }
}
