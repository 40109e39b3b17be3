package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads a message against its published type, as the JSON mapping of protocol buffers has it, and finds what is wrong
 * with it. A request may spell a field in snake case, an enum as a number and a number as text; an answer may not.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
final class ApiMessage {

    /** What is wrong, in Google's words. */
    record Violation(String field, String description) {}

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,20}");
    private static final Pattern DURATION = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");
    private static final Pattern SNAKE = Pattern.compile("_([a-z0-9])");
    private static final Pattern TRUTH = Pattern.compile("true|false");

    private final ApiStructure structure;
    private final boolean isAnswer;
    private final boolean enumsAreNumbers;
    private final List<Violation> violations = new ArrayList<>();

    private ApiMessage(ApiStructure structure, boolean isAnswer, boolean enumsAreNumbers) {
        this.structure = structure;
        this.isAnswer = isAnswer;
        this.enumsAreNumbers = enumsAreNumbers;
    }

    static ApiMessage request(ApiStructure structure) {
        return new ApiMessage(structure, false, true);
    }

    static ApiMessage answer(ApiStructure structure, boolean enumsAreNumbers) {
        return new ApiMessage(structure, true, enumsAreNumbers);
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** A whole body, with its fields in camel case and without those that are null. */
    JsonNode read(JsonNode type, JsonNode body) {
        if (!body.isObject()) {
            violations.add(new Violation(
                    "", "Invalid JSON payload received. Unknown name \"\": Root element must be a message."));
            return JsonNodeFactory.instance.objectNode();
        }
        return value(structure.type(type), body, "");
    }

    /** The value of a parameter of the query, which is text whatever its type. */
    void readParameter(JsonNode type, String name, String value) {
        value(type, JsonNodeFactory.instance.textNode(value), snake(name));
    }

    private JsonNode value(JsonNode type, JsonNode value, String path) {
        return switch (type.path("type").asText()) {
            case "object" -> object(type, value, path);
            case "array" -> array(type, value, path);
            case "string" -> text(type, value, path);
            case "integer" -> whole(type, value, path);
            case "number" -> value.isNumber() ? value : wrong(path, "TYPE_DOUBLE", value);
            case "boolean" -> truth(value, path);
            default -> value;
        };
    }

    private JsonNode object(JsonNode type, JsonNode value, String path) {
        if (!value.isObject()) {
            return wrong(path, type.path("id").asText("message"), value);
        }
        JsonNode properties = type.path("properties");
        JsonNode others = type.path("additionalProperties");
        ObjectNode read = JsonNodeFactory.instance.objectNode();
        int index = 0;
        for (var field : value.properties()) {
            String name = properties.has(field.getKey()) || isAnswer ? field.getKey() : camel(field.getKey());
            JsonNode of = properties.has(name) ? properties.path(name) : others;
            String inner = properties.has(name)
                    ? (path.isEmpty() ? "" : path + ".") + snake(name)
                    : path + "[" + index + "].value";
            index++;
            if (of.isMissingNode()) {
                violations.add(new Violation(
                        path,
                        "Invalid JSON payload received. Unknown name \"" + field.getKey() + "\""
                                + (path.isEmpty() ? "" : " at '" + path + "'") + ": Cannot find field."));
            } else if (field.getValue().isNull()) {
                if (isAnswer) {
                    wrong(inner, "not null", field.getValue());
                }
            } else {
                read.set(
                        properties.has(name) ? name : field.getKey(),
                        value(structure.type(of), field.getValue(), inner));
            }
        }
        return read;
    }

    private JsonNode array(JsonNode type, JsonNode value, String path) {
        if (!value.isArray()) {
            return wrong(path, "repeated", value);
        }
        JsonNode of = structure.type(type.path("items"));
        ArrayNode read = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size(); i++) {
            read.add(value(of, value.path(i), path + "[" + i + "]"));
        }
        return read;
    }

    private JsonNode text(JsonNode type, JsonNode value, String path) {
        String format = type.path("format").asText();
        if (type.has("enum")) {
            return word(type, value, path);
        }
        if (format.endsWith("int64")) {
            boolean fits = value.isTextual()
                    ? INTEGER.matcher(value.asText()).matches()
                    : !isAnswer && value.isIntegralNumber();
            return fits ? value : wrong(path, "TYPE_" + format.toUpperCase(Locale.ROOT), value);
        }
        if (!value.isTextual()) {
            return wrong(path, "TYPE_STRING", value);
        }
        String text = value.asText();
        boolean fits = switch (format) {
            case "byte" -> isBase64(text);
            case "google-datetime", "date-time" -> isTime(text);
            case "google-duration" -> DURATION.matcher(text).matches();
            default -> true;
        };
        return fits
                ? value
                : wrong(
                        path,
                        switch (format) {
                            case "byte" -> "TYPE_BYTES";
                            case "google-duration" -> "type.googleapis.com/google.protobuf.Duration";
                            default -> "type.googleapis.com/google.protobuf.Timestamp";
                        },
                        value);
    }

    private JsonNode word(JsonNode type, JsonNode value, String path) {
        if (enumsAreNumbers && (value.isInt() || isText(value, INTEGER))) {
            return value;
        }
        if (value.isTextual()) {
            for (JsonNode word : type.path("enum")) {
                if (word.equals(value)) {
                    return value;
                }
            }
        }
        return wrong(path, "TYPE_ENUM", value);
    }

    private JsonNode whole(JsonNode type, JsonNode value, String path) {
        boolean fits = value.isIntegralNumber() || isText(value, INTEGER);
        return fits
                ? value
                : wrong(path, "TYPE_" + type.path("format").asText("int32").toUpperCase(Locale.ROOT), value);
    }

    private JsonNode truth(JsonNode value, String path) {
        return value.isBoolean() || isText(value, TRUTH) ? value : wrong(path, "TYPE_BOOL", value);
    }

    /** Numbers and truths may be written as text in a request. */
    private boolean isText(JsonNode value, Pattern form) {
        return !isAnswer && value.isTextual() && form.matcher(value.asText()).matches();
    }

    private JsonNode wrong(String path, String type, JsonNode value) {
        violations.add(new Violation(path, "Invalid value at '" + path + "' (" + type + "), " + value));
        return value;
    }

    private static boolean isBase64(String text) {
        try {
            String standard = text.replace('-', '+').replace('_', '/');
            return Base64.getDecoder().decode(standard).length > -1;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isTime(String text) {
        try {
            return OffsetDateTime.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The name of a field in JSON. */
    static String camel(String snake) {
        return SNAKE.matcher(snake).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    private static String snake(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
