package cmek.scan;

import cmek.finding.Finding;
import cmek.model.ExternalKeyId;
import cmek.result.CheckedKey;
import cmek.result.Result;
import cmek.result.ScanRun;
import cmek.result.Status;
import cmek.scan.RegisteredKey.WorkspaceUse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Results about a scan or about one key of it. Pub/Sub takes ten megabytes a message, however many keys there are: of a
 * long list a message has the first entries and says how many it leaves out; all of them are in the evidence bucket.
 */
public final class ScanResults {

    private static final int ROWS_AT_MOST = 1_000;
    private static final int IDS_AT_MOST = 1_000;

    /** Each may have a page of remedy. */
    private static final int FINDINGS_AT_MOST = 100;

    /** An alert names these, and how many more there are. */
    private static final int WORKSPACES_AT_MOST = 20;

    private ScanResults() {}

    /**
     * What was found of one key.
     *
     * @param link where a person reads more
     */
    public static Result of(KeyReport report, String link) {
        Result.Builder result = Result.builder(
                        report.run().value(), report.status(), "scanKey", report.message(), report.inspectedAt())
                .key(report.key().key().toString())
                .externalKeyId(Optional.of(report.key().id()))
                .warnings(report.notes())
                .findings(report.findings())
                .checked(checked(ReportedKey.of(report), link));
        report.worst().ifPresent(result::because);
        return result.build();
    }

    private static CheckedKey checked(ReportedKey key, String link) {
        List<String> down =
                key.workspacesDown().stream().map(WorkspaceUse::described).toList();
        Map<String, String> checks = new TreeMap<>();
        key.checks().forEach(check -> checks.put(check.what(), (check.result() + " " + check.value()).strip()));
        return new CheckedKey(
                key.key().name(),
                key.displayName(),
                key.key().project(),
                key.labels(),
                key.down(),
                down.stream().limit(WORKSPACES_AT_MOST).collect(Collectors.joining(", "))
                        + (down.size() > WORKSPACES_AT_MOST
                                ? " and " + (down.size() - WORKSPACES_AT_MOST) + " more"
                                : ""),
                key.since(),
                key.downSince(),
                key.worst()
                        .map(worst -> worst.remedy().stream()
                                .filter(Finding::isCommand)
                                .findFirst()
                                .orElseGet(() -> worst.remedy().get(0)))
                        .orElse(""),
                link,
                checks);
    }

    /**
     * A scan begins.
     *
     * @param folder of the run in the evidence bucket
     */
    public static Result of(ScanPlan plan, String folder) {
        MessageLists lists = new MessageLists();
        List<ScanRun.Row> keys = lists.of(
                "keys",
                plan.expected(),
                ROWS_AT_MOST,
                key -> new ScanRun.Row(key.id(), key.key(), Optional.empty(), Optional.empty()));
        List<Finding> warnings = lists.of("warnings", plan.faults(), FINDINGS_AT_MOST);
        List<ExternalKeyId> skipped = lists.of("skipped", plan.skipped(), IDS_AT_MOST, OtherKey::id);
        int expected = plan.expected().size();
        String message = "Scan started: " + expected + (expected == 1 ? " key" : " keys") + " to check, "
                + plan.skipped().size() + " skipped (not in Cloud KMS)" + lists.told(folder + "run.json");
        return Result.builder(plan.id().value(), Status.SCAN_STARTED, "startScan", message, plan.startedAt())
                .warnings(warnings)
                .findings(List.of())
                .run(new ScanRun(
                        plan.id().value(),
                        expected,
                        0,
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        skipped,
                        keys,
                        lists.leftOut(),
                        Optional.empty()))
                .build();
    }

    /**
     * A scan has ended.
     *
     * @param folder of the run in the evidence bucket
     */
    public static Result of(ScanReport report, String folder) {
        MessageLists lists = new MessageLists();
        List<ScanRun.Row> keys = lists.of(
                "keys",
                report.keys(),
                ROWS_AT_MOST,
                row -> new ScanRun.Row(
                        row.externalKeyId(),
                        row.key(),
                        Optional.of(row.status()),
                        row.worst().map(Finding::reason)));
        List<Finding> findings = lists.of("findings", report.faults(), FINDINGS_AT_MOST);
        List<Finding> warnings = lists.of("warnings", report.coverage(), FINDINGS_AT_MOST);
        List<ExternalKeyId> skipped = lists.of("skipped", report.skipped(), IDS_AT_MOST, OtherKey::id);
        ScanRun.Changes changes = shortened(report.changes(), "", lists);
        Optional<ScanRun.Changes> week = report.week().map(since -> shortened(since, "week.", lists));
        String message = report.message() + lists.told(folder + "report.json");
        Result.Builder result = Result.builder(
                        report.id().value(),
                        report.status(),
                        "reportScan",
                        message,
                        report.run().reportedAt())
                .warnings(warnings)
                .findings(findings)
                .run(new ScanRun(
                        report.id().value(),
                        report.run().expected(),
                        report.run().seen(),
                        report.run().counts(),
                        report.run().reasons(),
                        Optional.of(changes),
                        week,
                        skipped,
                        keys,
                        lists.leftOut(),
                        Optional.of(folder)));
        findings.stream().findFirst().ifPresent(result::because);
        return result.build();
    }

    private static ScanRun.Changes shortened(ScanRun.Changes all, String prefix, MessageLists lists) {
        return new ScanRun.Changes(
                all.since(),
                lists.of(prefix + "newlyUnhealthy", all.newlyUnhealthy(), IDS_AT_MOST),
                lists.of(prefix + "worsened", all.worsened(), IDS_AT_MOST),
                lists.of(prefix + "stillUnhealthy", all.stillUnhealthy(), IDS_AT_MOST),
                lists.of(prefix + "recovered", all.recovered(), IDS_AT_MOST),
                lists.of(prefix + "added", all.added(), IDS_AT_MOST),
                lists.of(prefix + "gone", all.gone(), IDS_AT_MOST));
    }

    /**
     * The end of a message that is not part of any run.
     *
     * @param status {@code REFUSED} or {@code FAILED}
     */
    public static Result nameless(String messageId, Status status, String step, Finding finding, Instant at) {
        return Result.builder(messageId, status, step, finding.message(), at)
                .because(finding)
                .findings(List.of(finding))
                .build();
    }
}
