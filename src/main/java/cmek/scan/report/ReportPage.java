package cmek.scan.report;

import cmek.finding.Finding;
import cmek.model.ExternalKeyId;
import cmek.result.ScanRun;
import cmek.result.Status;
import cmek.scan.ReportedKey;
import cmek.scan.ScanReport;
import io.quarkus.qute.RawString;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A scan as its page shows it: what the templates in {@code templates/report} ask for. They write every text so that a
 * browser takes it for nothing but text.
 *
 * @param style the page's style sheet, which is written as it is
 * @param script sorts and filters the table, and is written as it is
 */
@RegisterForReflection
public record ReportPage(ScanReport scan, RawString style, RawString script) {

    private static final int SHOWN_OF_A_CHANGE = 12;

    private static final DateTimeFormatter DAY = time("EEEE d MMMM uuuu, HH:mm 'UTC'");
    private static final DateTimeFormatter MINUTE = time("d MMM HH:mm");

    /** How many keys have a status. */
    @RegisterForReflection
    public record Tile(Status status, int keys) {

        public String word() {
            return ReportPage.word(status);
        }

        public String number() {
            return ReportPage.number(keys);
        }
    }

    /** The keys of which one thing has changed; of many only the first. */
    @RegisterForReflection
    public record Change(String what, List<ExternalKeyId> keys, List<Link> shown) {

        public Change {
            keys = List.copyOf(keys);
            shown = List.copyOf(shown);
        }

        public String number() {
            return ReportPage.number(keys.size());
        }

        public int more() {
            return keys.size() - shown.size();
        }

        public String numberOfMore() {
            return ReportPage.number(more());
        }
    }

    /**
     * A key's name, which leads to what is wrong with it.
     *
     * @param known whether the scan has a row for it
     */
    @RegisterForReflection
    public record Link(ExternalKeyId id, String name, boolean known, boolean troubled) {

        private static Link to(ReportedKey key) {
            return new Link(
                    key.externalKeyId(), key.key().name(), true, !key.findings().isEmpty());
        }
    }

    /** One key: a row of the table, and an article where something is wrong with it. */
    @RegisterForReflection
    public record Row(ReportedKey key) {

        public String status() {
            return word(key.status());
        }

        public int rank() {
            return ScanReport.WORST_FIRST.indexOf(key.status());
        }

        public Link link() {
            return Link.to(key);
        }

        /** What is wrong, each reason in the parts between which it may break. */
        public List<List<String>> reasons() {
            return parts(key.findings());
        }

        public List<List<String>> notes() {
            return parts(key.notices());
        }

        public String restored() {
            return key.restored().stream().map(Enum::name).collect(Collectors.joining(", "));
        }

        public String minute() {
            return MINUTE.format(key.checkedAt());
        }

        private static List<List<String>> parts(List<Finding> findings) {
            return findings.stream()
                    .map(finding -> finding.reason().name())
                    .distinct()
                    .map(reason -> List.of(reason.split("_")))
                    .toList();
        }
    }

    public String headline() {
        int unhealthy = scan.count(Status.UNHEALTHY);
        int unreachable = scan.count(Status.UNREACHABLE);
        if (unhealthy > 0) {
            return unhealthy == 1 ? "One key is unhealthy" : number(unhealthy) + " keys are unhealthy";
        }
        if (unreachable > 0) {
            return unreachable == 1
                    ? "One key could not be checked"
                    : number(unreachable) + " keys could not be checked";
        }
        if (scan.status() == Status.SCAN_INCOMPLETE) {
            return "Not everything was checked";
        }
        return scan.keys().isEmpty() ? "No key is registered" : "No key is unhealthy";
    }

    public String lead() {
        return (scan.run().seen() == scan.run().expected()
                        ? "All "
                        : number(scan.run().seen()) + " of ")
                + number(scan.run().expected())
                + " expected keys were checked"
                + (scan.status() == Status.SCAN_COMPLETED
                        ? "."
                        : ", and the run is incomplete: what was not seen may be unhealthy.");
    }

    public String startedAt() {
        return day(scan.run().startedAt());
    }

    public String reportedAt() {
        return day(scan.run().reportedAt());
    }

    public List<Tile> tiles() {
        return ScanReport.WORST_FIRST.stream()
                .filter(status -> status != Status.REVOKED || scan.count(status) > 0)
                .map(status -> new Tile(status, scan.count(status)))
                .toList();
    }

    /** Whether there is no scan before this one. */
    public boolean first() {
        return scan.changes().since().isEmpty();
    }

    /** What is different from the scan before; without what is not. */
    public List<Change> changes() {
        ScanRun.Changes changes = scan.changes();
        Set<ExternalKeyId> shown = Stream.of(changes.newlyUnhealthy(), changes.recovered(), changes.added())
                .flatMap(ids -> ids.stream().limit(SHOWN_OF_A_CHANGE))
                .collect(Collectors.toSet());
        Map<ExternalKeyId, Link> links = scan.keys().stream()
                .filter(row -> shown.contains(row.externalKeyId()))
                .collect(Collectors.toMap(row -> row.externalKeyId(), Link::to, (one, other) -> one));
        return Stream.of(
                        change("Newly unhealthy", changes.newlyUnhealthy(), links),
                        change("Recovered", changes.recovered(), links),
                        change("New", changes.added(), links),
                        change("Gone", changes.gone(), links))
                .filter(change -> !change.keys().isEmpty())
                .toList();
    }

    private static Change change(String what, List<ExternalKeyId> keys, Map<ExternalKeyId, Link> links) {
        return new Change(
                what,
                keys,
                keys.stream()
                        .limit(SHOWN_OF_A_CHANGE)
                        .map(id -> links.getOrDefault(id, new Link(id, id.value(), false, false)))
                        .toList());
    }

    /** The keys with findings. */
    public List<Row> articles() {
        return scan.keys().stream()
                .filter(row -> !row.findings().isEmpty())
                .map(Row::new)
                .toList();
    }

    public List<Row> rows() {
        return scan.keys().stream().map(Row::new).toList();
    }

    static String day(Instant instant) {
        return DAY.format(instant);
    }

    static String number(int number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }
}
