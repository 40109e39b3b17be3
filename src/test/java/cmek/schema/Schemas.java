package cmek.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.regex.RegularExpression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The published contract, for every test that reads or writes a message. */
public enum Schemas {
    REQUEST("request.schema.json"),
    RESULT("result.schema.json"),
    REPORT("report.schema.json");

    private final String file;

    Schemas(String file) {
        this.file = file;
    }

    /** The schema itself. */
    public JsonNode definition() {
        try {
            return new ObjectMapper().readTree(Files.readString(Path.of("deployment", "schemas", file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a message, one line each; empty when nothing is. */
    public List<String> faults(String json) {
        try {
            return faults(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What is wrong with a message, one line each; empty when nothing is. */
    public List<String> faults(JsonNode json) {
        return compiled().validate(json).stream().map(Object::toString).toList();
    }

    private JsonSchema compiled() {
        return Compiled.ALL.computeIfAbsent(this, schema -> {
            SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                    .regularExpressionFactory(Schemas::expression)
                    .build();
            // The report's schema refers to definitions of the result's.
            JsonNode shared = RESULT.definition();
            return JsonSchemaFactory.getInstance(
                            SpecVersion.VersionFlag.V202012,
                            factory -> factory.schemaLoaders(loaders ->
                                    loaders.schemas(Map.of(shared.path("$id").asText(), shared.toString()))))
                    .getSchema(schema.definition(), config);
        });
    }

    /** Reading a schema takes longer than a thousand messages. */
    private static final class Compiled {
        static final Map<Schemas, JsonSchema> ALL = new ConcurrentHashMap<>();
    }

    /** In a JSON Schema's expressions, unlike Java's, a {@code $} does not match before a line break at the end. */
    private static RegularExpression expression(String regex) {
        Pattern pattern = Pattern.compile(regex.endsWith("$") ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
        return value -> pattern.matcher(value).find();
    }
}
