package cmek.evidence;

import cmek.onboarding.Finding;
import cmek.onboarding.NightFindings;
import cmek.onboarding.Reason;
import cmek.onboarding.Status;
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

/**
 * What a night comes to.
 *
 * @param status {@code NIGHT_COMPLETED} or {@code NIGHT_INCOMPLETE}
 * @param seen how many of the expected keys were looked at in time
 * @param rows one for each expected key, the worst first; one that was not looked at is {@code UNREACHABLE}
 * @param counts of the rows, by status
 * @param reasons of the rows' worst findings
 * @param coverage what is wrong with the whole
 * @param faults why it is not a complete one
 * @param history the nights before, the oldest first
 */
public record NightReport(
        RunId id,
        Status status,
        Instant startedAt,
        Instant reportedAt,
        int expected,
        int seen,
        List<KeyReport> rows,
        Map<Status, Integer> counts,
        Map<Reason, Integer> reasons,
        Changes changes,
        List<OtherKey> leftAlone,
        List<Finding> coverage,
        List<Finding> faults,
        List<Night> history) {

    private static final List<Status> WORST_FIRST =
            List.of(Status.AILING, Status.UNREACHABLE, Status.ORPHANED, Status.HEALTHY);

    public NightReport {
        rows = List.copyOf(rows);
        counts = Collections.unmodifiableMap(new EnumMap<>(counts));
        reasons = reasons.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(reasons));
        leftAlone = List.copyOf(leftAlone);
        coverage = List.copyOf(coverage);
        faults = List.copyOf(faults);
        history = List.copyOf(history);
    }

    /** One night of the history. */
    public record Night(RunId id, Instant startedAt, Status status, Map<Status, Integer> counts) {

        public Night {
            counts = Map.copyOf(counts);
        }

        public int count(Status of) {
            return counts.getOrDefault(of, 0);
        }
    }

    /**
     * Puts together what was expected and what was found.
     *
     * @param found of the expected keys, those that were looked at
     * @param missed stands in for the others
     * @param before the last of the earlier nights
     * @param history the earlier nights, the oldest first
     */
    public static NightReport of(
            NightRun run,
            List<KeyReport> found,
            List<KeyReport> missed,
            Optional<NightSummary> before,
            List<Night> history,
            Instant now) {
        List<KeyReport> rows = new ArrayList<>(found);
        rows.addAll(missed);
        rows.sort(Comparator.comparingInt((KeyReport row) -> WORST_FIRST.indexOf(row.status()))
                .thenComparing(row ->
                        row.worst().map(worst -> Severity.rank(worst.reason())).orElse(Integer.MAX_VALUE))
                .thenComparing(row -> row.key().key().toString())
                .thenComparing(row -> row.key().id().value()));
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        WORST_FIRST.forEach(status -> counts.put(status, 0));
        rows.forEach(row -> counts.merge(row.status(), 1, Integer::sum));
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        rows.forEach(row -> row.worst().ifPresent(worst -> reasons.merge(worst.reason(), 1, Integer::sum)));
        List<Finding> faults = new ArrayList<>(run.faults());
        if (!missed.isEmpty()) {
            faults.add(NightFindings.notAllSeen(missed.size(), run.expected().size()));
        }
        return new NightReport(
                run.id(),
                faults.isEmpty() ? Status.NIGHT_COMPLETED : Status.NIGHT_INCOMPLETE,
                run.startedAt(),
                now,
                run.expected().size(),
                found.size(),
                rows,
                counts,
                reasons,
                Changes.since(before, rows, run.faults().isEmpty()),
                run.leftAlone(),
                Severity.worstFirst(run.coverage()),
                faults,
                history);
    }

    NightReport withoutRows() {
        return new NightReport(
                id,
                status,
                startedAt,
                reportedAt,
                expected,
                seen,
                List.of(),
                counts,
                reasons,
                changes,
                leftAlone,
                coverage,
                faults,
                history);
    }

    public int count(Status of) {
        return counts.getOrDefault(of, 0);
    }

    /** What later nights need to know. */
    public NightSummary summary() {
        SortedMap<String, Status> keys = new TreeMap<>();
        rows.forEach(row -> keys.put(row.key().id().value(), row.status()));
        return new NightSummary(id, startedAt, status, counts, keys);
    }

    /** One line for a person. */
    public String message() {
        return seen + " of " + expected + " keys looked at: " + count(Status.HEALTHY) + " healthy, "
                + count(Status.AILING) + " ailing, " + count(Status.UNREACHABLE) + " unreachable, "
                + count(Status.ORPHANED) + " orphaned; " + changes.newlyAiling().size() + " newly ailing, "
                + changes.recovered().size() + " recovered";
    }
}
