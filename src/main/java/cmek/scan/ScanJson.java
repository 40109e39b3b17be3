package cmek.scan;

import cmek.finding.Finding;
import cmek.model.ExternalKeyId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the scan's words are written as JSON and read again. */
@RegisterForReflection(
        targets = {
            Changes.class,
            Changes.Placed.class,
            Changes.Standing.class,
            ExternalKeyId.class,
            Finding.class,
            KeyChange.class,
            KeyReport.class,
            KeyToScan.class,
            LatestReport.class,
            LatestReport.Repair.class,
            ScanReport.class,
            ScanReport.Scan.class,
            ScanResult.class,
            ScanResult.Row.class,
            ScanResult.Run.class,
            ScanPlan.class,
            ScanSummary.class,
            ScanSummary.Key.class,
            ScanSummary.KeysReader.class,
            ScanSummary.KeysWriter.class,
            OtherKey.class,
            Packed.class,
            RegisteredKey.class,
            RegisteredKey.WorkspaceUse.class,
            RunId.class
        })
public final class ScanJson {

    /** What a later version left in the bucket may say more than this one knows. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule().addDeserializer(Packed.class, new PackedDeserializer()))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
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

    /** Appends what is written. */
    static void write(OutputStream json, Object value) {
        try {
            MAPPER.writeValue(json, value);
        } catch (IOException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** Values one after another, read as they are asked for. */
    static <T> Iterator<T> values(byte[] json, Class<T> type) throws IOException {
        return MAPPER.readerFor(type).readValues(json);
    }

    /** The same JSON of a report as {@link #written}, entry by entry. */
    public static Pieces pieces(ScanReport report) {
        Map<String, Iterable<?>> lists = new LinkedHashMap<>();
        lists.put("rows", report.rows());
        lists.put("newlyUnhealthy", report.changes().newlyUnhealthy());
        lists.put("recovered", report.changes().recovered());
        lists.put("added", report.changes().added());
        lists.put("gone", report.changes().gone());
        lists.put("skipped", report.skipped());
        lists.put("coverage", report.coverage());
        return around(report.frame(), lists);
    }

    /** The same JSON of a plan as {@link #written}, entry by entry. */
    public static Pieces pieces(ScanPlan run) {
        Map<String, Iterable<?>> lists = new LinkedHashMap<>();
        lists.put("expected", run.expected());
        lists.put("skipped", run.skipped());
        lists.put("coverage", run.coverage());
        return around(run.frame(), lists);
    }

    /** The same JSON of a scan as {@link #written}, key by key. */
    public static Pieces pieces(ScanSummary scan) {
        String json = written(scan.frame());
        int at = json.indexOf("\"keys\":{}") + "\"keys\":{".length();
        return Pieces.none()
                .then(() -> json.substring(0, at))
                .then(scan.keys(), key -> written(key.id()) + ":" + written(key.status()), ",")
                .then(() -> json.substring(at));
    }

    /**
     * JSON with long lists in it.
     *
     * @param frame the value with these lists empty, and none of the same names before them
     * @param lists in the order in which they stand in it
     */
    private static Pieces around(Object frame, Map<String, Iterable<?>> lists) {
        String json = written(frame);
        Pieces pieces = Pieces.none();
        int from = 0;
        for (Map.Entry<String, Iterable<?>> list : lists.entrySet()) {
            // Within a text the quotation marks would be escaped.
            String empty = "\"" + list.getKey() + "\":[]";
            int begin = from;
            int end = json.indexOf(empty, from) + empty.length() - 1;
            pieces = pieces.then(() -> json.substring(begin, end)).then(list.getValue(), ScanJson::written, ",");
            from = end;
        }
        int rest = from;
        return pieces.then(() -> json.substring(rest));
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
