package cmek.scan.report;

import cmek.result.Status;
import cmek.scan.ScanFigures;
import cmek.scan.ScanReport;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The last scans, a column each: how many keys were unhealthy, unreachable and unused.
 *
 * @param described in words
 */
@RegisterForReflection
public record Sparkline(String described, String caption, List<Column> columns) {

    /** In units of the drawing, whose width and height the template gives: 30 columns of 8 with a gap of 2, 40 high. */
    private static final int COLUMNS = 30;

    private static final int COLUMN_AND_GAP = 10;
    private static final int HEIGHT = 40;
    private static final double SLIVER = 2;

    private static final List<Status> STACKED =
            List.of(Status.UNHEALTHY, Status.UNREACHABLE, Status.REVOKED, Status.UNUSED);

    public Sparkline {
        columns = List.copyOf(columns);
    }

    /** A scan, at its place from the left. */
    @RegisterForReflection
    public record Column(String title, boolean complete, int x, List<Bar> bars) {

        public Column {
            bars = List.copyOf(bars);
        }
    }

    /** The keys of one status; {@code y} grows downwards. */
    @RegisterForReflection
    public record Bar(String status, String y, String height) {}

    static Sparkline of(ScanReport report) {
        List<ScanFigures> scans = new ArrayList<>(report.history());
        scans.add(report.figures());
        List<ScanFigures> shown = scans.subList(Math.max(0, scans.size() - COLUMNS), scans.size());
        int most = shown.stream().mapToInt(Sparkline::notHealthy).max().orElse(0);
        List<Column> columns = new ArrayList<>();
        for (ScanFigures scan : shown) {
            int x = (COLUMNS - shown.size() + columns.size()) * COLUMN_AND_GAP;
            columns.add(new Column(title(scan), scan.status() == Status.SCAN_COMPLETED, x, bars(scan, most)));
        }
        return new Sparkline(
                shown.size() + " scans; " + columns.get(columns.size() - 1).title(),
                shown.size() == 1
                        ? "The first scan"
                        : "The last " + shown.size() + " scans: keys that were not healthy, at most "
                                + PageText.number(most),
                columns);
    }

    private static List<Bar> bars(ScanFigures scan, int most) {
        List<Bar> bars = new ArrayList<>();
        double y = HEIGHT;
        for (Status status : STACKED) {
            if (scan.count(status) > 0) {
                double height = Math.max(SLIVER, (double) HEIGHT * scan.count(status) / most);
                y = Math.max(0, y - height);
                bars.add(new Bar(PageText.word(status), decimal(y), decimal(height)));
            }
        }
        return bars;
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static String title(ScanFigures scan) {
        return PageText.day(scan.startedAt()) + ": " + scan.count(Status.UNHEALTHY) + " unhealthy, "
                + scan.count(Status.UNREACHABLE) + " unreachable, "
                + scan.count(Status.UNUSED) + " unused, "
                + scan.count(Status.HEALTHY) + " healthy"
                + (scan.count(Status.REVOKED) == 0 ? "" : ", " + scan.count(Status.REVOKED) + " revoked")
                + (scan.status() == Status.SCAN_COMPLETED ? "" : "; incomplete");
    }

    private static int notHealthy(ScanFigures scan) {
        return STACKED.stream().mapToInt(scan::count).sum();
    }
}
