package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import cmek.check.KeyInspection;
import cmek.config.NightSettings;
import cmek.fake.FakeKms;
import cmek.fake.FakeStorage;
import cmek.fake.FakeVendor;
import cmek.fake.Nights;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Findings;
import cmek.finding.Reason;
import cmek.finding.RefusedException;
import cmek.finding.UnavailableException;
import cmek.result.Status;
import cmek.scan.repair.RepairKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InspectKeyTest {

    private static final RunId NEXT = RunId.ofNight(Sample.NOW.plusSeconds(600), "7422");
    private static final RunId TOMORROW = RunId.ofNight(Sample.NOW.plusSeconds(86_400), "7423");

    private final FakeKms kms = Nights.healthy();
    private final FakeVendor vendor = new FakeVendor(Sample.ORGANIZATION);
    private final FakeStorage storage = new FakeStorage();
    private final PaceTest.TestClock clock = new PaceTest.TestClock();

    @Test
    void whatWasFoundIsKeptForTheRunAndForTheKey() {
        assertThat(inspect(Nights.OBSERVING, Nights.RUN).status()).isEqualTo(Status.HEALTHY);

        assertThat(storage.names())
                .containsExactly(
                        "keys/ekey_01payments/latest.json", "runs/" + Nights.RUN + "/keys/ekey_01payments.json");
    }

    @Test
    void theSameRunLooksOnceAndSaysTheSameAgain() {
        KeyReport first = inspect(Nights.OBSERVING, Nights.RUN);
        var before = storage.snapshot();
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofMinutes(3));

        assertThat(inspect(Nights.OBSERVING, Nights.RUN)).isEqualTo(first);

        assertThat(storage.snapshot()).isEqualTo(before);
        assertThat(vendor.calls()).hasSize(1);
    }

    @Test
    void untilPatienceEndsItIsTriedAgainAndThenUnreachable() {
        vendor.failingWith(new UnavailableException(Reason.VENDOR_UNAVAILABLE, "timed out", null));
        assertThatThrownBy(() -> inspect(Nights.OBSERVING, Nights.RUN)).isInstanceOf(UnavailableException.class);
        assertThat(storage.names()).isEmpty();
        clock.pass(Duration.ofMinutes(31));

        assertThat(inspect(Nights.OBSERVING, Nights.RUN).status()).isEqualTo(Status.UNREACHABLE);
    }

    @Test
    void afterAChangeTheKeyIsLookedAt() {
        KeyReport report = inspectKey(Nights.OBSERVING).inspectKey(change(0)).orElseThrow();

        assertThat(report.message()).contains("after SetIamPolicy by mallory@example.com at 2026-11-23T02:00:00Z");
        assertThat(storage.names()).containsExactly("keys/ekey_01payments/latest.json");
    }

    @Test
    void aKeyThatWasLookedAtSinceTheChangeIsNotLookedAtAgain() {
        clock.pass(Duration.ofSeconds(30));
        inspect(Nights.OBSERVING, Nights.RUN);

        assertThat(inspectKey(Nights.OBSERVING).inspectKey(change(29))).isEmpty();
        assertThat(inspectKey(Nights.OBSERVING).inspectKey(change(31))).isPresent();
        assertThat(vendor.calls()).hasSize(2);
    }

    @Test
    void aChangeWhosePublishingWasInterruptedIsPublishedAfterAll() {
        clock.pass(Duration.ofSeconds(1));
        KeyReport first = inspectKey(Nights.OBSERVING).inspectKey(change(0)).orElseThrow();

        assertThat(inspectKey(Nights.OBSERVING).inspectKey(change(0))).contains(first);
        assertThat(vendor.calls()).hasSize(1);
    }

    @Test
    void aLookThatEndsLateDoesNotReplaceALaterOne() {
        clock.pass(Duration.ofMinutes(5));
        KeyReport later = inspect(Nights.OBSERVING, NEXT);
        clock.pass(Duration.ofMinutes(-4));

        inspect(Nights.OBSERVING, Nights.RUN);

        assertThat(remembered().report()).contains(later);
    }

    @Test
    void aLookReplacesAnEarlierOne() {
        inspect(Nights.OBSERVING, Nights.RUN);
        clock.pass(Duration.ofMinutes(5));

        KeyReport later = inspect(Nights.OBSERVING, NEXT);

        assertThat(remembered().report()).contains(later);
    }

    @Test
    void whoeverHadATurnGivesItBack() {
        InspectKey one = inspectKey(Nights.OBSERVING);

        for (int look = 0; look <= Nights.OBSERVING.concurrency(); look++) {
            RunId run = RunId.ofNight(Sample.NOW.plusSeconds(look), "8" + look);
            assertThat(one.inspectKey(Nights.toInspect(run))).isPresent();
        }
    }

    // --- repair --------------------------------------------------------------------------------------------------

    @Test
    void observingRestoresNothing() {
        lose();

        assertThat(inspect(Nights.OBSERVING, Nights.RUN).restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void repairingRestoresLabelAndBindingAndStillTellsThatTheyWereLost() {
        lose();

        KeyReport report = inspect(Nights.REPAIRING, Nights.RUN);

        assertThat(report.restored()).containsExactly(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
        assertThat(report.status()).isEqualTo(Status.AILING);
        assertThat(kms.writes()).containsExactly("UpdateCryptoKey " + Sample.KEY, "SetIamPolicy " + Sample.KEY);
        assertThat(inspect(Nights.REPAIRING, NEXT).status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void aKeyThatIsNotAttachedIsNotRepaired() {
        lose();
        RegisteredKey loose = new RegisteredKey(Nights.ID, "loose", Sample.KEY, false, List.of(), List.of());

        KeyReport report = inspectKey(Nights.REPAIRING)
                .inspectKey(new KeyToInspect(Nights.RUN, loose, Sample.NOW, Optional.empty()))
                .orElseThrow();

        assertThat(report.restored()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyRevokedOnPurposeIsNotRepaired() {
        kms.withKey(Sample.KEY, Map.of("cmek-revoked", "true"), key -> key)
                .withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);

        inspect(Nights.REPAIRING, Nights.RUN);

        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void noVersionIsEnabledAndNoStrangerRemoved() {
        kms.withKey(
                        Sample.KEY,
                        Sample.LABELS,
                        key -> Nights.withPrimary(key, Optional.of(Nights.version(1, "DISABLED"))))
                .withPolicy(
                        Sample.KEY,
                        Sample.GRANTED.replace("]}]}", "]},{\"role\":\"roles/owner\",\"members\":[\"allUsers\"]}]}"));

        KeyReport report = inspect(Nights.REPAIRING, Nights.RUN);

        assertThat(report.findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.STRANGER_CAN_DECRYPT, Reason.KEY_VERSION_DISABLED);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void theSameLossWithinTheHourIsSomebodyElsesDoing() {
        lose();
        inspect(Nights.REPAIRING, Nights.RUN);
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofMinutes(10));

        KeyReport report = inspect(Nights.REPAIRING, NEXT);

        assertThat(report.restored()).isEmpty();
        assertThat(report.worst()).hasValueSatisfying(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.REPAIR_CONTESTED);
            assertThat(finding.message())
                    .contains("somebody else is fighting it")
                    .contains("BINDING_MISSING");
        });
        assertThat(kms.writes()).hasSize(2);
    }

    @Test
    void theSameLossADayLaterIsRestoredAgain() {
        lose();
        inspect(Nights.REPAIRING, Nights.RUN);
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofDays(1));

        assertThat(inspect(Nights.REPAIRING, TOMORROW).restored()).containsExactly(Reason.BINDING_MISSING);
    }

    @Test
    void aLossOfAnotherKindIsNoFight() {
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        inspect(Nights.REPAIRING, Nights.RUN);
        kms.replaceLabels(Sample.KEY, Map.of());
        clock.pass(Duration.ofMinutes(10));

        assertThat(inspect(Nights.REPAIRING, NEXT).restored()).containsExactly(Reason.LABEL_MISSING);
    }

    @Test
    void aRunThatDiedWhileRepairingRepairsOnAndFightsNobody() {
        lose();
        kms.beforeWrite(() -> {
            throw new UnavailableException(Reason.GOOGLE_UNAVAILABLE, "killed", null);
        });
        assertThatThrownBy(() -> inspect(Nights.REPAIRING, Nights.RUN)).isInstanceOf(UnavailableException.class);
        kms.beforeWrite(() -> {});

        assertThat(inspect(Nights.REPAIRING, Nights.RUN).restored())
                .containsExactly(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
    }

    @Test
    void everyRestorationIsRememberedTheLastOfEachKind() {
        lose();
        inspect(Nights.REPAIRING, Nights.RUN);
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        clock.pass(Duration.ofDays(1));

        inspect(Nights.REPAIRING, TOMORROW);

        assertThat(remembered().repairs())
                .extracting(LatestReport.Repair::lost, LatestReport.Repair::run)
                .containsExactlyInAnyOrder(
                        tuple(Reason.LABEL_MISSING, Nights.RUN), tuple(Reason.BINDING_MISSING, TOMORROW));
    }

    @Test
    void aRestorationThatIsRefusedIsAFindingBesideTheLoss() {
        lose();
        kms.beforeWrite(() -> {
            throw new RefusedException(Findings.permissionDenied("cloudkms.cryptoKeys.update", Sample.KEY.toString()));
        });

        KeyReport report = inspect(Nights.REPAIRING, Nights.RUN);

        assertThat(report.restored()).isEmpty();
        assertThat(report.findings())
                .extracting(Finding::reason)
                .containsExactlyInAnyOrder(Reason.PERMISSION_DENIED, Reason.LABEL_MISSING, Reason.BINDING_MISSING);
    }

    private LatestReport remembered() {
        return new Evidence(storage).memory(Nights.ID).latest();
    }

    private void lose() {
        kms.withKey(Sample.KEY, Map.of("team", "payments"), key -> key).withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
    }

    private static KeyToInspect change(int second) {
        KeyChange change = new KeyChange("SetIamPolicy", "mallory@example.com", Sample.NOW.plusSeconds(second));
        return new KeyToInspect(
                RunId.ofChange(change.at(), "entry" + second),
                Nights.registered(),
                Sample.NOW.plusSeconds(900),
                Optional.of(change));
    }

    private KeyReport inspect(NightSettings settings, RunId run) {
        return inspectKey(settings).inspectKey(Nights.toInspect(run)).orElseThrow();
    }

    private InspectKey inspectKey(NightSettings settings) {
        KeyInspection inspection = new KeyInspection(kms, Sample.POLICY, Sample.ORGANIZATION);
        return new InspectKey(
                new KeyLook(kms, vendor, inspection, Sample.ORGANIZATION, clock),
                new Evidence(storage),
                new RepairKey(kms, inspection, Sample.ORGANIZATION),
                settings,
                clock,
                duration -> {
                    throw new AssertionError("nobody waits here");
                });
    }
}
