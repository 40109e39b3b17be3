package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.check.CheckEntry;
import cmek.check.CheckEntry.Result;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.result.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyReportTest {

    private static final Instant NIGHT = Sample.NOW;

    @Test
    void whatStaysAsItIsIsSoSinceItWasSeenFirst() {
        KeyReport first = checked(0, Optional.empty(), Result.FAILED, Reason.KEY_VERSION_DISABLED);
        KeyReport third = checked(
                2,
                Optional.of(checked(1, Optional.of(first), Result.FAILED, Reason.KEY_VERSION_DISABLED)),
                Result.FAILED,
                Reason.KEY_VERSION_DISABLED,
                Reason.ROTATION_OVERDUE);

        assertThat(third.standing())
                .contains(new Standing(
                        NIGHT,
                        Optional.of(NIGHT),
                        Map.of(
                                Reason.KEY_VERSION_DISABLED,
                                NIGHT,
                                Reason.ROTATION_OVERDUE,
                                NIGHT.plus(Duration.ofDays(2)))));
    }

    @Test
    void whatComesBackIsNewAgain() {
        KeyReport broken = checked(0, Optional.empty(), Result.FAILED, Reason.LABEL_MISSING);
        KeyReport healthy = checked(1, Optional.of(broken), Result.PASSED);
        Instant again = NIGHT.plus(Duration.ofDays(2));

        assertThat(healthy.standing())
                .contains(new Standing(NIGHT.plus(Duration.ofDays(1)), Optional.empty(), Map.of()));
        assertThat(checked(2, Optional.of(healthy), Result.FAILED, Reason.LABEL_MISSING)
                        .standing())
                .contains(new Standing(again, Optional.of(again), Map.of(Reason.LABEL_MISSING, again)));
    }

    @Test
    void whatCouldNotBeSeenForANightIsSoAsLongAsBefore() {
        KeyReport broken = checked(0, Optional.empty(), Result.FAILED, Reason.LABEL_MISSING);
        KeyReport unseen = checked(1, Optional.of(broken), Result.UNKNOWN, Reason.NOT_REACHED);
        KeyReport after = checked(2, Optional.of(unseen), Result.FAILED, Reason.LABEL_MISSING);

        assertThat(unseen.status()).isEqualTo(Status.UNREACHABLE);
        assertThat(unseen.isDown()).isFalse();
        assertThat(unseen.standing().orElseThrow().downSince()).contains(NIGHT);
        assertThat(after.standing().orElseThrow().downSince()).contains(NIGHT);
        assertThat(after.standing().orElseThrow().reasons()).containsEntry(Reason.LABEL_MISSING, NIGHT);
    }

    @Test
    void aReportOfTheReleaseBeforeSaysAtLeastWhenItWasMade() {
        KeyReport before = KeyReport.of(Scans.toInspect(Scans.RUN), List.of(found(Reason.LABEL_MISSING)), NIGHT);

        assertThat(checked(1, Optional.of(before), Result.FAILED, Reason.LABEL_MISSING)
                        .standing())
                .contains(new Standing(NIGHT, Optional.of(NIGHT), Map.of(Reason.LABEL_MISSING, NIGHT)));
    }

    /** A version that was just disabled can still be used for a while, and Anthropic says so. */
    @ParameterizedTest
    @EnumSource(Result.class)
    void whetherAnthropicCanUseItIsForAnthropicToSay(Result roundTrip) {
        KeyReport report = checked(0, Optional.empty(), roundTrip, Reason.KEY_VERSION_DISABLED);

        assertThat(report.isDown()).isEqualTo(roundTrip != Result.PASSED);
    }

    @Test
    void anUntidyKeyIsNotDown() {
        assertThat(checked(0, Optional.empty(), Result.PASSED, Reason.ROTATION_OVERDUE)
                        .isDown())
                .isFalse();
        assertThat(checked(0, Optional.empty(), Result.UNKNOWN, Reason.REVOKED_ON_PURPOSE)
                        .isDown())
                .isFalse();
    }

    private static KeyReport checked(int day, Optional<KeyReport> before, Result roundTrip, Reason... reasons) {
        return KeyReport.of(
                        Scans.toInspect(Scans.RUN),
                        List.of(reasons).stream().map(KeyReportTest::found).toList(),
                        List.of(new CheckEntry(CheckEntry.ROUND_TRIP, roundTrip, "")),
                        Map.of(),
                        Optional.empty(),
                        NIGHT.plus(Duration.ofDays(day)))
                .since(before, NIGHT.plus(Duration.ofDays(day)));
    }

    private static Finding found(Reason reason) {
        return new Finding(reason, "x", List.of("gcloud x"));
    }
}
