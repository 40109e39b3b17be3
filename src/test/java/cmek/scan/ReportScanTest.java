package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.ReportStorage;
import cmek.client.storage.StorageInProcess;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.result.Status;
import cmek.scan.report.RenderedReport;
import cmek.schema.Schemas;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportScanTest {

    private static final Finding LOST = new Finding(Reason.LABEL_MISSING, "the label is gone", List.of("gcloud x"));

    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
    private final ScanStore store = new ScanStore(storage);
    private final RateLimiterTest.TestClock clock = new RateLimiterTest.TestClock();
    private final ReportScan reportScan = reporting(storage);

    @Test
    void untilEveryKeyWasCheckedTheReportWaits() {
        scan(Scans.RUN, List.of(), key("a"), key("b"));
        found(Scans.RUN, key("a"));

        assertThat(reportScan.reportScan(Scans.RUN))
                .isEqualTo(new ReportScan.Progress.Waiting(2, 1, Sample.NOW.plus(Duration.ofHours(1))));
        assertThat(bucket.names()).noneMatch(name -> name.contains("report"));
    }

    @Test
    void whenAllWereCheckedTheScanIsComplete() {
        scan(Scans.RUN, List.of(), key("a"), key("b"));
        found(Scans.RUN, key("a"));
        found(Scans.RUN, key("b"), LOST);

        ScanReport report = report(Scans.RUN);

        assertThat(report.status()).isEqualTo(Status.SCAN_COMPLETED);
        assertThat(report.keys()).extracting(row -> row.externalKeyId().value()).containsExactly("ekey_b", "ekey_a");
        assertThat(report.count(Status.UNHEALTHY)).isEqualTo(1);
        assertThat(report.count(Status.HEALTHY)).isEqualTo(1);
        assertThat(report.run().reasons())
                .containsEntry(Reason.LABEL_MISSING, 1)
                .hasSize(1);
        assertThat(bucket.names())
                .contains(
                        "scans/" + Scans.RUN + ".json",
                        "runs/" + Scans.RUN + "/report.csv",
                        "runs/" + Scans.RUN + "/report.html",
                        "runs/" + Scans.RUN + "/report.json");
    }

    /** What may be locked is written once, and by nobody else; what is replaced stays where it can be. */
    @Test
    void reportsHaveABucketOfTheirOwn() {
        StorageInProcess reports = new StorageInProcess();
        ScanStore apart = new ScanStore(storage, ReportStorage.in(reports.client()));
        ReportScan scan = new ReportScan(
                apart, new RenderedReport(Sample.SERVICE), Scans.OBSERVING, Sample.ORGANIZATION, Sample.SERVICE, clock);
        scan(Scans.RUN, List.of(), key("a"));
        found(Scans.RUN, key("a"));

        ReportScan.Progress first = scan.reportScan(Scans.RUN);

        String folder = "runs/" + Scans.RUN + "/";
        assertThat(reports.names())
                .containsExactly(folder + "report.csv", folder + "report.html", folder + "report.json");
        assertThat(bucket.names())
                .contains(folder + "run.json", "scans/" + Scans.RUN + ".json")
                .noneMatch(name -> name.contains("report"));

        // Delivered again, it writes nothing: a retention would refuse that.
        var before = reports.snapshot();
        assertThat(scan.reportScan(Scans.RUN)).isEqualTo(first);
        assertThat(reports.snapshot()).isEqualTo(before);
    }

    @Test
    void whatWasFoundOfAKeyInWordsOfALaterReleaseTakesNoOtherAway() {
        scan(Scans.RUN, List.of(), key("a"), key("b"));
        found(Scans.RUN, key("a"));
        bucket.write("runs/" + Scans.RUN + "/keys/ekey_b.json", "{\"schemaVersion\":3,\"later\":1}");
        clock.pass(Duration.ofHours(1));

        ScanReport report = report(Scans.RUN);

        assertThat(report.status()).isEqualTo(Status.SCAN_INCOMPLETE);
        assertThat(report.keys()).extracting(ReportedKey::status).containsExactly(Status.UNREACHABLE, Status.HEALTHY);
    }

    @Test
    void atTheDeadlineWhatWasNotSeenIsUnreachableAndTheScanIncomplete() {
        scan(Scans.RUN, List.of(), key("a"), key("b"));
        found(Scans.RUN, key("a"));
        clock.pass(Duration.ofHours(1));

        ScanReport report = report(Scans.RUN);

        assertThat(report.status()).isEqualTo(Status.SCAN_INCOMPLETE);
        assertThat(report.keys()).hasSize(2);
        assertThat(report.keys().iterator().next().status()).isEqualTo(Status.UNREACHABLE);
        assertThat(report.faults()).extracting(Finding::message).containsExactly("1 of 2 keys was not checked in time");
    }

    @Test
    void anIncompleteListMakesTheScanIncompleteThoughAllKnownKeysAreHealthy() {
        scan(
                Scans.RUN,
                List.of(ScanFindings.listIncomplete("registrations", Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529")),
                key("a"));
        found(Scans.RUN, key("a"));

        assertThat(report(Scans.RUN).status()).isEqualTo(Status.SCAN_INCOMPLETE);
    }

    @Test
    void aScanWithoutAnyKeyIsComplete() {
        scan(Scans.RUN, List.of());

        assertThat(report(Scans.RUN).status()).isEqualTo(Status.SCAN_COMPLETED);
    }

    @Test
    void whatWasReportedOnceHolds() {
        scan(Scans.RUN, List.of(), key("a"), key("b"));
        found(Scans.RUN, key("a"));
        clock.pass(Duration.ofHours(1));
        ScanReport first = report(Scans.RUN);
        var before = bucket.snapshot();
        found(Scans.RUN, key("b"));
        clock.pass(Duration.ofHours(1));

        assertThat(report(Scans.RUN)).isEqualTo(first);

        before.keySet().forEach(name -> assertThat(bucket.snapshot()).containsEntry(name, before.get(name)));
    }

    @Test
    void aReportThatWasInterruptedBetweenItsFilesIsFinished() {
        scan(Scans.RUN, List.of(), key("a"));
        found(Scans.RUN, key("a"));
        ScanReport first = report(Scans.RUN);
        StorageInProcess half = new StorageInProcess();
        String json = "runs/" + Scans.RUN + "/report.json";
        half.write(json, bucket.text(json));

        var progress = reporting(half.client()).reportScan(Scans.RUN);

        assertThat(progress).isEqualTo(new ReportScan.Progress.Reported(first));
        assertThat(half.names()).contains("runs/" + Scans.RUN + "/report.html", "scans/" + Scans.RUN + ".json");
    }

    @Test
    void whatIsWrittenAlreadyIsNotSentAgain() {
        scan(Scans.RUN, List.of(), key("a"));
        found(Scans.RUN, key("a"));
        report(Scans.RUN);
        List<String> sent = new ArrayList<>();
        EvidenceStorage watched = (EvidenceStorage) Proxy.newProxyInstance(
                EvidenceStorage.class.getClassLoader(),
                new Class<?>[] {EvidenceStorage.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("create")) {
                        sent.add((String) arguments[0]);
                    }
                    return method.invoke(storage, arguments);
                });

        reporting(watched).reportScan(Scans.RUN);

        assertThat(sent).containsExactly("scans/" + Scans.RUN + ".json");
    }

    @Test
    void whatChangedSinceTheScanBeforeIsTold() {
        scan(Scans.RUN, List.of(), key("falls"), key("recovers"), key("goes"), key("stays"));
        found(Scans.RUN, key("falls"));
        found(Scans.RUN, key("recovers"), LOST);
        found(Scans.RUN, key("goes"));
        found(Scans.RUN, key("stays"), LOST);
        report(Scans.RUN);
        RunId next = RunId.ofScan(Sample.NOW.plus(Duration.ofDays(1)), "8");
        scan(next, List.of(), key("falls"), key("recovers"), key("comes"), key("stays"));
        found(next, key("falls"), LOST);
        found(next, key("recovers"));
        found(next, key("comes"));
        found(next, key("stays"), LOST);

        ScanReport report = report(next);

        assertThat(report.changes().since()).contains(Scans.RUN.value());
        assertThat(report.changes().newlyUnhealthy()).containsExactly(id("falls"));
        assertThat(report.changes().recovered()).containsExactly(id("recovers"));
        assertThat(report.changes().added()).containsExactly(id("comes"));
        assertThat(report.changes().gone()).containsExactly(id("goes"));
        assertThat(report.history()).extracting(ScanFigures::id).containsExactly(Scans.RUN);
    }

    @Test
    void aKeyThatAPageMayHideIsNotCalledGone() {
        scan(Scans.RUN, List.of(), key("a"));
        found(Scans.RUN, key("a"));
        report(Scans.RUN);
        RunId next = RunId.ofScan(Sample.NOW.plus(Duration.ofDays(1)), "8");
        scan(next, List.of(ScanFindings.registrationUnreadable("x")));

        assertThat(report(next).changes().gone()).isEmpty();
    }

    @Test
    void theReportLooksBackOnTwentyNineScans() {
        for (int day = 0; day < 35; day++) {
            RunId run = RunId.ofScan(Sample.NOW.plus(Duration.ofDays(day)), "7");
            scan(run, List.of());
            report(run);
        }
        RunId last = RunId.ofScan(Sample.NOW.plus(Duration.ofDays(35)), "7");
        scan(last, List.of());

        assertThat(report(last).history())
                .hasSize(29)
                .last()
                .extracting(scan -> scan.id().value())
                .asString()
                .startsWith("scan-20261227");
    }

    @Test
    void aScanThatNobodyStartedIsUnknown() {
        assertThat(reportScan.reportScan(Scans.RUN)).isEqualTo(new ReportScan.Progress.Unknown());
    }

    @Test
    void aWeekAgoIsComparedToo() {
        scan(Scans.RUN, List.of(), key("falls"), key("stays"), key("worsens"), key("goes"));
        found(Scans.RUN, key("falls"));
        found(Scans.RUN, key("stays"), LOST);
        found(Scans.RUN, key("worsens"), LOST);
        found(Scans.RUN, key("goes"));
        report(Scans.RUN);
        for (int day = 1; day < 7; day++) {
            clock.pass(Duration.ofDays(1));
            RunId run = RunId.ofScan(clock.instant(), "7");
            scan(run, List.of());
            assertThat(report(run).week()).isEmpty();
        }
        // A minute earlier in the day.
        clock.pass(Duration.ofDays(1).minusMinutes(1));
        RunId next = RunId.ofScan(clock.instant(), "8");
        scan(next, List.of(), key("falls"), key("stays"), key("worsens"), key("comes"));
        found(next, key("falls"), LOST);
        found(next, key("stays"), LOST);
        found(next, key("worsens"), new Finding(Reason.BINDING_MISSING, "unbound", List.of("gcloud y")), LOST);
        found(next, key("comes"));

        ScanReport report = report(next);

        assertThat(report.week()).hasValueSatisfying(week -> {
            assertThat(week.since()).contains(Scans.RUN.value());
            assertThat(week.newlyUnhealthy()).containsExactly(id("falls"));
            assertThat(week.worsened()).containsExactly(id("worsens"));
            assertThat(week.stillUnhealthy()).containsExactly(id("stays"));
            assertThat(week.added()).containsExactly(id("comes"));
            assertThat(week.gone()).containsExactly(id("goes"));
        });
        assertThat(report.former()).containsEntry("ekey_goes", key("goes").key());
        assertThat(report.changes().newlyUnhealthy()).hasSize(3);
    }

    @Test
    void aSummaryOfTheReleaseBeforeIsComparedWithoutItsReasons() {
        bucket.write(
                "scans/" + Scans.RUN + ".json",
                "{\"id\":\"" + Scans.RUN
                        + "\",\"startedAt\":\"2026-11-23T02:00:00.000Z\",\"status\":\"SCAN_COMPLETED\","
                        + "\"counts\":{},\"keys\":{\"ekey_a\":\"UNHEALTHY\"},\"schemaVersion\":2}");
        RunId next = RunId.ofScan(Sample.NOW.plus(Duration.ofDays(1)), "8");
        scan(next, List.of(), key("a"));
        found(next, key("a"), LOST);

        assertThat(report(next).changes().stillUnhealthy()).containsExactly(id("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"counts\":{\"OF_A_LATER_RELEASE\":1},\"keys\":{\"ekey_a\":\"OF_A_LATER_RELEASE\"},\"schemaVersion\":2}",
                "\"counts\":{},\"keys\":[],\"schemaVersion\":3}",
                "\"counts\":"
            })
    void aSummaryThatOnlyAnotherReleaseCanReadIsComparedWithNothing(String rest) {
        bucket.write(
                "scans/" + Scans.RUN + ".json",
                "{\"id\":\"" + Scans.RUN
                        + "\",\"startedAt\":\"2026-11-23T02:00:00.000Z\",\"status\":\"SCAN_COMPLETED\"," + rest);
        RunId next = RunId.ofScan(Sample.NOW.plus(Duration.ofDays(1)), "8");
        scan(next, List.of(), key("a"));
        found(next, key("a"), LOST);

        assertThat(report(next).count(Status.UNHEALTHY)).isEqualTo(1);
    }

    @Test
    void theReportIsAsItsSchemaSays() {
        scan(Scans.RUN, List.of(), key("a"), key("b"), key("c"));
        found(Scans.RUN, key("a"));
        found(Scans.RUN, key("b"), LOST);
        clock.pass(Duration.ofHours(1));
        report(Scans.RUN);

        assertThat(Schemas.REPORT.faults(bucket.text("runs/" + Scans.RUN + "/report.json")))
                .isEmpty();
    }

    private ReportScan reporting(EvidenceStorage bucket) {
        return new ReportScan(
                new ScanStore(bucket),
                new RenderedReport(Sample.SERVICE),
                Scans.OBSERVING,
                Sample.ORGANIZATION,
                Sample.SERVICE,
                clock);
    }

    private ScanReport report(RunId run) {
        if (reportScan.reportScan(run) instanceof ReportScan.Progress.Reported reported) {
            return reported.report();
        }
        throw new AssertionError("not reported");
    }

    private void scan(RunId run, List<Finding> faults, RegisteredKey... expected) {
        Instant start = clock.instant();
        store.keep(new ScanPlan(
                run, start, start.plus(Duration.ofHours(1)), List.of(expected), List.of(), List.of(), faults));
    }

    private void found(RunId run, RegisteredKey key, Finding... findings) {
        store.keep(KeyReport.of(
                new KeyToScan(run, key, Sample.NOW, Optional.empty()), List.of(findings), clock.instant()));
    }

    private static RegisteredKey key(String name) {
        return new RegisteredKey(
                id(name),
                name,
                CryptoKeyName.parse("projects/acme-kms-prod/locations/us-east5/keyRings/r/cryptoKeys/" + name),
                true,
                List.of(),
                List.of());
    }

    private static ExternalKeyId id(String name) {
        return new ExternalKeyId("ekey_" + name);
    }
}
