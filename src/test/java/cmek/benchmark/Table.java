package cmek.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What was measured, for people and for programs. */
final class Table {

    private final String title;
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param columns with their units
     */
    Table(String title, List<String> columns) {
        this.title = title;
        this.columns = List.copyOf(columns);
    }

    void row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells + " does not fit " + columns);
        }
        rows.add(List.copyOf(cells));
    }

    String markdown() {
        StringBuilder text = new StringBuilder(title).append("\n\n");
        line(text, columns);
        line(text, Collections.nCopies(columns.size(), "---"));
        rows.forEach(row -> line(text, row));
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    static void write(Path file, List<Table> tables) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode().put("machine", Machine.description());
        ArrayNode all = json.putArray("tables");
        for (Table table : tables) {
            ObjectNode one = all.addObject().put("title", table.title);
            ArrayNode rows = one.putArray("rows");
            for (List<String> cells : table.rows) {
                ObjectNode row = rows.addObject();
                for (int i = 0; i < cells.size(); i++) {
                    row.put(table.columns.get(i), cells.get(i));
                }
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
