package cmek.scan.report;

import cmek.finding.Finding;
import cmek.model.EventTime;
import cmek.model.SafeText;
import cmek.scan.RegisteredKey.WorkspaceUse;
import cmek.scan.ReportedKey;
import cmek.scan.ScanReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a scan found, for a spreadsheet: a line for each finding, and one for each key without any. As RFC 4180 has it, in
 * UTF-8 with a byte order mark, by which Excel knows the encoding.
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">CSV injection</a>
 */
public final class CsvReport {

    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final List<String> HEADER = List.of(
            "external_key_id",
            "display_name",
            "key",
            "status",
            "workspaces",
            "restored",
            "inspected_at",
            "reason",
            "severity",
            "actor",
            "message");
    private static final String LINE_END = "\r\n";
    private static final String BEGINS_A_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20";
    private static final int CELL_AT_MOST = 8000;

    private CsvReport() {}

    public static void write(ScanReport report, Appendable out) throws IOException {
        int remedies = report.keys().stream()
                .flatMap(CsvReport::found)
                .mapToInt(finding -> finding.remedy().size())
                .max()
                .orElse(0);
        List<String> header = new ArrayList<>(HEADER);
        for (int i = 1; i <= remedies; i++) {
            header.add("remedy_" + i);
        }
        out.append(BYTE_ORDER_MARK).append(String.join(",", header)).append(LINE_END);
        for (ReportedKey row : report.keys()) {
            List<Finding> found = found(row).toList();
            if (found.isEmpty()) {
                write(ofKey(row), header.size(), out);
            }
            for (Finding finding : found) {
                List<String> cells = ofKey(row);
                cells.add(finding.reason().name());
                cells.add(finding.severity().name());
                cells.add(finding.actor().name());
                cells.add(finding.message());
                cells.addAll(finding.remedy());
                write(cells, header.size(), out);
            }
        }
    }

    private static Stream<Finding> found(ReportedKey row) {
        return Stream.concat(row.findings().stream(), row.notices().stream());
    }

    private static List<String> ofKey(ReportedKey row) {
        return new ArrayList<>(List.of(
                row.externalKeyId().value(),
                row.displayName(),
                row.key().toString(),
                row.status().name(),
                joined(row.workspaces().stream().map(WorkspaceUse::described).toList()),
                joined(row.restored().stream().map(Enum::name).toList()),
                EventTime.written(row.checkedAt())));
    }

    private static void write(List<String> cells, int columns, Appendable out) throws IOException {
        for (int i = 0; i < columns; i++) {
            out.append(i == 0 ? "" : ",").append(cell(i < cells.size() ? cells.get(i) : ""));
        }
        out.append(LINE_END);
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
