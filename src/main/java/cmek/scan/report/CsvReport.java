package cmek.scan.report;

import cmek.finding.Finding;
import cmek.model.EventTime;
import cmek.model.SafeText;
import cmek.scan.KeyReport;
import cmek.scan.RegisteredKey.WorkspaceUse;
import cmek.scan.ScanReport;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of a scan for a spreadsheet, as RFC 4180 has it.
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">CSV injection</a>
 */
public final class CsvReport {

    private static final String HEADER =
            "external_key_id,display_name,key,status,reason,message,all_reasons,remedy,workspaces,restored,inspected_at";
    private static final String LINE_END = "\r\n";
    private static final String BEGINS_A_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20";
    private static final int CELL_AT_MOST = 8000;

    private CsvReport() {}

    public static void write(ScanReport report, Appendable out) throws IOException {
        out.append(HEADER).append(LINE_END);
        for (KeyReport row : report.rows()) {
            out.append(line(row)).append(LINE_END);
        }
    }

    private static String line(KeyReport row) {
        return List.of(
                        row.key().id().value(),
                        row.key().displayName(),
                        row.key().key().toString(),
                        row.status().name(),
                        row.worst().map(worst -> worst.reason().name()).orElse(""),
                        row.worst().map(Finding::message).orElse(""),
                        joined(row.findings().stream()
                                .map(finding -> finding.reason().name())
                                .toList()),
                        row.worst().map(worst -> joined(worst.remedy())).orElse(""),
                        joined(row.key().workspaces().stream()
                                .map(WorkspaceUse::described)
                                .toList()),
                        joined(row.restored().stream().map(Enum::name).toList()),
                        EventTime.written(row.inspectedAt()))
                .stream()
                .map(CsvReport::cell)
                .collect(Collectors.joining(","));
    }

    private static String joined(List<String> parts) {
        return String.join(" | ", parts);
    }

    /** A spreadsheet calculates what begins like a formula; after an apostrophe it is text. */
    private static String cell(String text) {
        String plain = SafeText.sanitize(text, CELL_AT_MOST);
        String first = plain.stripLeading();
        boolean formula = !first.isEmpty() && BEGINS_A_FORMULA.indexOf(first.charAt(0)) >= 0;
        return '"' + (formula ? "'" : "") + plain.replace("\"", "\"\"") + '"';
    }
}
