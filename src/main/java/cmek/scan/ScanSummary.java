package cmek.scan;

import cmek.result.Status;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * What later scans need to know of one: how many keys were how, and how each one was.
 *
 * @param keys in the order of their ids; as JSON an object with a field for each
 */
public record ScanSummary(
        RunId id,
        Instant startedAt,
        Status status,
        Map<Status, Integer> counts,

        @JsonSerialize(using = KeysWriter.class) @JsonDeserialize(using = KeysReader.class)
        Packed<Key> keys) {

    public ScanSummary {
        counts = Map.copyOf(counts);
    }

    /**
     * How a key was.
     *
     * @param id of its registration
     */
    public record Key(String id, Status status) {}

    public int count(Status of) {
        return counts.getOrDefault(of, 0);
    }

    /** The same without the keys. */
    public ScanReport.Scan figures() {
        return new ScanReport.Scan(id, startedAt, status, counts);
    }

    ScanSummary frame() {
        return new ScanSummary(id, startedAt, status, counts, Packed.none());
    }

    static final class KeysWriter extends JsonSerializer<Packed<Key>> {

        @Override
        public void serialize(Packed<Key> keys, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartObject();
            for (Key key : keys) {
                json.writeStringField(key.id(), key.status().name());
            }
            json.writeEndObject();
        }
    }

    static final class KeysReader extends JsonDeserializer<Packed<Key>> {

        @Override
        public Packed<Key> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.isExpectedStartObjectToken()) {
                context.reportInputMismatch(Packed.class, "the keys of a scan are an object");
            }
            Packed.Builder<Key> keys = new Packed.Builder<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String id = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_NULL) {
                    context.reportInputMismatch(Packed.class, "a key of a scan has a status");
                }
                keys.add(new Key(id, context.readValue(parser, Status.class)));
            }
            return keys.build();
        }
    }
}
