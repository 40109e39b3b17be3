package cmek.scan.report;

import cmek.check.CheckEntry;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.result.ScanRun;
import cmek.result.Status;
import cmek.scan.RegisteredKey.WorkspaceUse;
import cmek.scan.ReportedKey;
import cmek.scan.RunId;
import cmek.scan.ScanReport;
import io.quarkus.qute.RawString;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A scan as its page shows it: what the templates in {@code report/} ask for. They write every text so that a browser takes
 * it for nothing but text.
 *
 * @param causes of everything that is wrong with keys, the most urgent first
 * @param downs the workspaces that do not work, those that have not for the longest time first
 * @param style the page's style sheet, which is written as it is
 * @param script searches, filters, sorts and copies, and is written as it is
 */
@RegisterForReflection
public record ReportPage(ScanReport scan, List<Cause> causes, List<Down> downs, RawString style, RawString script) {

    private static final int SHOWN_OF_A_CHANGE = 12;
    private static final int DOWN_AT_MOST = 1_000;

    static ReportPage of(ScanReport scan, UnaryOperator<String> locate, RawString style, RawString script) {
        Instant reportedAt = scan.run().reportedAt();
        List<Down> downs = scan.keys().stream()
                .flatMap(key -> key.workspacesDown().stream().map(workspace -> new Down(workspace, key, reportedAt)))
                .sorted(Comparator.comparing(Down::at))
                .toList();
        return new ReportPage(scan, Cause.of(scan.keys(), reportedAt, locate), downs, style, script);
    }

    public ReportPage {
        causes = List.copyOf(causes);
        downs = List.copyOf(downs);
    }

    /** How many keys have a status. */
    @RegisterForReflection
    public record Tile(Status status, int keys) {

        public String word() {
            return PageText.word(status);
        }

        public String number() {
            return PageText.number(keys);
        }
    }

    /** A workspace that does not work now. */
    @RegisterForReflection
    public record Down(WorkspaceUse workspace, ReportedKey key, Instant reportedAt) {

        public Instant at() {
            return key.downSince().orElse(key.checkedAt());
        }

        public String since() {
            return PageText.minute(at());
        }

        public String span() {
            return PageText.span(at(), reportedAt);
        }
    }

    /** What is different from an earlier scan. */
    @RegisterForReflection
    public record Comparison(String title, List<Change> changes) {

        public Comparison {
            changes = List.copyOf(changes);
        }
    }

    /** The keys of which one thing has changed; of many only the first. */
    @RegisterForReflection
    public record Change(String what, int keys, List<Link> shown) {

        public Change {
            shown = List.copyOf(shown);
        }

        public String number() {
            return PageText.number(keys);
        }

        public int more() {
            return keys - shown.size();
        }

        public String numberOfMore() {
            return PageText.number(more());
        }
    }

    /**
     * A key's name, which leads to its row.
     *
     * @param known whether the scan has a row for it
     * @param since when what is wrong was first seen; empty where nothing still is
     */
    @RegisterForReflection
    public record Link(ExternalKeyId id, String name, boolean known, String since) {}

    /**
     * One key: a row of the table.
     *
     * @param ofMany what so many keys have that it is explained with its cause alone
     */
    @RegisterForReflection
    public record Row(ReportedKey key, Set<Reason> ofMany) {

        public Row {
            ofMany = Set.copyOf(ofMany);
        }

        private static final Pattern TIME = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:.]+Z");
        private static final Pattern TOOK = Pattern.compile("answered in [0-9]+ ms");
        private static final Set<String> WITHOUT_VALUE =
                Set.of("project", "lostVersions", "destruction", "primaryVersion", "label", "bindings");

        public String status() {
            return PageText.word(key.status());
        }

        /** What comes before the key's name in its full name. */
        public String path() {
            String name = key.key().toString();
            return name.substring(0, name.length() - key.key().name().length());
        }

        public boolean tells(Finding finding) {
            return !ofMany.contains(finding.reason());
        }

        public String since() {
            return PageText.minute(key.since());
        }

        public String minute() {
            return PageText.minute(key.checkedAt());
        }

        public String restored() {
            return key.restored().stream().map(Enum::name).collect(Collectors.joining(", "));
        }

        /** All that was found, what changes no status last. */
        public List<Finding> found() {
            return Stream.concat(key.findings().stream(), key.notices().stream())
                    .toList();
        }

        public String reasons() {
            return found().stream()
                    .map(finding -> finding.reason().name())
                    .distinct()
                    .collect(Collectors.joining(" "));
        }

        /** What was checked and is good, in a few words: what is the same for every key without its value. */
        public String passed() {
            return key.checks().stream()
                    .filter(check -> check.result() == CheckEntry.Result.PASSED)
                    .map(check -> (check.what() + " " + brief(check)).strip())
                    .collect(Collectors.joining("; "));
        }

        /** What a check that is not good saw: of one that failed what its finding does not tell. */
        public String value(CheckEntry check) {
            return check.result() == CheckEntry.Result.FAILED ? brief(check) : check.value();
        }

        /** What was checked and is not good, or could not be checked. */
        public List<CheckEntry> others() {
            return key.checks().stream()
                    .filter(check -> check.result() != CheckEntry.Result.PASSED)
                    .toList();
        }

        private static String brief(CheckEntry check) {
            if (WITHOUT_VALUE.contains(check.what())) {
                return "";
            }
            if (check.what().equals(CheckEntry.ROUND_TRIP)) {
                Matcher took = TOOK.matcher(check.value());
                return took.find() ? took.group() : "";
            }
            return TIME.matcher(check.value().replaceFirst("^policies read: ", "by "))
                    .replaceAll("$1");
        }
    }

    public String headline() {
        int workspaces = downs.size();
        int unhealthy = scan.count(Status.UNHEALTHY);
        int unreachable = scan.count(Status.UNREACHABLE);
        if (workspaces > 0) {
            return workspaces == 1 ? "One workspace is down" : PageText.number(workspaces) + " workspaces are down";
        }
        if (unhealthy > 0) {
            return unhealthy == 1 ? "One key is unhealthy" : PageText.number(unhealthy) + " keys are unhealthy";
        }
        if (unreachable > 0) {
            return unreachable == 1
                    ? "One key could not be checked"
                    : PageText.number(unreachable) + " keys could not be checked";
        }
        if (scan.status() == Status.SCAN_INCOMPLETE) {
            return "Not everything was checked";
        }
        return scan.keys().isEmpty() ? "No key is registered" : "No key is unhealthy";
    }

    public String lead() {
        int expected = scan.run().expected();
        int seen = scan.run().seen();
        if (expected == 0 && scan.status() == Status.SCAN_COMPLETED) {
            return "There was nothing to check.";
        }
        return (seen == expected
                        ? expected == 1
                                ? "The only expected key was"
                                : "All " + PageText.number(expected) + " expected keys were"
                        : PageText.number(seen) + " of " + PageText.number(expected, "expected key")
                                + (expected == 1 ? " was" : " were"))
                + " checked"
                + (scan.status() == Status.SCAN_COMPLETED
                        ? "."
                        : ", and the run is incomplete: what was not seen may be unhealthy.");
    }

    public String startedAt() {
        return PageText.day(scan.run().startedAt());
    }

    public String reportedAt() {
        return PageText.day(scan.run().reportedAt());
    }

    public List<Tile> tiles() {
        return ScanReport.WORST_FIRST.stream()
                .filter(status -> status != Status.REVOKED || scan.count(status) > 0)
                .map(status -> new Tile(status, scan.count(status)))
                .toList();
    }

    public List<Down> down() {
        return downs.stream().limit(DOWN_AT_MOST).toList();
    }

    public int moreDown() {
        return Math.max(0, downs.size() - DOWN_AT_MOST);
    }

    public String numberOfMoreDown() {
        return PageText.number(moreDown(), "more workspace");
    }

    /** The parts of the page that have something, in order. */
    public List<Urgency> urgencies() {
        return causes.stream().map(Cause::urgency).distinct().toList();
    }

    /** Since the scan before, and since the one of a week ago. */
    public List<Comparison> comparisons() {
        List<Comparison> comparisons = new ArrayList<>();
        scan.changes()
                .since()
                .ifPresent(since ->
                        comparisons.add(comparison("Since the scan before, of " + time(since), scan.changes())));
        scan.week()
                .flatMap(week -> week.since().map(since -> comparison("Since a week ago, " + time(since), week)))
                .filter(week -> !scan.week().equals(Optional.of(scan.changes())))
                .ifPresent(comparisons::add);
        return comparisons;
    }

    private static String time(String run) {
        return PageText.minute(new RunId(run).startedAt());
    }

    private Comparison comparison(String title, ScanRun.Changes changes) {
        List<List<ExternalKeyId>> lists = List.of(
                changes.newlyUnhealthy(),
                changes.worsened(),
                changes.recovered(),
                changes.added(),
                changes.gone(),
                changes.stillUnhealthy());
        Set<ExternalKeyId> shown = lists.stream()
                .flatMap(ids -> ids.stream().limit(SHOWN_OF_A_CHANGE))
                .collect(Collectors.toSet());
        Map<ExternalKeyId, ReportedKey> rows = scan.keys().stream()
                .filter(row -> shown.contains(row.externalKeyId()))
                .collect(Collectors.toMap(ReportedKey::externalKeyId, row -> row, (one, other) -> one));
        List<String> titles = List.of(
                "Newly unhealthy", "Unhealthy for another reason", "Recovered", "New", "Gone", "Still unhealthy");
        List<Change> all = new ArrayList<>();
        for (int i = 0; i < lists.size(); i++) {
            boolean still = i == lists.size() - 1;
            if (!lists.get(i).isEmpty()) {
                all.add(new Change(
                        titles.get(i),
                        lists.get(i).size(),
                        lists.get(i).stream()
                                .limit(SHOWN_OF_A_CHANGE)
                                .map(id -> link(id, Optional.ofNullable(rows.get(id)), still))
                                .toList()));
            }
        }
        return new Comparison(title, all);
    }

    private Link link(ExternalKeyId id, Optional<ReportedKey> row, boolean still) {
        String name = row.map(ReportedKey::key)
                .or(() -> Optional.ofNullable(scan.former().get(id.value())))
                .map(CryptoKeyName::name)
                .orElse(id.value());
        return new Link(
                id,
                name,
                row.isPresent(),
                row.filter(key -> still)
                        .map(key -> PageText.minute(key.since()))
                        .orElse(""));
    }

    /** The projects of the keys, for a filter; one is none to filter by. */
    public List<String> projects() {
        List<String> projects = scan.keys().stream()
                .map(key -> key.key().project())
                .distinct()
                .sorted()
                .toList();
        return projects.size() > 1 ? projects : List.of();
    }

    /** The reasons that keys have, for a filter. */
    public List<String> reasons() {
        return scan.keys().stream()
                .flatMap(key -> Stream.concat(key.findings().stream(), key.notices().stream()))
                .map(finding -> finding.reason().name())
                .distinct()
                .sorted()
                .toList();
    }

    public List<Row> rows() {
        Set<Reason> ofMany = causes.stream()
                .filter(cause -> cause.more() > 0)
                .map(Cause::reason)
                .collect(Collectors.toSet());
        return scan.keys().stream().map(key -> new Row(key, ofMany)).toList();
    }
}
