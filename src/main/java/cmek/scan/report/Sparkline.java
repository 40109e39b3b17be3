package cmek.scan.report;

import cmek.result.Status;
import cmek.scan.ScanFigures;
import cmek.scan.ScanReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The last scans, a column each: how many keys were unhealthy, unreachable and unused. */
final class Sparkline {

    private static final int COLUMNS = 30;
    private static final int COLUMN = 8;
    private static final int GAP = 2;
    private static final int HEIGHT = 40;
    private static final double SLIVER = 2;
    private static final List<Status> STACKED = List.of(Status.UNHEALTHY, Status.UNREACHABLE, Status.UNUSED);

    private Sparkline() {}

    static String of(ScanReport report) {
        List<ScanFigures> scans = new ArrayList<>(report.history());
        scans.add(new ScanFigures(report.id(), report.startedAt(), report.status(), report.counts()));
        List<ScanFigures> shown = scans.subList(Math.max(0, scans.size() - COLUMNS), scans.size());
        int most =
                Math.max(1, shown.stream().mapToInt(Sparkline::notHealthy).max().orElse(0));
        int width = COLUMNS * (COLUMN + GAP);
        StringBuilder svg = new StringBuilder("<figure class=\"spark\"><svg viewBox=\"0 0 ")
                .append(width)
                .append(" ")
                .append(HEIGHT + 1)
                .append("\" role=\"img\" aria-label=\"")
                .append(described(shown))
                .append("\">");
        svg.append("<line x1=\"0\" x2=\"")
                .append(width)
                .append("\" y1=\"")
                .append(HEIGHT + 0.5)
                .append("\" y2=\"")
                .append(HEIGHT + 0.5)
                .append("\"/>");
        for (int i = 0; i < shown.size(); i++) {
            int x = (COLUMNS - shown.size() + i) * (COLUMN + GAP);
            svg.append(column(shown.get(i), x, most));
        }
        return svg.append("</svg><figcaption>")
                .append(
                        shown.size() == 1
                                ? "The first scan"
                                : "The last " + shown.size() + " scans: keys that were not healthy, at most "
                                        + Html.number(most(shown)))
                .append("</figcaption></figure>\n")
                .toString();
    }

    private static String column(ScanFigures scan, int x, int most) {
        StringBuilder column =
                new StringBuilder("<g><title>").append(Html.text(title(scan))).append("</title>");
        column.append("<rect class=\"")
                .append(scan.status() == Status.SCAN_COMPLETED ? "scan" : "scan incomplete")
                .append("\" x=\"")
                .append(x)
                .append("\" y=\"0\" width=\"")
                .append(COLUMN)
                .append("\" height=\"")
                .append(HEIGHT)
                .append("\"/>");
        double y = HEIGHT;
        for (Status status : STACKED) {
            if (scan.count(status) > 0) {
                double height = Math.max(SLIVER, (double) HEIGHT * scan.count(status) / most);
                y = Math.max(0, y - height);
                column.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
                        status.name().toLowerCase(Locale.ROOT),
                        x,
                        y,
                        COLUMN,
                        height));
            }
        }
        return column.append("</g>").toString();
    }

    private static String described(List<ScanFigures> shown) {
        ScanFigures last = shown.get(shown.size() - 1);
        return Html.text(shown.size() + " scans; " + title(last));
    }

    private static String title(ScanFigures scan) {
        Instant at = scan.startedAt();
        Map<Status, Integer> counts = scan.counts();
        return Html.day(at) + ": " + counts.getOrDefault(Status.UNHEALTHY, 0) + " unhealthy, "
                + counts.getOrDefault(Status.UNREACHABLE, 0) + " unreachable, "
                + counts.getOrDefault(Status.UNUSED, 0) + " unused, "
                + counts.getOrDefault(Status.HEALTHY, 0) + " healthy"
                + (scan.status() == Status.SCAN_COMPLETED ? "" : "; incomplete");
    }

    private static int most(List<ScanFigures> scans) {
        return scans.stream().mapToInt(Sparkline::notHealthy).max().orElse(0);
    }

    private static int notHealthy(ScanFigures scan) {
        return STACKED.stream().mapToInt(scan::count).sum();
    }
}
