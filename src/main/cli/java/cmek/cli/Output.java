package cmek.cli;

import cmek.model.Json;
import cmek.model.SafeText;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the command says: lines for a person, or JSON, one object a line. */
final class Output {

    private static final int SHOWN = 4_000;
    private static final int CELL_AT_MOST = 60;

    @Option(names = "--json", description = "print JSON, one object a line")
    private boolean json;

    /** {@code 1 request}, {@code 2 requests}. */
    static String number(int number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /** Prints a line for a person, without control characters, whoever wrote what is in it. */
    void line(Surroundings surroundings, String text) {
        if (!json) {
            surroundings.out().println(SafeText.sanitize(text, SHOWN));
        }
    }

    /** Prints an object for a program. */
    void object(Surroundings surroundings, JsonNode object) {
        if (json) {
            surroundings.out().println(Json.written(object));
        }
    }

    /** Prints rows in columns; the last column is as long as it is. */
    void table(Surroundings surroundings, List<String> head, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        rows.forEach(row ->
                all.add(row.stream().map(cell -> SafeText.sanitize(cell, SHOWN)).toList()));
        int[] widths = new int[head.size()];
        all.forEach(row -> {
            for (int i = 0; i < row.size(); i++) {
                widths[i] =
                        Math.max(widths[i], Math.min(CELL_AT_MOST, row.get(i).length()));
            }
        });
        all.forEach(row -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                text.append(row.get(i));
                if (i < row.size() - 1) {
                    text.append(" ".repeat(Math.max(0, widths[i] - row.get(i).length()) + 2));
                }
            }
            line(surroundings, text.toString().stripTrailing());
        });
    }

    /** The same in the colour that people expect of a status, where there are colours. */
    void line(Surroundings surroundings, String status, String text) {
        if (json) {
            return;
        }
        String colour = switch (status) {
            case "ATTACHED", "VALIDATED", "PLANNED", "HEALTHY" -> "\u001b[32m";
            case "REFUSED", "FAILED", "UNHEALTHY" -> "\u001b[31m";
            case "AWAITING_APPROVAL", "PENDING", "RETRYING", "UNREACHABLE" -> "\u001b[33m";
            default -> "";
        };
        boolean plain = colour.isEmpty() || !hasColours(surroundings);
        String shown = SafeText.sanitize(text, SHOWN);
        surroundings.out().println(plain ? shown : colour + shown + "\u001b[0m");
    }

    private static boolean hasColours(Surroundings surroundings) {
        return surroundings.terminal()
                && !surroundings.environment().getOrDefault("TERM", "dumb").equals("dumb")
                && surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty();
    }
}
