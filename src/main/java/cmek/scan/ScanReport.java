package cmek.scan;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.model.Versioned;
import cmek.result.ScanRun;
import cmek.result.Status;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The result of a scan.
 *
 * @param status {@code SCAN_COMPLETED} or {@code SCAN_INCOMPLETE}
 * @param seen how many of the expected keys were checked in time
 * @param rows one for each expected key, the worst first; one that was not checked is {@code UNREACHABLE}
 * @param counts of the rows, by status
 * @param reasons of the rows' worst findings
 * @param coverage what is wrong with the organization rather than with one key
 * @param faults why it is not complete
 * @param history the scans before, the oldest first
 */
@RegisterForReflection
public record ScanReport(
        RunId id,
        Status status,
        Instant startedAt,
        Instant reportedAt,
        int expected,
        int seen,
        List<KeyReport> rows,
        Map<Status, Integer> counts,
        Map<Reason, Integer> reasons,
        ScanRun.Changes changes,
        List<OtherKey> skipped,
        List<Finding> coverage,
        List<Finding> faults,
        List<ScanFigures> history)
        implements Versioned {

    /** In which order keys are shown. */
    public static final List<Status> WORST_FIRST =
            List.of(Status.UNHEALTHY, Status.UNREACHABLE, Status.REVOKED, Status.UNUSED, Status.HEALTHY);

    private static final Comparator<KeyReport> ROWS_WORST_FIRST = Comparator.comparingInt(
                    (KeyReport row) -> WORST_FIRST.indexOf(row.status()))
            .thenComparing(row ->
                    row.worst().map(worst -> FindingOrder.rank(worst.reason())).orElse(Integer.MAX_VALUE))
            .thenComparing(row -> row.key().key().toString())
            .thenComparing(row -> row.key().id().value());

    public ScanReport {
        counts = Collections.unmodifiableMap(new EnumMap<>(counts));
        reasons = reasons.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(reasons));
        rows = List.copyOf(rows);
        skipped = List.copyOf(skipped);
        coverage = List.copyOf(coverage);
        faults = List.copyOf(faults);
        history = List.copyOf(history);
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
            ScanPlan plan,
            List<KeyReport> found,
            List<KeyReport> missed,
            Optional<ScanSummary> before,
            List<ScanFigures> history,
            Instant now) {
        List<KeyReport> rows = Stream.concat(found.stream(), missed.stream())
                .sorted(ROWS_WORST_FIRST)
                .toList();
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        WORST_FIRST.forEach(status -> counts.put(status, 0));
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        for (KeyReport row : rows) {
            counts.merge(row.status(), 1, Integer::sum);
            row.worst().ifPresent(worst -> reasons.merge(worst.reason(), 1, Integer::sum));
        }
        List<Finding> faults = new ArrayList<>(plan.faults());
        if (!missed.isEmpty()) {
            faults.add(ScanFindings.notAllSeen(missed.size(), plan.expected().size()));
        }
        return new ScanReport(
                plan.id(),
                faults.isEmpty() ? Status.SCAN_COMPLETED : Status.SCAN_INCOMPLETE,
                plan.startedAt(),
                now,
                plan.expected().size(),
                found.size(),
                rows,
                counts,
                reasons,
                Changes.since(before, rows, plan.faults().isEmpty()),
                plan.skipped(),
                FindingOrder.worstFirst(plan.coverage()),
                faults,
                history);
    }

    public int count(Status of) {
        return counts.getOrDefault(of, 0);
    }

    /** What later scans need to know. */
    public ScanSummary summary() {
        SortedMap<String, Status> keys = new TreeMap<>();
        // Anthropic's list may change between two pages and name a registration twice; the last row counts.
        rows.forEach(row -> keys.put(row.key().id().value(), row.status()));
        return new ScanSummary(id, startedAt, status, counts, keys);
    }

    /** One line for a person. */
    public String message() {
        return "Checked " + seen + " of " + expected + (expected == 1 ? " key: " : " keys: ") + count(Status.HEALTHY)
                + " healthy, "
                + count(Status.UNHEALTHY) + " unhealthy, " + count(Status.UNREACHABLE) + " unreachable, "
                + count(Status.UNUSED) + " unused"
                + (count(Status.REVOKED) == 0 ? "" : ", " + count(Status.REVOKED) + " revoked") + "; "
                + changes.newlyUnhealthy().size() + " newly unhealthy, "
                + changes.recovered().size() + " recovered";
    }
}
