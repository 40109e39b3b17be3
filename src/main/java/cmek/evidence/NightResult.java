package cmek.evidence;

import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Finding;
import cmek.onboarding.Reason;
import cmek.onboarding.Status;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One published fact of a night or about one inspected key; under the same contract as an onboarding's,
 * {@code deployment/schemas/result.schema.json}.
 *
 * @param requestId the run's id
 * @param step the function that speaks
 * @param findings all that is wrong, worst first; {@code reason}, {@code message} and {@code remedy} are the worst one's
 * @param run only where a night itself is spoken of
 */
public record NightResult(
        String requestId,
        Status status,
        String step,
        Optional<Reason> reason,
        String message,
        List<String> remedy,
        Optional<String> documentation,
        Optional<String> key,
        Optional<ExternalKeyId> externalKeyId,
        Optional<String> workspaceId,
        Optional<String> mode,
        List<Finding> warnings,
        List<String> steps,
        List<Finding> findings,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Run> run,

        Instant occurredAt) {

    public NightResult {
        remedy = List.copyOf(remedy);
        warnings = List.copyOf(warnings);
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /**
     * A night in figures.
     *
     * @param expected how many keys
     * @param seen how many of them were looked at
     * @param counts by status; empty at the beginning
     * @param reasons of the worst finding of each key
     * @param changes only at the end
     * @param leftAlone registrations of keys that lie elsewhere
     * @param keys at the beginning the expected registrations, at the end one row a key; not in the log
     * @param report the folder in the evidence bucket, only at the end
     */
    public record Run(
            String id,
            int expected,
            int seen,
            Map<Status, Integer> counts,
            Map<Reason, Integer> reasons,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Changes> changes,
            List<ExternalKeyId> leftAlone,
            List<Row> keys,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> report) {

        public Run {
            leftAlone = List.copyOf(leftAlone);
            keys = List.copyOf(keys);
        }
    }

    /** One key of a night in a line. */
    public record Row(
            ExternalKeyId externalKeyId,
            CryptoKeyName key,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Status> status,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Reason> reason) {}

    /** What was found of one key. */
    public static NightResult of(KeyReport report) {
        return new NightResult(
                report.run().value(),
                report.status(),
                "inspectKey",
                report.worst().map(Finding::reason),
                report.message(),
                report.worst().map(Finding::remedy).orElse(List.of()),
                report.worst().map(finding -> finding.reason().documentation()),
                Optional.of(report.key().key().toString()),
                Optional.of(report.key().id()),
                Optional.empty(),
                Optional.empty(),
                report.notes(),
                List.of(),
                report.findings(),
                Optional.empty(),
                report.inspectedAt());
    }

    /** A night begins. */
    public static NightResult of(NightRun run) {
        List<Row> keys = run.expected().stream()
                .map(key -> new Row(key.id(), key.key(), Optional.empty(), Optional.empty()))
                .toList();
        return night(
                run.id(),
                Status.NIGHT_STARTED,
                "startNight",
                run.expected().size() + " keys are going to be looked at, "
                        + run.leftAlone().size() + " are left alone",
                List.of(),
                run.faults(),
                new Run(
                        run.id().value(),
                        run.expected().size(),
                        0,
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        ids(run.leftAlone()),
                        keys,
                        Optional.empty()),
                run.startedAt());
    }

    /** A night has ended. */
    public static NightResult of(NightReport report, String folder) {
        List<Row> keys = report.rows().stream()
                .map(row -> new Row(
                        row.key().id(),
                        row.key().key(),
                        Optional.of(row.status()),
                        row.worst().map(Finding::reason)))
                .toList();
        List<Finding> warnings = new ArrayList<>(report.coverage());
        return night(
                report.id(),
                report.status(),
                "reportNight",
                report.message(),
                report.faults(),
                warnings,
                new Run(
                        report.id().value(),
                        report.expected(),
                        report.seen(),
                        report.counts(),
                        report.reasons(),
                        Optional.of(report.changes()),
                        ids(report.leftAlone()),
                        keys,
                        Optional.of(folder)),
                report.reportedAt());
    }

    /**
     * The end of a message that no run comes of.
     *
     * @param status {@code REFUSED} or {@code FAILED}
     */
    public static NightResult nameless(String messageId, Status status, String step, Finding finding, Instant at) {
        return new NightResult(
                messageId,
                status,
                step,
                Optional.of(finding.reason()),
                finding.message(),
                finding.remedy(),
                Optional.of(finding.reason().documentation()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(finding),
                Optional.empty(),
                at);
    }

    /** The same without the rows, which an entry of a log would not hold. */
    public NightResult withoutRows() {
        return new NightResult(
                requestId,
                status,
                step,
                reason,
                message,
                remedy,
                documentation,
                key,
                externalKeyId,
                workspaceId,
                mode,
                warnings.size() > LOGGED_AT_MOST ? warnings.subList(0, LOGGED_AT_MOST) : warnings,
                steps,
                findings,
                run.map(all -> new Run(
                        all.id(),
                        all.expected(),
                        all.seen(),
                        all.counts(),
                        all.reasons(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        all.report())),
                occurredAt);
    }

    private static final int LOGGED_AT_MOST = 20;

    private static NightResult night(
            RunId id,
            Status status,
            String step,
            String message,
            List<Finding> findings,
            List<Finding> warnings,
            Run run,
            Instant at) {
        Optional<Finding> first = findings.stream().findFirst();
        return new NightResult(
                id.value(),
                status,
                step,
                first.map(Finding::reason),
                message,
                first.map(Finding::remedy).orElse(List.of()),
                first.map(finding -> finding.reason().documentation()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                warnings,
                List.of(),
                findings,
                Optional.of(run),
                at);
    }

    private static List<ExternalKeyId> ids(List<OtherKey> keys) {
        return keys.stream().map(OtherKey::id).toList();
    }
}
