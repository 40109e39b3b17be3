package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.config.ScanSettings;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.Policy;
import cmek.result.Status;
import cmek.scan.repair.RepairKey;
import cmek.simulator.GoogleReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScanKeyTest {

    private static final String KEY = Sample.KEY.toString();
    private static final RunId NEXT = RunId.ofScan(Sample.NOW.plusSeconds(600), "7422");
    private static final RunId TOMORROW = RunId.ofScan(Sample.NOW.plusSeconds(86_400), "7423");

    private final RateLimiterTest.TestClock clock = new RateLimiterTest.TestClock();
    private final KmsInProcess kms = Scans.healthy(clock);
    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminApi anthropic = admin.client();
    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();

    @BeforeEach
    void register() {
        admin.simulator()
                .withKey(Scans.ID.value(), Sample.KEY.toString(), Sample.NOW)
                .useElsewhere(Scans.ID.value());
    }

    @Test
    void whatWasFoundIsKeptForTheRunAndForTheKey() {
        assertThat(inspect(Scans.OBSERVING, Scans.RUN).status()).isEqualTo(Status.HEALTHY);

        assertThat(bucket.names())
                .containsExactly(
                        "keys/ekey_01payments/latest.json", "runs/" + Scans.RUN + "/keys/ekey_01payments.json");
    }

    @Test
    void theSameRunLooksOnceAndSaysTheSameAgain() {
        KeyReport first = inspect(Scans.OBSERVING, Scans.RUN);
        var before = bucket.snapshot();
        kms.withPolicy(Sample.KEY, "{}");
        clock.pass(Duration.ofMinutes(3));

        assertThat(inspect(Scans.OBSERVING, Scans.RUN)).isEqualTo(first);

        assertThat(bucket.snapshot()).isEqualTo(before);
        assertThat(admin.calls()).hasSize(1);
    }

    @Test
    void untilPatienceEndsItIsTriedAgainAndThenUnreachable() {
        admin.failing(504);
        assertThatThrownBy(() -> inspect(Scans.OBSERVING, Scans.RUN)).isInstanceOf(TransientException.class);
        assertThat(bucket.names()).isEmpty();
        clock.pass(Duration.ofMinutes(31));

        assertThat(inspect(Scans.OBSERVING, Scans.RUN).status()).isEqualTo(Status.UNREACHABLE);
    }

    @Test
    void afterAChangeTheKeyIsChecked() {
        KeyReport report = scanKey(Scans.OBSERVING).scanKey(change(0)).orElseThrow();

        assertThat(report.message()).contains("after SetIamPolicy by mallory@example.com at 2026-11-23T02:00:00Z");
        assertThat(bucket.names()).containsExactly("keys/ekey_01payments/latest.json");
    }

    @Test
    void aKeyThatWasCheckedSinceTheChangeIsNotCheckedAgain() {
        clock.pass(Duration.ofSeconds(30));
        inspect(Scans.OBSERVING, Scans.RUN);

        assertThat(scanKey(Scans.OBSERVING).scanKey(change(29))).isEmpty();
        assertThat(scanKey(Scans.OBSERVING).scanKey(change(31))).isPresent();
        assertThat(admin.calls()).hasSize(2);
    }

    @Test
    void aChangeWhosePublishingWasInterruptedIsPublishedAfterAll() {
        clock.pass(Duration.ofSeconds(1));
        KeyReport first = scanKey(Scans.OBSERVING).scanKey(change(0)).orElseThrow();

        assertThat(scanKey(Scans.OBSERVING).scanKey(change(0))).contains(first);
        assertThat(admin.calls()).hasSize(1);
    }

    @Test
    void aLookThatEndsLateDoesNotReplaceALaterOne() {
        clock.pass(Duration.ofMinutes(5));
        KeyReport later = inspect(Scans.OBSERVING, NEXT);
        clock.pass(Duration.ofMinutes(-4));

        inspect(Scans.OBSERVING, Scans.RUN);

        assertThat(remembered().report()).contains(later);
    }

    @Test
    void aLookReplacesAnEarlierOne() {
        inspect(Scans.OBSERVING, Scans.RUN);
        clock.pass(Duration.ofMinutes(5));

        KeyReport later = inspect(Scans.OBSERVING, NEXT);

        assertThat(remembered().report()).contains(later);
    }

    @Test
    void whoeverHadATurnGivesItBack() {
        ScanKey one = scanKey(Scans.OBSERVING);

        for (int look = 0; look <= Scans.OBSERVING.concurrency(); look++) {
            RunId run = RunId.ofScan(Sample.NOW.plusSeconds(look), "8" + look);
            assertThat(one.scanKey(Scans.toInspect(run))).isPresent();
        }
    }

    // --- repair --------------------------------------------------------------------------------------------------

    @Test
    void observingRestoresNothing() {
        lose();

        assertThat(inspect(Scans.OBSERVING, Scans.RUN).restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aLossIsRestoredOnceItWasSeenLongEnoughAgo() {
        lose();
        assertThat(inspect(Scans.REPAIRING, Scans.RUN).restored()).isEmpty();
        clock.pass(Duration.ofHours(19));
        assertThat(inspect(Scans.REPAIRING, NEXT).restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
        clock.pass(Duration.ofHours(1));

        KeyReport report = inspect(Scans.REPAIRING, TOMORROW);

        assertThat(report.restored()).containsExactly(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(kms.writes()).containsExactly("UpdateCryptoKey " + Sample.KEY, "SetIamPolicy " + Sample.KEY);
        assertThat(remembered().report()).contains(report);
        assertThat(inspect(Scans.REPAIRING, scan(3)).status()).isEqualTo(Status.HEALTHY);
    }

    /** Somebody gave it back meanwhile, and another loss begins anew. */
    @Test
    void aLossThatEndedIsForgotten() {
        lose();
        inspect(Scans.REPAIRING, Scans.RUN);
        clock.pass(Duration.ofHours(10));
        kms.withLabels(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);
        inspect(Scans.REPAIRING, NEXT);
        lose();
        clock.pass(Duration.ofHours(11));

        assertThat(inspect(Scans.REPAIRING, TOMORROW).restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    /** That a key could not be read for a night does not make a loss younger. */
    @Test
    void aLossThatCouldNotBeSeenIsRemembered() {
        lose();
        inspect(Scans.REPAIRING, Scans.RUN);
        clock.pass(Duration.ofHours(10));
        kms.google().deny("cloudkms.cryptoKeys.get").deny("cloudkms.cryptoKeys.getIamPolicy");
        inspect(Scans.REPAIRING, NEXT);
        kms.google().permit("cloudkms.cryptoKeys.get").permit("cloudkms.cryptoKeys.getIamPolicy");
        clock.pass(Duration.ofHours(10));

        assertThat(inspect(Scans.REPAIRING, TOMORROW).restored()).hasSize(2);
    }

    @Test
    void aChangeRepairsNothingHoweverLongTheLossIsKnown() {
        lose();
        lostSince(Duration.ofDays(9));

        KeyReport report = scanKey(Scans.REPAIRING).scanKey(change(100)).orElseThrow();

        assertThat(report.has(Reason.BINDING_MISSING)).isTrue();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyThatIsNotAttachedIsNotRepaired() {
        lose();
        lostSince(Duration.ofDays(9));
        RegisteredKey loose = new RegisteredKey(Scans.ID, "loose", Sample.KEY, false, List.of(), List.of());

        KeyReport report = scanKey(Scans.REPAIRING)
                .scanKey(new KeyToScan(TOMORROW, loose, Sample.NOW, Optional.empty()))
                .orElseThrow();

        assertThat(report.restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyThatAnthropicDoesNotHaveAnyMoreIsNotRepaired() {
        lose();
        lostSince(Duration.ofDays(9));
        AdminApi another = new AdminApiInProcess().client();

        assertThat(scanKey(Scans.REPAIRING, another, Sample.POLICY)
                        .scanKey(Scans.toInspect(TOMORROW))
                        .orElseThrow()
                        .restored())
                .isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyOfAProjectThatIsNotAllowedIsNotRepaired() {
        lose();
        lostSince(Duration.ofDays(9));
        Policy other = new Policy(
                List.of("other-*"), List.of("*"), Sample.POLICY.allowedLocations(), Sample.POLICY.protectionLevels());

        assertThat(scanKey(Scans.REPAIRING, anthropic, other)
                        .scanKey(Scans.toInspect(TOMORROW))
                        .orElseThrow()
                        .restored())
                .isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "yes", "", "no", "0", "2026-11-23"})
    void aKeyRevokedOnPurposeIsNotRepairedAndIsNoAlarm(String value) {
        kms.withLabels(Sample.KEY, Map.of("cmek-revoked", value)).withPolicy(Sample.KEY, "{}");
        lostSince(Duration.ofDays(9));

        KeyReport report = inspect(Scans.REPAIRING, TOMORROW);

        assertThat(report.status()).isEqualTo(Status.REVOKED);
        assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.REVOKED_ON_PURPOSE);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aRevocationThatIsFalseIsNone() {
        kms.withLabels(Sample.KEY, Map.of("cmek-revoked", "false")).withPolicy(Sample.KEY, "{}");
        lostSince(Duration.ofDays(9));

        assertThat(inspect(Scans.REPAIRING, TOMORROW).restored()).hasSize(2);
    }

    @Test
    void aRevocationHidesNoUnexpectedPrincipal() {
        kms.withLabels(Sample.KEY, Map.of("cmek-revoked", "true"))
                .withPolicy(
                        Sample.KEY,
                        "{\"etag\":\"BwE=\",\"bindings\":[{\"role\":\"roles/owner\",\"members\":[\"allUsers\"]}]}");

        KeyReport report = inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.UNEXPECTED_PRINCIPAL, Reason.REVOKED_ON_PURPOSE);
    }

    @ParameterizedTest
    @CsvSource({"DESTROYED, 1", "DESTROYED, 2", "DESTROY_SCHEDULED, 1", "DESTROY_SCHEDULED, 2"})
    void aRevocationHidesNoLostData(String state, long primary) {
        kms.withLabels(Sample.KEY, Map.of("cmek-revoked", "true")).google().addVersion(KEY, primary == 2);
        kms.withVersion(Sample.KEY, 1, state);

        KeyReport report = inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.worst())
                .hasValueSatisfying(worst -> assertThat(worst.reason()).isNotEqualTo(Reason.REVOKED_ON_PURPOSE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DISABLED", "DESTROY_SCHEDULED"})
    void aKeyWithAVersionThatIsSwitchedOffIsNotRepaired(String state) {
        lose();
        kms.google().addVersion(KEY, true);
        kms.withVersion(Sample.KEY, 1, state);
        lostSince(Duration.ofDays(9));

        KeyReport report = inspect(Scans.REPAIRING, TOMORROW);

        assertThat(report.has(Reason.BINDING_MISSING)).isTrue();
        assertThat(report.restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void noVersionIsEnabledAndNoUnexpectedPrincipalRemoved() {
        kms.withVersion(Sample.KEY, 1, "DISABLED")
                .withPolicy(
                        Sample.KEY,
                        Sample.GRANTED.replace("]}]}", "]},{\"role\":\"roles/owner\",\"members\":[\"allUsers\"]}]}"));

        KeyReport report = inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(report.findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.UNEXPECTED_PRINCIPAL, Reason.KEY_VERSION_DISABLED);
        assertThat(kms.writes()).isEmpty();
    }

    /** Whatever is lost then, and however long ago: a person has to say that it may be restored. */
    @Test
    void whatIsLostAgainIsContestedUntilAPersonSaysOtherwise() {
        lose();
        lostSince(Duration.ofDays(9));
        inspect(Scans.REPAIRING, Scans.RUN);
        kms.withPolicy(Sample.KEY, "{}");
        clock.pass(Duration.ofDays(100));

        KeyReport contested = inspect(Scans.REPAIRING, scan(100));

        assertThat(contested.restored()).isEmpty();
        assertThat(contested.worst()).hasValueSatisfying(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.REPAIR_CONTESTED);
            assertThat(finding.message()).contains("BINDING_MISSING").contains("will not be repaired any more");
            assertThat(finding.remedy())
                    .endsWith("gcloud storage rm gs://acme-evidence/keys/ekey_01payments/contested.txt");
        });
        kms.withLabels(Sample.KEY, Map.of());
        clock.pass(Duration.ofDays(100));
        KeyReport still = inspect(Scans.REPAIRING, scan(200));
        assertThat(still.findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.REPAIR_CONTESTED, Reason.BINDING_MISSING, Reason.LABEL_MISSING);
        clock.pass(Duration.ofDays(1));
        bucket.delete("keys/ekey_01payments/contested.txt");

        assertThat(inspect(Scans.REPAIRING, scan(201)).restored())
                .containsExactly(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
        assertThat(inspect(Scans.REPAIRING, scan(202)).status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void aLossOfAnotherKindIsNoContest() {
        kms.withPolicy(Sample.KEY, "{}");
        lostSince(Duration.ofDays(9));
        inspect(Scans.REPAIRING, Scans.RUN);
        kms.withLabels(Sample.KEY, Map.of());
        clock.pass(Duration.ofDays(1));
        inspect(Scans.REPAIRING, TOMORROW);
        clock.pass(Duration.ofDays(1));

        assertThat(inspect(Scans.REPAIRING, scan(2)).restored()).containsExactly(Reason.LABEL_MISSING);
    }

    @Test
    void aRunThatDiedWhileRepairingRepairsOnAndContestsNothing() {
        lose();
        lostSince(Duration.ofDays(9));
        kms.refusing(KmsInProcess.WRITES, GoogleReply.error(503, "UNAVAILABLE", "not now"));
        assertThatThrownBy(() -> inspect(Scans.REPAIRING, Scans.RUN)).isInstanceOf(TransientException.class);
        kms.withoutFaults();

        assertThat(inspect(Scans.REPAIRING, Scans.RUN).restored())
                .containsExactly(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
    }

    /** What was refused was not restored, so nobody can have reverted it. */
    @Test
    void aRestorationThatIsRefusedIsAFindingBesideTheLossAndNoContestLater() {
        lose();
        lostSince(Duration.ofDays(9));
        kms.google().deny("cloudkms.cryptoKeys.update").deny("cloudkms.cryptoKeys.setIamPolicy");

        KeyReport report = inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(report.restored()).isEmpty();
        assertThat(report.findings())
                .extracting(Finding::reason)
                .containsExactlyInAnyOrder(Reason.PERMISSION_DENIED, Reason.LABEL_MISSING, Reason.BINDING_MISSING);
        kms.google().permit("cloudkms.cryptoKeys.update").permit("cloudkms.cryptoKeys.setIamPolicy");
        clock.pass(Duration.ofDays(1));
        assertThat(inspect(Scans.REPAIRING, TOMORROW).restored()).hasSize(2);
    }

    private static RunId scan(int day) {
        return RunId.ofScan(Sample.NOW.plus(Duration.ofDays(day)), "9" + day);
    }

    /** An earlier check saw the losses. */
    private void lostSince(Duration ago) {
        Instant since = Sample.NOW.minus(ago);
        ScanStore store = new ScanStore(storage);
        store.remember(
                Scans.ID,
                new LatestReport(
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(
                                new LatestReport.Loss(Reason.LABEL_MISSING, since),
                                new LatestReport.Loss(Reason.BINDING_MISSING, since)),
                        Optional.empty()),
                store.memory(Scans.ID));
    }

    private LatestReport remembered() {
        return new ScanStore(storage).memory(Scans.ID).latest();
    }

    private void lose() {
        kms.withLabels(Sample.KEY, Map.of("team", "payments")).withPolicy(Sample.KEY, "{}");
    }

    private static KeyToScan change(int second) {
        KeyChange change = new KeyChange("SetIamPolicy", "mallory@example.com", Sample.NOW.plusSeconds(second));
        return new KeyToScan(
                RunId.ofChange(change.at(), "entry" + second),
                Scans.registered(),
                Sample.NOW.plusSeconds(900),
                Optional.of(change));
    }

    private KeyReport inspect(ScanSettings settings, RunId run) {
        return scanKey(settings).scanKey(Scans.toInspect(run)).orElseThrow();
    }

    private ScanKey scanKey(ScanSettings settings) {
        return scanKey(settings, anthropic, Sample.POLICY);
    }

    private ScanKey scanKey(ScanSettings settings, AdminApi listed, Policy policy) {
        KeyInspection inspection = new KeyInspection(kms.client(), Sample.POLICY, Sample.ORGANIZATION);
        return new ScanKey(
                new KeyCheck(
                        Checks.validation(anthropic),
                        Checks.withoutDenyPolicies(),
                        Checks.ofKey(
                                kms.client(),
                                inspection,
                                Checks.inherited(kms.client(), new ProjectInProcess(), clock),
                                Sample.ORGANIZATION,
                                clock),
                        Checks.subjects(anthropic, kms.client(), inspection),
                        clock),
                new ScanStore(storage),
                new RepairKey(kms.client(), inspection, listed, Checks.names(), policy, Sample.ORGANIZATION),
                settings,
                clock,
                duration -> {
                    throw new AssertionError("nobody waits here");
                });
    }
}
