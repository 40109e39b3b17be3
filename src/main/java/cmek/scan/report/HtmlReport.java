package cmek.scan.report;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.ExternalKeyId;
import cmek.result.Status;
import cmek.scan.Changes;
import cmek.scan.KeyReport;
import cmek.scan.OtherKey;
import cmek.scan.RegisteredKey.WorkspaceUse;
import cmek.scan.ScanReport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A scan as one page that asks for nothing else: no request goes out from it, and all of it can be read with scripts
 * switched off. With scripts the table sorts and filters.
 */
public final class HtmlReport {

    private static final List<Status> WORST_FIRST =
            List.of(Status.UNHEALTHY, Status.UNREACHABLE, Status.UNUSED, Status.HEALTHY);
    private static final int SHOWN_OF_A_CHANGE = 12;

    private final ScanReport scan;
    private final Appendable out;

    /** What is not handed over yet: a part of the page, or what there is to say of one key. */
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(ScanReport scan, Appendable out) {
        this.scan = scan;
        this.out = out;
    }

    public static void write(ScanReport scan, Appendable out) throws IOException {
        new HtmlReport(scan, out).page();
    }

    private void page() throws IOException {
        top();
        section(
                scan.rows().stream().filter(row -> !row.findings().isEmpty()).toList(),
                this::findings,
                this::article,
                "</section>\n");
        section(scan.coverage(), this::coverage, this::uncovered, "</tbody></table></section>\n");
        section(scan.rows(), this::table, this::row, "</tbody></table></section>\n");
        section(scan.skipped(), this::skipped, this::other, "</ul></section>\n");
        bottom();
        flush();
    }

    /** A section with an entry for each of these, where there are any. */
    private <T> void section(List<T> entries, Runnable head, Consumer<T> entry, String foot) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        head.run();
        for (T value : entries) {
            entry.accept(value);
            flush();
        }
        html.append(foot);
    }

    private void flush() throws IOException {
        out.append(html);
        html.setLength(0);
    }

    private void top() {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .append("<meta name=\"referrer\" content=\"no-referrer\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src")
                .append(" 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n")
                .append("<title>")
                .append(Html.text(headline()))
                .append("</title>\n<style>\n")
                .append(PageStyle.CSS)
                .append("</style>\n</head>\n<body>\n<main>\n");
        header();
        summary();
        faults();
        changes();
    }

    private void bottom() {
        footer();
        html.append("</main>\n<script>\n").append(PageScript.JAVASCRIPT).append("</script>\n</body>\n</html>\n");
    }

    // --- parts ---------------------------------------------------------------------------------------------------

    private void header() {
        html.append("<header>\n<p class=\"eyebrow\">Customer-managed keys &middot; the scan of ")
                .append(Html.text(Html.day(scan.startedAt())))
                .append("</p>\n<h1>")
                .append(Html.text(headline()))
                .append("</h1>\n<p class=\"lead\">")
                .append(Html.text(lead()))
                .append("</p>\n</header>\n");
    }

    private String headline() {
        int unhealthy = scan.count(Status.UNHEALTHY);
        int unreachable = scan.count(Status.UNREACHABLE);
        if (unhealthy > 0) {
            return unhealthy == 1 ? "One key is unhealthy" : Html.number(unhealthy) + " keys are unhealthy";
        }
        if (unreachable > 0) {
            return unreachable == 1
                    ? "One key could not be checked"
                    : Html.number(unreachable) + " keys could not be checked";
        }
        if (scan.status() == Status.SCAN_INCOMPLETE) {
            return "Not everything was checked";
        }
        return scan.rows().isEmpty() ? "No key is registered" : "No key is unhealthy";
    }

    private String lead() {
        String seen = scan.seen() == scan.expected()
                ? "All " + Html.number(scan.expected()) + " expected keys were checked"
                : Html.number(scan.seen()) + " of " + Html.number(scan.expected()) + " expected keys were checked";
        return seen
                + (scan.status() == Status.SCAN_COMPLETED
                        ? "."
                        : ", and the run is incomplete: what was not seen may be unhealthy.");
    }

    private void summary() {
        html.append("<section aria-label=\"Summary\" class=\"summary\">\n<ul class=\"tiles\">\n");
        for (Status status : WORST_FIRST) {
            html.append("<li class=\"")
                    .append(css(status))
                    .append("\"><b>")
                    .append(Html.number(scan.count(status)))
                    .append("</b><span>")
                    .append(word(status))
                    .append("</span></li>\n");
        }
        html.append("</ul>\n");
        bar();
        html.append(Sparkline.of(scan));
        html.append("</section>\n");
    }

    private void bar() {
        int all = scan.rows().size();
        if (all == 0) {
            return;
        }
        String described = WORST_FIRST.stream()
                .map(status -> Html.number(scan.count(status)) + " " + word(status))
                .collect(Collectors.joining(", "));
        html.append("<div class=\"bar\" role=\"img\" aria-label=\"")
                .append(described)
                .append("\">");
        for (Status status : WORST_FIRST) {
            if (scan.count(status) > 0) {
                html.append("<i class=\"")
                        .append(css(status))
                        .append("\" style=\"flex-grow:")
                        .append(scan.count(status))
                        .append("\"></i>");
            }
        }
        html.append("</div>\n");
    }

    private void faults() {
        if (scan.faults().isEmpty()) {
            return;
        }
        html.append("<section class=\"notice\"><h2>Why this run is incomplete</h2>\n");
        scan.faults().forEach(this::finding);
        html.append("</section>\n");
    }

    private void changes() {
        Changes changes = scan.changes();
        html.append("<section><h2>Since the scan before</h2>\n");
        if (changes.since().isEmpty()) {
            html.append("<p class=\"quiet\">This is the first scan on record.</p>\n");
        } else if (changes.newlyUnhealthy().isEmpty()
                && changes.recovered().isEmpty()
                && changes.added().isEmpty()
                && changes.gone().isEmpty()) {
            html.append("<p class=\"quiet\">Nothing has changed.</p>\n");
        } else {
            Map<ExternalKeyId, KeyReport> rows =
                    rows(Stream.of(changes.newlyUnhealthy(), changes.recovered(), changes.added())
                            .flatMap(ids -> ids.stream().limit(SHOWN_OF_A_CHANGE))
                            .collect(Collectors.toSet()));
            html.append("<dl class=\"changes\">\n");
            changed("Newly unhealthy", changes.newlyUnhealthy(), rows);
            changed("Recovered", changes.recovered(), rows);
            changed("New", changes.added(), rows);
            changed("Gone", changes.gone(), rows);
            html.append("</dl>\n");
        }
        html.append("</section>\n");
    }

    private Map<ExternalKeyId, KeyReport> rows(Set<ExternalKeyId> ids) {
        return scan.rows().stream()
                .filter(row -> ids.contains(row.key().id()))
                .collect(Collectors.toMap(row -> row.key().id(), row -> row, (one, other) -> one));
    }

    private void changed(String what, List<ExternalKeyId> ids, Map<ExternalKeyId, KeyReport> rows) {
        if (ids.isEmpty()) {
            return;
        }
        html.append("<dt>")
                .append(what)
                .append(" <b>")
                .append(Html.number(ids.size()))
                .append("</b></dt><dd>");
        html.append(ids.stream()
                .limit(SHOWN_OF_A_CHANGE)
                .map(id -> rows.containsKey(id) ? link(rows.get(id)) : "<code>" + Html.text(id) + "</code>")
                .collect(Collectors.joining(", ")));
        if (ids.size() > SHOWN_OF_A_CHANGE) {
            html.append(" and ")
                    .append(Html.number(ids.size() - SHOWN_OF_A_CHANGE))
                    .append(" more");
        }
        html.append("</dd>\n");
    }

    private void findings() {
        html.append("<section><h2>What to do</h2>\n");
    }

    private void article(KeyReport row) {
        html.append("<article class=\"")
                .append(css(row.status()))
                .append("\" id=\"")
                .append(Html.text(row.key().id()))
                .append("\">\n<div class=\"head\"><h3>")
                .append(badge(row.status()))
                .append(" ")
                .append(Html.text(row.key().key().name()))
                .append("</h3>\n<p class=\"quiet\">")
                .append(Html.text(row.key().displayName()))
                .append(" &middot; <code>")
                .append(Html.text(row.key().key()))
                .append("</code> &middot; <code>")
                .append(Html.text(row.key().id()))
                .append("</code></p>\n");
        if (!row.key().workspaces().isEmpty()) {
            html.append("<p class=\"quiet\">Used by ").append(workspaces(row)).append("</p>\n");
        }
        if (!row.restored().isEmpty()) {
            html.append("<p>Restored by this run: ")
                    .append(Html.text(row.restored().stream().map(Enum::name).collect(Collectors.joining(", "))))
                    .append("</p>\n");
        }
        html.append("</div>\n");
        row.findings().forEach(this::finding);
        html.append("</article>\n");
    }

    private void finding(Finding finding) {
        html.append("<div class=\"finding\"><p><strong>")
                .append(Html.text(finding.reason()))
                .append("</strong> ")
                .append(Html.text(finding.message()))
                .append("</p>\n<ul class=\"remedy\">");
        for (String line : finding.remedy()) {
            boolean command = line.startsWith("gcloud ");
            html.append("<li>")
                    .append(command ? command(line) : Html.text(line))
                    .append("</li>");
        }
        html.append("</ul></div>\n");
    }

    private void coverage() {
        html.append("<section><h2>Coverage</h2>\n<table class=\"plain\"><thead><tr><th scope=\"col\">Reason</th>")
                .append("<th scope=\"col\">What</th><th scope=\"col\">Remedy</th></tr></thead>\n<tbody>\n");
    }

    private void uncovered(Finding finding) {
        html.append("<tr><td data-label=\"Reason\"><div><strong>")
                .append(Html.text(finding.reason()))
                .append("</strong></div></td><td data-label=\"What\"><div>")
                .append(Html.text(finding.message()))
                .append("</div></td><td data-label=\"Remedy\"><div>")
                .append(finding.remedy().stream().map(Html::text).collect(Collectors.joining("<br>")))
                .append("</div></td></tr>\n");
    }

    private void table() {
        html.append("<section><h2>Every key</h2>\n<div class=\"controls\" hidden>\n")
                .append(
                        "<label>Find <input type=\"search\" id=\"find\" placeholder=\"key, workspace, reason\"></label>\n")
                .append("<label>Status <select id=\"status\"><option value=\"\">all</option>");
        for (Status status : WORST_FIRST) {
            html.append("<option value=\"")
                    .append(status)
                    .append("\">")
                    .append(word(status))
                    .append("</option>");
        }
        html.append("</select></label>\n<output id=\"shown\"></output>\n</div>\n")
                .append("<table id=\"keys\"><thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Key</th>")
                .append("<th scope=\"col\">Reason</th><th scope=\"col\">Workspaces</th>")
                .append("<th scope=\"col\">Checked at</th></tr></thead>\n<tbody>\n");
    }

    private void row(KeyReport row) {
        html.append("<tr data-status=\"")
                .append(row.status())
                .append("\"><td data-label=\"Status\" data-sort=\"")
                .append(WORST_FIRST.indexOf(row.status()))
                .append("\">")
                .append("<div>")
                .append(badge(row.status()))
                .append("</div></td><td data-label=\"Key\"><div>")
                .append(link(row))
                .append("<small>")
                .append(Html.text(row.key().displayName()))
                .append("</small><small>")
                .append(Html.text(row.key().key().project()))
                .append(" &middot; ")
                .append(Html.text(row.key().key().location()))
                .append(" &middot; ")
                .append(Html.text(row.key().key().keyRing()))
                .append("</small></div></td><td data-label=\"Reason\"><div>")
                .append(reasons(row))
                .append("</div></td><td data-label=\"Workspaces\"><div>")
                .append(row.key().workspaces().isEmpty() ? "&ndash;" : workspaces(row))
                .append("</div></td><td data-label=\"Checked at\" data-sort=\"")
                .append(Html.text(row.inspectedAt()))
                .append("\"><time datetime=\"")
                .append(Html.text(row.inspectedAt()))
                .append("\">")
                .append(Html.minute(row.inspectedAt()))
                .append("</time></td></tr>\n");
    }

    private void skipped() {
        html.append("<section><h2>Keys elsewhere, skipped</h2>\n<ul class=\"others\">\n");
    }

    private void other(OtherKey other) {
        html.append("<li>")
                .append(Html.text(other.displayName()))
                .append(" <span class=\"quiet\">")
                .append(Html.text(other.provider()))
                .append(" &middot; <code>")
                .append(Html.text(other.id()))
                .append("</code></span></li>\n");
    }

    private void footer() {
        html.append("<footer><p>Run <code>")
                .append(Html.text(scan.id()))
                .append("</code> &middot; reported ")
                .append(Html.text(Html.day(scan.reportedAt())))
                .append(" &middot; cmek-onboarding</p></footer>\n");
    }

    // --- pieces --------------------------------------------------------------------------------------------------

    private static String link(KeyReport row) {
        String name = Html.text(row.key().key().name());
        return row.findings().isEmpty()
                ? "<b>" + name + "</b>"
                : "<a href=\"#" + Html.text(row.key().id()) + "\">" + name + "</a>";
    }

    private static String reasons(KeyReport row) {
        if (row.findings().isEmpty()) {
            return row.notes().isEmpty() ? "&ndash;" : "<small>" + words(row.notes()) + "</small>";
        }
        return words(row.findings());
    }

    private static String words(List<Finding> findings) {
        return findings.stream()
                .map(Finding::reason)
                .distinct()
                .map(Reason::name)
                .map(Html::text)
                .map(word -> "<span class=\"reason\">" + word.replace("_", "_<wbr>") + "</span>")
                .collect(Collectors.joining(" "));
    }

    /** Breaks between words alone: a flag that is torn at its dashes reads like another one. */
    private static String command(String line) {
        return "<code class=\"command\">"
                + Stream.of(line.split(" "))
                        .map(word -> "<span>" + Html.text(word) + "</span>")
                        .collect(Collectors.joining(" "))
                + "</code>";
    }

    private static String workspaces(KeyReport row) {
        return row.key().workspaces().stream().map(HtmlReport::workspace).collect(Collectors.joining(", "));
    }

    private static String workspace(WorkspaceUse use) {
        return "<span title=\"" + Html.text(use.id()) + "\">" + Html.text(use.name()) + "</span>"
                + (use.archived() ? " <span class=\"quiet\">(archived)</span>" : "");
    }

    private static String badge(Status status) {
        return "<span class=\"badge " + css(status) + "\">" + word(status) + "</span>";
    }

    private static String css(Status status) {
        return word(status);
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
