package cmek.cli;

import cmek.onboarding.request.RequestParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML 1.2 with the line of every value: one document or several. Only its values are read, no object is made. */
final class YamlFile {

    /** An alias may stand for a value that has aliases of its own. */
    private static final int VALUES_AT_MOST = 1_000_000;

    private int values;

    private YamlFile() {}

    /**
     * Reads a text.
     *
     * @throws Malformed when it is something else
     */
    static List<Located> read(String text) throws Malformed {
        YamlFile file = new YamlFile();
        List<Located> documents = new ArrayList<>();
        try {
            for (Node node : new Compose(LoadSettings.builder().build()).composeAllFromString(text)) {
                Located document = file.value(node, line(node.getStartMark()), 0);
                // Between two separators there may be nothing.
                if (!document.json().isNull()) {
                    documents.add(document);
                }
            }
            return documents;
        } catch (MarkedYamlEngineException e) {
            throw new Malformed(line(e.getProblemMark()), e.getProblem());
        } catch (StackOverflowError e) {
            // The library has no limit of its own.
            throw new Malformed(1, "it is nested too deeply");
        } catch (YamlEngineException e) {
            throw new Malformed(1, String.valueOf(e.getMessage()));
        }
    }

    /** A value is said to be where its name is: a mapping itself begins only in the next line. */
    private Located value(Node node, int line, int depth) throws Malformed {
        values++;
        if (depth > RequestParser.DEPTH_AT_MOST || values > VALUES_AT_MOST) {
            throw new Malformed(line, "it is nested too deeply, or has too many values");
        }
        if (node instanceof MappingNode mapping) {
            Map<String, Located> fields = new LinkedHashMap<>();
            for (NodeTuple field : mapping.getValue()) {
                int at = line(field.getKeyNode().getStartMark());
                if (!(field.getKeyNode() instanceof ScalarNode name)) {
                    throw new Malformed(at, "the name of a field is not text");
                }
                if (fields.put(name.getValue(), value(field.getValueNode(), at, depth + 1)) != null) {
                    throw new Malformed(at, "Duplicate field '" + name.getValue() + "'");
                }
            }
            return new Located.Fields(line, fields);
        }
        if (node instanceof SequenceNode sequence) {
            List<Located> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(value(item, line(item.getStartMark()), depth + 1));
            }
            return new Located.Items(line, items);
        }
        if (node instanceof ScalarNode scalar) {
            return new Located.Scalar(line, json(scalar));
        }
        throw new Malformed(line, "this kind of YAML value is not read");
    }

    private static JsonNode json(ScalarNode scalar) {
        String text = scalar.getValue();
        JsonNodeFactory json = JsonNodeFactory.instance;
        Tag tag = scalar.getTag();
        try {
            if (tag.equals(Tag.BOOL)) {
                return json.booleanNode(Boolean.parseBoolean(text));
            }
            if (tag.equals(Tag.NULL)) {
                return json.nullNode();
            }
            if (tag.equals(Tag.INT)) {
                return json.numberNode(new BigInteger(text));
            }
            if (tag.equals(Tag.FLOAT)) {
                return json.numberNode(new BigDecimal(text));
            }
        } catch (NumberFormatException e) {
            // Infinity has no number in JSON.
            return json.textNode(text);
        }
        return json.textNode(text);
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(found -> found.getLine() + 1).orElse(1);
    }
}
