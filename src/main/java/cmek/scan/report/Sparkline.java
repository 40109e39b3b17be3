package cmek.scan.report;

import cmek.result.Status;
import cmek.scan.ScanReport;
import cmek.scan.ScanReport.Night;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The last nights, a column each: how many keys were ailing, unreachable and orphaned. */
final class Sparkline {

    private static final int NIGHTS = 30;
    private static final int COLUMN = 8;
    private static final int GAP = 2;
    private static final int HEIGHT = 40;
    private static final double SLIVER = 2;
    private static final List<Status> STACKED = List.of(Status.AILING, Status.UNREACHABLE, Status.ORPHANED);

    private Sparkline() {}

    static String of(ScanReport report) {
        List<Night> nights = new ArrayList<>(report.history());
        nights.add(new Night(report.id(), report.startedAt(), report.status(), report.counts()));
        List<Night> shown = nights.subList(Math.max(0, nights.size() - NIGHTS), nights.size());
        int most = Math.max(1, shown.stream().mapToInt(Sparkline::unwell).max().orElse(0));
        int width = NIGHTS * (COLUMN + GAP);
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
            int x = (NIGHTS - shown.size() + i) * (COLUMN + GAP);
            svg.append(column(shown.get(i), x, most));
        }
        return svg.append("</svg><figcaption>")
                .append(
                        shown.size() == 1
                                ? "The first night"
                                : "The last " + shown.size() + " nights: keys that were not healthy, at most "
                                        + HtmlReport.number(most(shown)))
                .append("</figcaption></figure>\n")
                .toString();
    }

    private static String column(Night night, int x, int most) {
        StringBuilder column =
                new StringBuilder("<g><title>").append(Html.text(title(night))).append("</title>");
        column.append("<rect class=\"")
                .append(night.status() == Status.NIGHT_COMPLETED ? "night" : "night incomplete")
                .append("\" x=\"")
                .append(x)
                .append("\" y=\"0\" width=\"")
                .append(COLUMN)
                .append("\" height=\"")
                .append(HEIGHT)
                .append("\"/>");
        double y = HEIGHT;
        for (Status status : STACKED) {
            if (night.count(status) > 0) {
                double height = Math.max(SLIVER, (double) HEIGHT * night.count(status) / most);
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

    private static String described(List<Night> shown) {
        Night last = shown.get(shown.size() - 1);
        return Html.text(shown.size() + " nights; " + title(last));
    }

    private static String title(Night night) {
        Instant at = night.startedAt();
        Map<Status, Integer> counts = night.counts();
        return HtmlReport.day(at) + ": " + counts.getOrDefault(Status.AILING, 0) + " ailing, "
                + counts.getOrDefault(Status.UNREACHABLE, 0) + " unreachable, "
                + counts.getOrDefault(Status.ORPHANED, 0) + " orphaned, "
                + counts.getOrDefault(Status.HEALTHY, 0) + " healthy"
                + (night.status() == Status.NIGHT_COMPLETED ? "" : "; incomplete");
    }

    private static int most(List<Night> nights) {
        return nights.stream().mapToInt(Sparkline::unwell).max().orElse(0);
    }

    private static int unwell(Night night) {
        return STACKED.stream().mapToInt(night::count).sum();
    }
}
