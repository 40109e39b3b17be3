package cmek.scan;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.result.Status;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One published fact of a scan or about one inspected key; under the same contract as an onboarding's,
 * {@code deployment/schemas/result.schema.json}. Pub/Sub takes ten megabytes a message, however many keys there are: of a
 * long list a message has the first ones and says how many it leaves out; all of them are in the evidence bucket.
 *
 * @param requestId the run's id
 * @param step the function that speaks
 * @param findings all that is wrong, worst first; {@code reason}, {@code message} and {@code remedy} are the worst one's
 * @param run only where a scan itself is spoken of
 */
public record ScanResult(
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

    private static final int ROWS_AT_MOST = 1_000;
    private static final int IDS_AT_MOST = 1_000;

    /** Each may have a page of remedy. */
    private static final int FINDINGS_AT_MOST = 100;

    private static final int LOGGED_AT_MOST = 20;

    public ScanResult {
        remedy = List.copyOf(remedy);
        warnings = List.copyOf(warnings);
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /**
     * A scan in figures.
     *
     * @param expected how many keys
     * @param seen how many of them were checked
     * @param counts by status; empty at the beginning
     * @param reasons of the worst finding of each key
     * @param changes only at the end
     * @param skipped registrations of keys that lie elsewhere
     * @param keys at the beginning the expected registrations, at the end one row a key, the worst first; not in the log
     * @param leftOut of each list of this message that is not whole, how many entries it lacks
     * @param report the folder in the evidence bucket, only at the end
     */
    public record Run(
            String id,
            int expected,
            int seen,
            Map<Status, Integer> counts,
            Map<Reason, Integer> reasons,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Changes> changes,
            List<ExternalKeyId> skipped,
            List<Row> keys,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> leftOut,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> report) {

        public Run {
            skipped = List.copyOf(skipped);
            keys = List.copyOf(keys);
            leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
        }
    }

    /** One key of a scan in a line. */
    public record Row(
            ExternalKeyId externalKeyId,
            CryptoKeyName key,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Status> status,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Reason> reason) {}

    /** What was found of one key. */
    public static ScanResult of(KeyReport report) {
        return new ScanResult(
                report.run().value(),
                report.status(),
                "scanKey",
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

    /**
     * A scan begins.
     *
     * @param folder of the run in the evidence bucket
     */
    public static ScanResult of(ScanPlan run, String folder) {
        MessageLists beginnings = new MessageLists();
        List<Row> keys = beginnings.of(
                "keys",
                run.expected(),
                ROWS_AT_MOST,
                key -> new Row(key.id(), key.key(), Optional.empty(), Optional.empty()));
        List<Finding> warnings = beginnings.of("warnings", run.faults(), FINDINGS_AT_MOST);
        List<ExternalKeyId> skipped = beginnings.of("skipped", run.skipped(), IDS_AT_MOST, OtherKey::id);
        return scan(
                run.id(),
                Status.SCAN_STARTED,
                "startScan",
                run.expected().size() + " keys are going to be checked, "
                        + run.skipped().size() + " are skipped" + beginnings.told(folder + "run.json"),
                List.of(),
                warnings,
                new Run(
                        run.id().value(),
                        run.expected().size(),
                        0,
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        skipped,
                        keys,
                        beginnings.leftOut(),
                        Optional.empty()),
                run.startedAt());
    }

    /**
     * A scan has ended.
     *
     * @param folder of the run in the evidence bucket
     */
    public static ScanResult of(ScanReport report, String folder) {
        MessageLists beginnings = new MessageLists();
        List<Row> keys = beginnings.of(
                "keys",
                report.rows(),
                ROWS_AT_MOST,
                row -> new Row(
                        row.key().id(),
                        row.key().key(),
                        Optional.of(row.status()),
                        row.worst().map(Finding::reason)));
        List<Finding> findings = beginnings.of("findings", report.faults(), FINDINGS_AT_MOST);
        List<Finding> warnings = beginnings.of("warnings", report.coverage(), FINDINGS_AT_MOST);
        List<ExternalKeyId> skipped = beginnings.of("skipped", report.skipped(), IDS_AT_MOST, OtherKey::id);
        Changes all = report.changes();
        Changes changes = new Changes(
                all.since(),
                Packed.copyOf(beginnings.of("newlyUnhealthy", all.newlyUnhealthy(), IDS_AT_MOST)),
                Packed.copyOf(beginnings.of("recovered", all.recovered(), IDS_AT_MOST)),
                Packed.copyOf(beginnings.of("added", all.added(), IDS_AT_MOST)),
                Packed.copyOf(beginnings.of("gone", all.gone(), IDS_AT_MOST)));
        return scan(
                report.id(),
                report.status(),
                "reportScan",
                report.message() + beginnings.told(folder + "report.json"),
                findings,
                warnings,
                new Run(
                        report.id().value(),
                        report.expected(),
                        report.seen(),
                        report.counts(),
                        report.reasons(),
                        Optional.of(changes),
                        skipped,
                        keys,
                        beginnings.leftOut(),
                        Optional.of(folder)),
                report.reportedAt());
    }

    /**
     * The end of a message that no run comes of.
     *
     * @param status {@code REFUSED} or {@code FAILED}
     */
    public static ScanResult nameless(String messageId, Status status, String step, Finding finding, Instant at) {
        return new ScanResult(
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

    /** The same for an entry of a log, which holds a quarter of a megabyte: without rows and ids, and with few findings. */
    public ScanResult logged() {
        return new ScanResult(
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
                first(warnings),
                steps,
                first(findings),
                run.map(all -> new Run(
                        all.id(),
                        all.expected(),
                        all.seen(),
                        all.counts(),
                        all.reasons(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        all.leftOut(),
                        all.report())),
                occurredAt);
    }

    private static List<Finding> first(List<Finding> findings) {
        return findings.subList(0, Math.min(findings.size(), LOGGED_AT_MOST));
    }

    private static ScanResult scan(
            RunId id,
            Status status,
            String step,
            String message,
            List<Finding> findings,
            List<Finding> warnings,
            Run run,
            Instant at) {
        Optional<Finding> first = findings.stream().findFirst();
        return new ScanResult(
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
}
