package cmek.model;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How our own values are written as JSON and read again: events between the functions and all that lies in the evidence
 * bucket. Two releases may run side by side, so a reader ignores a field that it does not know and takes a missing list,
 * map or optional value as empty; what has no such default and is missing or null cannot be read.
 */
public final class Json {

    /**
     * The edition of events and stored objects that this release writes, as their {@code schemaVersion} says. The first
     * edition had none, and other names: it cannot be read.
     */
    public static final int SCHEMA_VERSION = 2;

    /**
     * Times and durations as ISO 8601, times with three decimals always, so that text sorts as time. No text has a
     * credential in it, wherever it came from.
     */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule("published")
                    .addSerializer(Instant.class, new InMillis())
                    .addSerializer(String.class, new Redacted()))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withConfigOverride(List.class, Json::absentIsEmpty)
            .withConfigOverride(Map.class, Json::absentIsEmpty)
            .build();

    /** {@code 2026-11-23T02:00:00.000Z}, where Java itself writes as many decimals as are not zero. */
    private static final class InMillis extends StdSerializer<Instant> {

        private static final long serialVersionUID = 1;

        InMillis() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(EventTime.written(value));
        }
    }

    private static final class Redacted extends StdScalarSerializer<String> {

        private static final long serialVersionUID = 1;

        Redacted() {
            super(String.class);
        }

        @Override
        public void serialize(String value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(SafeText.redact(value));
        }
    }

    private Json() {}

    private static void absentIsEmpty(MutableConfigOverride type) {
        type.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }

    /**
     * Reads an event or a stored object.
     *
     * @throws IOException when it is something else, or of an edition that this release cannot read
     */
    public static <T> T read(byte[] json, Class<T> type) throws IOException {
        JsonNode tree = MAPPER.readTree(json);
        if (tree == null || !tree.isObject()) {
            throw new IOException("it is not a JSON object");
        }
        if (tree.path("schemaVersion").asInt(1) < SCHEMA_VERSION) {
            throw new IOException("it is of the first edition, which this release cannot read");
        }
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw unreadable(type, e);
        }
    }

    /**
     * The same of what may be long, which is never held whole. What lies where only this edition writes needs no look at
     * its edition.
     */
    public static <T> T read(InputStream json, Class<T> type) throws IOException {
        T value;
        try {
            value = MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw unreadable(type, e);
        }
        if (value == null) {
            throw new IOException("it is not a JSON object");
        }
        return value;
    }

    /** What a text says; missing where it is not JSON. */
    public static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Jackson's text shows what it read, which anybody may have written. */
    private static IOException unreadable(Class<?> type, JsonProcessingException cause) {
        return new IOException("it is not a " + type.getSimpleName() + " of this edition", cause);
    }

    /** Writes a value to a stream, which is left open. */
    public static void write(Object value, OutputStream out) throws IOException {
        MAPPER.writer().without(JsonGenerator.Feature.AUTO_CLOSE_TARGET).writeValue(out, value);
    }

    public static String written(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }
}
