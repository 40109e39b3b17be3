package cmek.onboarding.state;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.finding.RequestFindings;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingResults;
import cmek.onboarding.Step;
import cmek.result.Result;
import cmek.result.Status;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalResultsTest {

    private static final Onboarding ONBOARDING = Sample.onboarding(Mode.PROVISION);

    private final FakeStorage storage = new FakeStorage();
    private final TerminalResults results = new TerminalResults(storage, Sample.CLOCK);

    @Test
    void theFirstEndingHolds() {
        assertThat(results.of(Sample.DEDUPLICATION_KEY, 0)).isEmpty();
        TerminalResult first = end(0, Status.VALIDATED, "first");

        assertThat(first.text("message")).isEqualTo("first");
        assertThat(end(0, Status.VALIDATED, "second")).isEqualTo(first);
        assertThat(end(1, Status.ATTACHED, "third")).isEqualTo(first);
        assertThat(results.of(Sample.DEDUPLICATION_KEY, 0)).contains(first);
        assertThat(results.of(Sample.DEDUPLICATION_KEY, 1)).contains(first);
    }

    @Test
    void aFailureIsTheEndUntilItIsReplayed() {
        TerminalResult failed = end(0, Status.FAILED, "failed");

        assertThat(results.of(Sample.DEDUPLICATION_KEY, 0)).contains(failed);
        assertThat(results.of(Sample.DEDUPLICATION_KEY, 1)).isEmpty();
        assertThat(end(0, Status.FAILED, "again")).isEqualTo(failed);
        assertThat(end(0, Status.REFUSED, "of what had failed")).isEqualTo(failed);
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATED", "ATTACHED", "REFUSED", "FAILED"})
    void aReplaySupersedesAFailureAndNamesIt(Status status) {
        TerminalResult failed = end(0, Status.FAILED, "failed");

        TerminalResult replayed = end(1, status, "replayed");

        assertThat(failed.result().has("supersedes")).isFalse();
        assertThat(replayed.text("supersedes")).isEqualTo(failed.id());
        assertThat(replayed.id()).isEqualTo("payments-prod.1001.validateKey." + status + ".1");
        assertThat(results.of(Sample.DEDUPLICATION_KEY, 1)).contains(replayed);
        assertThat(end(1, Status.FAILED, "late")).isEqualTo(replayed);
    }

    @ParameterizedTest
    @EnumSource(names = {"PLANNED", "VALIDATED", "AWAITING_APPROVAL", "ATTACHED"})
    void aLaterSuccessSupersedesAFailure(Status status) {
        TerminalResult failed = end(0, Status.FAILED, "failed");
        TerminalResult again = end(1, Status.FAILED, "failed again");

        TerminalResult success = end(0, status, "late");

        assertThat(again.text("supersedes")).isEqualTo(failed.id());
        assertThat(success.text("supersedes")).isEqualTo(again.id());
        assertThat(results.of(Sample.DEDUPLICATION_KEY, 2)).contains(success);
    }

    @Test
    void theLastCauseIsKept() {
        results.note(Sample.DEDUPLICATION_KEY, "one");
        new TerminalResults(storage, Clock.offset(Sample.CLOCK, Duration.ofMillis(1)))
                .note(Sample.DEDUPLICATION_KEY, "two");

        assertThat(results.lastCause(Sample.DEDUPLICATION_KEY)).contains("two");
    }

    @Test
    void withoutABucketNothingIsRemembered() {
        TerminalResults forgetful = new TerminalResults(FakeStorage.absent(), Sample.CLOCK);
        forgetful.note(Sample.DEDUPLICATION_KEY, "a cause");

        for (Status status : new Status[] {Status.VALIDATED, Status.ATTACHED}) {
            Result result = result(status, "any");
            assertThat(forgetful.end(Sample.DEDUPLICATION_KEY, ONBOARDING.messageId(), 0, result))
                    .isEqualTo(TerminalResult.of(ONBOARDING.messageId(), 0, result));
        }
        assertThat(forgetful.of(Sample.DEDUPLICATION_KEY, 0)).isEmpty();
        assertThat(forgetful.lastCause(Sample.DEDUPLICATION_KEY)).isEmpty();
    }

    private TerminalResult end(int replay, Status status, String message) {
        return results.end(Sample.DEDUPLICATION_KEY, ONBOARDING.messageId(), replay, result(status, message));
    }

    private static Result result(Status status, String message) {
        return status == Status.FAILED || status == Status.REFUSED
                ? OnboardingResults.of(
                        ONBOARDING,
                        Step.VALIDATE_KEY,
                        status,
                        RequestFindings.retriesExhausted(message, Optional.empty()),
                        Sample.NOW)
                : OnboardingResults.of(ONBOARDING, Step.VALIDATE_KEY, status, message, Sample.NOW);
    }
}
