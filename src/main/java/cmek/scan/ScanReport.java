package cmek.scan;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.result.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a scan comes to.
 *
 * @param status {@code SCAN_COMPLETED} or {@code SCAN_INCOMPLETE}
 * @param seen how many of the expected keys were checked in time
 * @param rows one for each expected key, the worst first; one that was not checked is {@code UNREACHABLE}
 * @param counts of the rows, by status
 * @param reasons of the rows' worst findings
 * @param coverage what is wrong with the whole
 * @param faults why it is not a complete one
 * @param history the scans before, the oldest first
 */
public record ScanReport(
        RunId id,
        Status status,
        Instant startedAt,
        Instant reportedAt,
        int expected,
        int seen,
        Packed<KeyReport> rows,
        Map<Status, Integer> counts,
        Map<Reason, Integer> reasons,
        Changes changes,
        Packed<OtherKey> skipped,
        Packed<Finding> coverage,
        List<Finding> faults,
        List<Scan> history) {

    private static final List<Status> WORST_FIRST =
            List.of(Status.UNHEALTHY, Status.UNREACHABLE, Status.UNUSED, Status.HEALTHY);

    private static final Comparator<KeyReport> ROWS_WORST_FIRST = Comparator.comparingInt(
                    (KeyReport row) -> WORST_FIRST.indexOf(row.status()))
            .thenComparing(row ->
                    row.worst().map(worst -> FindingOrder.rank(worst.reason())).orElse(Integer.MAX_VALUE))
            .thenComparing(row -> row.key().key().toString())
            .thenComparing(row -> row.key().id().value());

    public ScanReport {
        counts = Collections.unmodifiableMap(new EnumMap<>(counts));
        reasons = reasons.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(reasons));
        faults = List.copyOf(faults);
        history = List.copyOf(history);
    }

    /** One scan of the history. */
    public record Scan(RunId id, Instant startedAt, Status status, Map<Status, Integer> counts) {

        public Scan {
            counts = Map.copyOf(counts);
        }

        public int count(Status of) {
            return counts.getOrDefault(of, 0);
        }
    }

    /**
     * Puts together what was expected and what was found.
     *
     * @param found of the expected keys, those that were checked
     * @param missed stands in for the others
     * @param before the last of the earlier scans
     * @param history the earlier scans, the oldest first
     */
    public static ScanReport of(
            ScanPlan run,
            Collection<KeyReport> found,
            Collection<KeyReport> missed,
            Optional<ScanSummary> before,
            List<Scan> history,
            Instant now) {
        ExternalSort<KeyReport> sort = new ExternalSort<>(ROWS_WORST_FIRST);
        found.forEach(sort::add);
        missed.forEach(sort::add);
        Packed<KeyReport> rows = sort.sorted();
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        WORST_FIRST.forEach(status -> counts.put(status, 0));
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        for (KeyReport row : rows) {
            counts.merge(row.status(), 1, Integer::sum);
            row.worst().ifPresent(worst -> reasons.merge(worst.reason(), 1, Integer::sum));
        }
        List<Finding> faults = new ArrayList<>(run.faults());
        if (!missed.isEmpty()) {
            faults.add(ScanFindings.notAllSeen(missed.size(), run.expected().size()));
        }
        return new ScanReport(
                run.id(),
                faults.isEmpty() ? Status.SCAN_COMPLETED : Status.SCAN_INCOMPLETE,
                run.startedAt(),
                now,
                run.expected().size(),
                found.size(),
                rows,
                counts,
                reasons,
                Changes.since(before, rows, run.faults().isEmpty()),
                run.skipped(),
                ExternalSort.sorted(run.coverage(), FindingOrder.BY_RANK),
                faults,
                history);
    }

    /** The same without what grows with the estate. */
    ScanReport frame() {
        return new ScanReport(
                id,
                status,
                startedAt,
                reportedAt,
                expected,
                seen,
                Packed.none(),
                counts,
                reasons,
                changes.frame(),
                Packed.none(),
                Packed.none(),
                faults,
                history);
    }

    public int count(Status of) {
        return counts.getOrDefault(of, 0);
    }

    /** What later scans need to know. */
    public ScanSummary summary() {
        ExternalSort<ScanSummary.Key> sort = new ExternalSort<>(Comparator.comparing(ScanSummary.Key::id));
        rows.forEach(row -> sort.add(new ScanSummary.Key(row.key().id().value(), row.status())));
        Packed.Builder<ScanSummary.Key> keys = new Packed.Builder<>();
        // Anthropic's list may change between two pages and name a registration twice.
        MergeJoin.groups(sort.sorted(), ScanSummary.Key::id, same -> keys.add(same.get(same.size() - 1)));
        return new ScanSummary(id, startedAt, status, counts, keys.build());
    }

    /** One line for a person. */
    public String message() {
        return seen + " of " + expected + " keys checked: " + count(Status.HEALTHY) + " healthy, "
                + count(Status.UNHEALTHY) + " unhealthy, " + count(Status.UNREACHABLE) + " unreachable, "
                + count(Status.UNUSED) + " unused; " + changes.newlyUnhealthy().size() + " newly unhealthy, "
                + changes.recovered().size() + " recovered";
    }
}
