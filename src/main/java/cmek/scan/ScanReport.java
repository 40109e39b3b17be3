package cmek.scan;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.model.CryptoKeyName;
import cmek.model.OrganizationId;
import cmek.model.Versioned;
import cmek.result.ScanRun;
import cmek.result.Status;
import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * The result of a scan, as {@code report.json} has it for people's programs; the contract is
 * {@code deployment/schemas/report.schema.json}.
 *
 * @param organization whose keys these are, at Anthropic
 * @param serviceVersion of the service that made the report
 * @param keys one for each expected key, the worst first; one that was not checked is {@code UNREACHABLE}
 * @param changes since the scan before
 * @param week the same since the scan of a week ago; empty where there is none
 * @param former the names of keys that are gone, by their registrations, where they are known
 * @param coverage what is wrong with the organization rather than with one key
 * @param faults why it is not complete
 * @param history the scans before, the oldest first
 */
@RegisterForReflection
public record ScanReport(
        OrganizationId organization,
        String serviceVersion,
        Run run,
        List<ReportedKey> keys,
        ScanRun.Changes changes,
        Optional<ScanRun.Changes> week,
        Map<String, CryptoKeyName> former,
        List<OtherKey> skipped,
        List<Finding> coverage,
        List<Finding> faults,
        List<ScanFigures> history)
        implements Versioned {

    /**
     * The scan itself.
     *
     * @param status {@code SCAN_COMPLETED} or {@code SCAN_INCOMPLETE}
     * @param expected how many keys were to be checked
     * @param seen how many of them were checked in time
     * @param counts of the keys, by status
     * @param reasons of the keys' worst findings
     */
    @RegisterForReflection
    public record Run(
            RunId id,
            Status status,
            Instant startedAt,
            Instant reportedAt,
            int expected,
            int seen,
            Map<Status, Integer> counts,
            Map<Reason, Integer> reasons) {

        public Run {
            counts = Collections.unmodifiableMap(new EnumMap<>(counts));
            reasons = reasons.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(reasons));
        }
    }

    /**
     * The scans before.
     *
     * @param last the one before
     * @param ofLastWeek the last one of a week ago or earlier
     * @param all the last ones in figures, the oldest first
     */
    public record Before(Optional<ScanSummary> last, Optional<ScanSummary> ofLastWeek, List<ScanFigures> all) {

        public static final Before NOTHING = new Before(Optional.empty(), Optional.empty(), List.of());

        public Before {
            all = List.copyOf(all);
        }
    }

    /** In which order keys are shown. */
    public static final List<Status> WORST_FIRST =
            List.of(Status.UNHEALTHY, Status.UNREACHABLE, Status.REVOKED, Status.UNUSED, Status.HEALTHY);

    private static final Comparator<ReportedKey> KEYS_WORST_FIRST = Comparator.comparingInt(
                    (ReportedKey key) -> WORST_FIRST.indexOf(key.status()))
            .thenComparing(key ->
                    key.worst().map(worst -> FindingOrder.rank(worst.reason())).orElse(Integer.MAX_VALUE))
            .thenComparing(key -> key.key().toString())
            .thenComparing(key -> key.externalKeyId().value());

    public ScanReport {
        keys = List.copyOf(keys);
        former = Collections.unmodifiableMap(new TreeMap<>(former));
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
     */
    public static ScanReport of(
            OrganizationId organization,
            String serviceVersion,
            ScanPlan plan,
            List<KeyReport> found,
            List<KeyReport> missed,
            Before before,
            Instant now) {
        List<ReportedKey> keys = Stream.concat(found.stream(), missed.stream())
                .map(ReportedKey::of)
                .sorted(KEYS_WORST_FIRST)
                .toList();
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        WORST_FIRST.forEach(status -> counts.put(status, 0));
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        for (ReportedKey key : keys) {
            counts.merge(key.status(), 1, Integer::sum);
            key.worst().ifPresent(worst -> reasons.merge(worst.reason(), 1, Integer::sum));
        }
        List<Finding> faults = new ArrayList<>(plan.faults());
        if (!missed.isEmpty()) {
            faults.add(ScanFindings.notAllSeen(missed.size(), plan.expected().size()));
        }
        boolean listsAreComplete = plan.faults().isEmpty();
        ScanRun.Changes changes = Changes.since(before.last(), keys, listsAreComplete);
        Optional<ScanRun.Changes> week = before.ofLastWeek()
                .map(scan -> scan.id().equals(before.last().map(ScanSummary::id).orElse(null))
                        ? changes
                        : Changes.since(Optional.of(scan), keys, listsAreComplete));
        return new ScanReport(
                organization,
                serviceVersion,
                new Run(
                        plan.id(),
                        faults.isEmpty() ? Status.SCAN_COMPLETED : Status.SCAN_INCOMPLETE,
                        plan.startedAt(),
                        now,
                        plan.expected().size(),
                        found.size(),
                        counts,
                        reasons),
                keys,
                changes,
                week,
                former(changes, week, before),
                plan.skipped(),
                FindingOrder.worstFirst(plan.coverage()),
                faults,
                before.all());
    }

    private static Map<String, CryptoKeyName> former(
            ScanRun.Changes changes, Optional<ScanRun.Changes> week, Before before) {
        Map<String, CryptoKeyName> names = new TreeMap<>();
        Stream.concat(changes.gone().stream(), week.stream().flatMap(since -> since.gone().stream()))
                .forEach(id -> Stream.of(before.last(), before.ofLastWeek())
                        .flatMap(Optional::stream)
                        .flatMap(scan -> Optional.ofNullable(scan.details().get(id.value())).stream())
                        .findFirst()
                        .ifPresent(key -> names.put(id.value(), key.key())));
        return names;
    }

    @JsonIgnore
    public RunId id() {
        return run.id();
    }

    @JsonIgnore
    public Status status() {
        return run.status();
    }

    public int count(Status of) {
        return run.counts().getOrDefault(of, 0);
    }

    /** The scan in figures, for later ones. */
    public ScanFigures figures() {
        return new ScanFigures(run.id(), run.startedAt(), run.status(), run.counts());
    }

    /** What later scans need to know. */
    public ScanSummary summary() {
        SortedMap<String, Status> statuses = new TreeMap<>();
        SortedMap<String, ScanSummary.Key> details = new TreeMap<>();
        // Anthropic's list may change between two pages and name a registration twice; the last row counts.
        for (ReportedKey key : keys) {
            statuses.put(key.externalKeyId().value(), key.status());
            details.put(
                    key.externalKeyId().value(),
                    new ScanSummary.Key(
                            key.key(),
                            key.findings().stream()
                                    .map(finding -> finding.reason().name())
                                    .distinct()
                                    .toList()));
        }
        return new ScanSummary(run.id(), run.startedAt(), run.status(), run.counts(), statuses, details);
    }

    /** One line for a person. */
    public String message() {
        int expected = run.expected();
        return "Checked " + run.seen() + " of " + expected + (expected == 1 ? " key: " : " keys: ")
                + count(Status.HEALTHY)
                + " healthy, "
                + count(Status.UNHEALTHY) + " unhealthy, " + count(Status.UNREACHABLE) + " unreachable, "
                + count(Status.UNUSED) + " unused"
                + (count(Status.REVOKED) == 0 ? "" : ", " + count(Status.REVOKED) + " revoked") + "; "
                + changes.newlyUnhealthy().size() + " newly unhealthy, "
                + changes.recovered().size() + " recovered";
    }
}
