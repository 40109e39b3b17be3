package cmek.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.model.WorkspaceId;
import cmek.result.Result;
import cmek.result.ScanRun;
import cmek.result.Status;
import cmek.schema.Schemas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What of a scan fits into a message. */
class ScanResultsTest {

    /** Pub/Sub's limit, in bytes, over what base64 makes of it. */
    private static final int MESSAGE = 10_000_000 / 4 * 3;

    /** Cloud Logging's limit of an entry, in bytes. */
    private static final int ENTRY = 256 * 1024;

    private static final String FOLDER = "runs/" + Scans.RUN + "/";
    private static final Finding LOST = new Finding(Reason.LABEL_MISSING, "the label is gone", List.of("gcloud x"));

    @Test
    void aThousandKeysAreAllInTheMessages() {
        ScanPlan run = run(1_000, 100, 100);

        Result started = ScanResults.of(run, FOLDER);
        Result ended = ScanResults.of(report(run, 500, Optional.empty()), FOLDER);

        assertThat(started.run().orElseThrow().keys()).hasSize(1_000);
        assertThat(started.run().orElseThrow().leftOut()).isEmpty();
        assertThat(started.message()).isEqualTo("Scan started: 1000 keys to check, 100 skipped (not in Cloud KMS)");
        assertThat(ended.run().orElseThrow().keys()).hasSize(1_000);
        assertThat(ended.run().orElseThrow().leftOut()).isEmpty();
        assertThat(ended.message()).endsWith("newly unhealthy, 0 recovered");
        assertThat(Json.written(ended)).doesNotContain("leftOut");
    }

    @Test
    void oneMoreIsLeftOutAndSaidToBe() {
        Result started = ScanResults.of(run(1_001, 3, 0), FOLDER);

        assertThat(started.run().orElseThrow().keys()).hasSize(1_000);
        assertThat(started.run().orElseThrow().leftOut()).isEqualTo(Map.of("keys", 1));
        assertThat(started.message())
                .isEqualTo("Scan started: 1001 keys to check, 3 skipped (not in Cloud KMS); left out of this message:"
                        + " 1 of keys; the complete lists are in runs/" + Scans.RUN + "/run.json");
    }

    @Test
    void oneKeyIsSingular() {
        ScanPlan plan = run(1, 0, 0);

        assertThat(ScanResults.of(plan, FOLDER).message())
                .isEqualTo("Scan started: 1 key to check, 0 skipped (not in Cloud KMS)");
        assertThat(ScanResults.of(report(plan, 1, Optional.empty()), FOLDER).message())
                .isEqualTo("Checked 1 of 1 key: 0 healthy, 1 unhealthy, 0 unreachable, 0 unused; 1 newly unhealthy,"
                        + " 0 recovered");
    }

    @Test
    void whatIsLeftOutAtTheEndIsWhatIsHealthy() {
        Result ended = ScanResults.of(report(run(1_500, 0, 0), 700, Optional.empty()), FOLDER);

        List<ScanRun.Row> rows = ended.run().orElseThrow().keys();
        assertThat(rows).hasSize(1_000);
        assertThat(rows.stream().filter(row -> row.status().equals(Optional.of(Status.UNHEALTHY))))
                .hasSize(700);
    }

    @Tag("thorough")
    @Test
    void theMessagesOfFiftyThousandTroubledKeysAreTakenByPubSubAndTheLog() {
        ScanPlan run = run(50_000, 50_000, 50_000);
        ScanReport report = report(run, 25_000, Optional.of(before("ekey_gone", 50_000)));

        Result started = ScanResults.of(run, FOLDER);
        Result ended = ScanResults.of(report, FOLDER);

        for (Result result : List.of(started, ended)) {
            assertThat(Json.written(result).getBytes(UTF_8).length).isLessThan(MESSAGE);
            assertThat(Json.written(result.logged()).getBytes(UTF_8).length).isLessThan(ENTRY);
            assertThat(Schemas.RESULT.faults(Json.written(result))).isEmpty();
            assertThat(Schemas.RESULT.faults(Json.written(result.logged()))).isEmpty();
        }
        assertThat(started.run().orElseThrow().leftOut())
                .isEqualTo(Map.of("keys", 49_000, "warnings", 49_900, "skipped", 49_000));
        assertThat(ended.run().orElseThrow().leftOut())
                .isEqualTo(Map.of(
                        "keys", 49_000,
                        "findings", 49_900,
                        "warnings", 49_900,
                        "skipped", 49_000,
                        "newlyUnhealthy", 24_000,
                        "added", 49_000));
        assertThat(ended.message())
                .contains("49900 of warnings")
                .endsWith("the complete lists are in " + FOLDER + "report.json");
    }

    /** Where Anthropic's lists are not whole, nothing is called gone. */
    @Test
    void whatRecoveredAndWhatIsGoneIsCutToo() {
        ScanPlan run = run(2_000, 0, 0);

        Result recovered = ScanResults.of(report(run, 0, Optional.of(before("ekey_", 4_000))), FOLDER);

        assertThat(recovered.run().orElseThrow().leftOut())
                .isEqualTo(Map.of("keys", 1_000, "recovered", 1_000, "gone", 1_000));
        assertThat(Schemas.RESULT.faults(Json.written(recovered))).isEmpty();
    }

    /** A scan with as much wrong with the whole of it as with its keys. */
    private static ScanPlan run(int keys, int others, int faults) {
        return new ScanPlan(
                Scans.RUN,
                Sample.NOW,
                Sample.NOW.plusSeconds(3600),
                list(keys, ScanResultsTest::key),
                list(others, i -> new OtherKey(new ExternalKeyId("ekey_other" + i), "Other " + i, "aws")),
                list(others, i -> ScanFindings.workspaceWithoutKey(workspace(i), "Workspace " + i)),
                list(faults, i -> ScanFindings.workspaceUnreadable("wrkspc_" + i)));
    }

    private static ScanReport report(ScanPlan run, int unhealthy, Optional<ScanSummary> before) {
        return ScanReport.of(
                Sample.ORGANIZATION,
                "1",
                run,
                found(run, unhealthy),
                List.of(),
                new ScanReport.Before(before, Optional.empty(), List.of()),
                Sample.NOW);
    }

    private static List<KeyReport> found(ScanPlan run, int unhealthy) {
        return IntStream.range(0, run.expected().size())
                .mapToObj(i -> KeyReport.of(
                        new KeyToScan(Scans.RUN, key(i), Sample.NOW, Optional.empty()),
                        i < unhealthy ? List.of(LOST) : List.of(),
                        Sample.NOW))
                .toList();
    }

    private static ScanSummary before(String prefix, int keys) {
        SortedMap<String, Status> all = new TreeMap<>();
        list(keys, i -> all.put(prefix + i, Status.UNHEALTHY));
        return new ScanSummary(Scans.RUN, Sample.NOW, Status.SCAN_COMPLETED, Map.of(), all, new TreeMap<>());
    }

    private static RegisteredKey key(int number) {
        return new RegisteredKey(
                new ExternalKeyId("ekey_" + number),
                "Key " + number,
                CryptoKeyName.parse(
                        "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/key-" + number),
                true,
                List.of(new RegisteredKey.WorkspaceUse(workspace(number), "Workspace " + number, false)),
                List.of());
    }

    private static WorkspaceId workspace(int number) {
        return new WorkspaceId("wrkspc_" + number);
    }

    private static <T> List<T> list(int size, IntFunction<T> entry) {
        return IntStream.range(0, size).mapToObj(entry).toList();
    }
}
