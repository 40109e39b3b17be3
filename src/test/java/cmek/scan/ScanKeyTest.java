package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import cmek.check.KeyInspection;
import cmek.config.ScanSettings;
import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeKms;
import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.result.Status;
import cmek.scan.repair.RepairKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScanKeyTest {

    private static final RunId NEXT = RunId.ofScan(Sample.NOW.plusSeconds(600), "7422");
    private static final RunId TOMORROW = RunId.ofScan(Sample.NOW.plusSeconds(86_400), "7423");

    private final FakeKms kms = Scans.healthy();
    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION);
    private final FakeStorage storage = new FakeStorage();
    private final RateLimiterTest.TestClock clock = new RateLimiterTest.TestClock();

    @Test
    void whatWasFoundIsKeptForTheRunAndForTheKey() {
        assertThat(inspect(Scans.OBSERVING, Scans.RUN).status()).isEqualTo(Status.HEALTHY);

        assertThat(storage.names())
                .containsExactly(
                        "keys/ekey_01payments/latest.json", "runs/" + Scans.RUN + "/keys/ekey_01payments.json");
    }

    @Test
    void theSameRunLooksOnceAndSaysTheSameAgain() {
        KeyReport first = inspect(Scans.OBSERVING, Scans.RUN);
        var before = storage.snapshot();
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofMinutes(3));

        assertThat(inspect(Scans.OBSERVING, Scans.RUN)).isEqualTo(first);

        assertThat(storage.snapshot()).isEqualTo(before);
        assertThat(anthropic.calls()).hasSize(1);
    }

    @Test
    void untilPatienceEndsItIsTriedAgainAndThenUnreachable() {
        anthropic.failingWith(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "timed out", null));
        assertThatThrownBy(() -> inspect(Scans.OBSERVING, Scans.RUN)).isInstanceOf(TransientException.class);
        assertThat(storage.names()).isEmpty();
        clock.pass(Duration.ofMinutes(31));

        assertThat(inspect(Scans.OBSERVING, Scans.RUN).status()).isEqualTo(Status.UNREACHABLE);
    }

    @Test
    void afterAChangeTheKeyIsChecked() {
        KeyReport report = scanKey(Scans.OBSERVING).scanKey(change(0)).orElseThrow();

        assertThat(report.message()).contains("after SetIamPolicy by mallory@example.com at 2026-11-23T02:00:00Z");
        assertThat(storage.names()).containsExactly("keys/ekey_01payments/latest.json");
    }

    @Test
    void aKeyThatWasCheckedSinceTheChangeIsNotCheckedAgain() {
        clock.pass(Duration.ofSeconds(30));
        inspect(Scans.OBSERVING, Scans.RUN);

        assertThat(scanKey(Scans.OBSERVING).scanKey(change(29))).isEmpty();
        assertThat(scanKey(Scans.OBSERVING).scanKey(change(31))).isPresent();
        assertThat(anthropic.calls()).hasSize(2);
    }

    @Test
    void aChangeWhosePublishingWasInterruptedIsPublishedAfterAll() {
        clock.pass(Duration.ofSeconds(1));
        KeyReport first = scanKey(Scans.OBSERVING).scanKey(change(0)).orElseThrow();

        assertThat(scanKey(Scans.OBSERVING).scanKey(change(0))).contains(first);
        assertThat(anthropic.calls()).hasSize(1);
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
    void repairingRestoresLabelAndBindingAndStillTellsThatTheyWereLost() {
        lose();

        KeyReport report = inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(report.restored()).containsExactly(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(kms.writes()).containsExactly("UpdateCryptoKey " + Sample.KEY, "SetIamPolicy " + Sample.KEY);
        assertThat(inspect(Scans.REPAIRING, NEXT).status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void aKeyThatIsNotAttachedIsNotRepaired() {
        lose();
        RegisteredKey loose = new RegisteredKey(Scans.ID, "loose", Sample.KEY, false, List.of(), List.of());

        KeyReport report = scanKey(Scans.REPAIRING)
                .scanKey(new KeyToScan(Scans.RUN, loose, Sample.NOW, Optional.empty()))
                .orElseThrow();

        assertThat(report.restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyRevokedOnPurposeIsNotRepaired() {
        kms.withKey(Sample.KEY, Map.of("cmek-revoked", "true"), key -> key)
                .withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);

        inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void noVersionIsEnabledAndNoUnexpectedPrincipalRemoved() {
        kms.withKey(Sample.KEY, Sample.LABELS, key -> Scans.withPrimary(key, Optional.of(Scans.version(1, "DISABLED"))))
                .withPolicy(
                        Sample.KEY,
                        Sample.GRANTED.replace("]}]}", "]},{\"role\":\"roles/owner\",\"members\":[\"allUsers\"]}]}"));

        KeyReport report = inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(report.findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.UNEXPECTED_PRINCIPAL, Reason.KEY_VERSION_DISABLED);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void theSameLossWithinTheHourIsSomebodyElsesDoing() {
        lose();
        inspect(Scans.REPAIRING, Scans.RUN);
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofMinutes(10));

        KeyReport report = inspect(Scans.REPAIRING, NEXT);

        assertThat(report.restored()).isEmpty();
        assertThat(report.worst()).hasValueSatisfying(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.REPAIR_CONTESTED);
            assertThat(finding.message())
                    .contains("another process keeps reverting it")
                    .contains("BINDING_MISSING");
        });
        assertThat(kms.writes()).hasSize(2);
    }

    @Test
    void theSameLossADayLaterIsRestoredAgain() {
        lose();
        inspect(Scans.REPAIRING, Scans.RUN);
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofDays(1));

        assertThat(inspect(Scans.REPAIRING, TOMORROW).restored()).containsExactly(Reason.BINDING_MISSING);
    }

    @Test
    void aLossOfAnotherKindIsNoFight() {
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        inspect(Scans.REPAIRING, Scans.RUN);
        kms.replaceLabels(Sample.KEY, Map.of());
        clock.pass(Duration.ofMinutes(10));

        assertThat(inspect(Scans.REPAIRING, NEXT).restored()).containsExactly(Reason.LABEL_MISSING);
    }

    @Test
    void aRunThatDiedWhileRepairingRepairsOnAndFightsNobody() {
        lose();
        kms.beforeWrite(() -> {
            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "killed", null);
        });
        assertThatThrownBy(() -> inspect(Scans.REPAIRING, Scans.RUN)).isInstanceOf(TransientException.class);
        kms.beforeWrite(() -> {});

        assertThat(inspect(Scans.REPAIRING, Scans.RUN).restored())
                .containsExactly(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
    }

    @Test
    void everyRestorationIsRememberedTheLastOfEachKind() {
        lose();
        inspect(Scans.REPAIRING, Scans.RUN);
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofDays(1));

        inspect(Scans.REPAIRING, TOMORROW);

        assertThat(remembered().repairs())
                .extracting(LatestReport.Repair::lost, LatestReport.Repair::run)
                .containsExactlyInAnyOrder(
                        tuple(Reason.LABEL_MISSING, Scans.RUN), tuple(Reason.BINDING_MISSING, TOMORROW));
    }

    @Test
    void aRestorationThatIsRefusedIsAFindingBesideTheLoss() {
        lose();
        kms.beforeWrite(() -> {
            throw new PermanentException(
                    ProjectFindings.permissionDenied("cloudkms.cryptoKeys.update", Sample.KEY.toString()));
        });

        KeyReport report = inspect(Scans.REPAIRING, Scans.RUN);

        assertThat(report.restored()).isEmpty();
        assertThat(report.findings())
                .extracting(Finding::reason)
                .containsExactlyInAnyOrder(Reason.PERMISSION_DENIED, Reason.LABEL_MISSING, Reason.BINDING_MISSING);
    }

    private LatestReport remembered() {
        return new ScanStore(storage).memory(Scans.ID).latest();
    }

    private void lose() {
        kms.withKey(Sample.KEY, Map.of("team", "payments"), key -> key).withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
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
        KeyInspection inspection = new KeyInspection(kms, Sample.POLICY, Sample.ORGANIZATION);
        return new ScanKey(
                new KeyCheck(
                        Checks.validation(anthropic),
                        Checks.withoutDenyPolicies(),
                        Checks.ofKey(kms, inspection, Checks.inherited(kms), Sample.ORGANIZATION, clock),
                        Checks.subjects(anthropic, kms, inspection)),
                new ScanStore(storage),
                new RepairKey(kms, inspection, Sample.ORGANIZATION),
                settings,
                clock,
                duration -> {
                    throw new AssertionError("nobody waits here");
                });
    }
}
