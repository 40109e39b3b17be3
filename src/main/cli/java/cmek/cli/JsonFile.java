package cmek.cli;

import cmek.onboarding.request.JsonFault;
import cmek.onboarding.request.RequestParser;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON with the line of every value: one document, several, or one a line. */
final class JsonFile {

    private static final JsonMapper JSON = new JsonMapper(RequestParser.strictJson());

    private JsonFile() {}

    /**
     * Reads a text.
     *
     * @throws Malformed when it is something else
     */
    static List<Located> read(String text) throws Malformed {
        List<Located> documents = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                documents.add(value(parser));
            }
            return documents;
        } catch (JsonProcessingException e) {
            throw new Malformed(e.getLocation() == null ? 1 : e.getLocation().getLineNr(), JsonFault.describe(e));
        } catch (IOException e) {
            throw new Malformed(1, String.valueOf(e.getMessage()));
        }
    }

    private static Located value(JsonParser parser) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Located> fields = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, value(parser));
            }
            return new Located.Fields(line, fields);
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Located> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser));
            }
            return new Located.Items(line, items);
        }
        return new Located.Scalar(line, JSON.readTree(parser) instanceof JsonNode json ? json : JSON.nullNode());
    }
}
