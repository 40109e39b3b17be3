package cmek.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a request file and the line that it is in. */
sealed interface Located {

    int line();

    /** The value without the lines. */
    JsonNode json();

    /** A text, a number, a truth value or null. */
    record Scalar(int line, JsonNode json) implements Located {}

    /** An array. */
    record Items(int line, List<Located> items) implements Located {

        public Items {
            items = List.copyOf(items);
        }

        @Override
        public JsonNode json() {
            ArrayNode json = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> json.add(item.json()));
            return json;
        }
    }

    /** An object. */
    record Fields(int line, Map<String, Located> fields) implements Located {

        public Fields {
            // In the order of the file.
            fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            fields.forEach((name, value) -> json.set(name, value.json()));
            return json;
        }

        /** The same, with these defaults where it says nothing; objects are put together field by field. */
        Fields over(Fields defaults) {
            Map<String, Located> all = new LinkedHashMap<>(defaults.fields);
            fields.forEach((name, value) -> all.merge(
                    name,
                    value,
                    (before, own) ->
                            before instanceof Fields base && own instanceof Fields more ? more.over(base) : own));
            return new Fields(line, all);
        }

        /** The line of a field, such as {@code key.location}; of what it would be in where it is missing. */
        int lineOf(String path) {
            int dot = path.indexOf('.');
            Optional<Located> found = Optional.ofNullable(fields.get(dot < 0 ? path : path.substring(0, dot)));
            if (found.isPresent() && dot > 0 && found.get() instanceof Fields inner) {
                return inner.lineOf(path.substring(dot + 1));
            }
            return found.map(Located::line).orElse(line);
        }
    }
}
