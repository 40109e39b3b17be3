package cmek.onboarding.state;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
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

    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
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
        note(Duration.ZERO, "createKey", Reason.GOOGLE_UNAVAILABLE, "one");
        note(Duration.ofMillis(1), "createKey", Reason.GOOGLE_UNAVAILABLE, "two");

        assertThat(results.lastCause(Sample.DEDUPLICATION_KEY)).contains("createKey: GOOGLE_UNAVAILABLE, two");
    }

    @Test
    void aCauseIsToldAtMostEveryFifteenMinutesAndAnotherOneAtOnce() {
        assertThat(note(Duration.ZERO, "createKey", Reason.GOOGLE_UNAVAILABLE, "one"))
                .contains(new TerminalResults.Retries(1, Sample.NOW));
        assertThat(note(Duration.ofMinutes(1), "createKey", Reason.GOOGLE_UNAVAILABLE, "in other words"))
                .isEmpty();
        assertThat(note(Duration.ofMinutes(2), "createKey", Reason.BUSY, "two"))
                .contains(new TerminalResults.Retries(3, Sample.NOW));
        assertThat(note(Duration.ofMinutes(3), "createKey", Reason.GOOGLE_UNAVAILABLE, "back again"))
                .isEmpty();
        assertThat(note(Duration.ofMinutes(15), "createKey", Reason.GOOGLE_UNAVAILABLE, "still"))
                .contains(new TerminalResults.Retries(5, Sample.NOW));
        assertThat(note(Duration.ofMinutes(16), "grantAccess", Reason.GOOGLE_UNAVAILABLE, "another step"))
                .contains(new TerminalResults.Retries(1, Sample.NOW.plus(Duration.ofMinutes(16))));
    }

    @Test
    void aCauseThatAnotherReleaseNotedIsReadAndDoesNoHarm() {
        bucket.write("onboardings/" + Sample.DEDUPLICATION_KEY + "/causes/1700000000000.txt", "an old one");

        assertThat(results.lastCause(Sample.DEDUPLICATION_KEY)).contains("an old one");
        assertThat(note(Duration.ZERO, "createKey", Reason.BUSY, "new"))
                .contains(new TerminalResults.Retries(1, Sample.NOW));
    }

    private Optional<TerminalResults.Retries> note(Duration later, String step, Reason reason, String cause) {
        return new TerminalResults(storage, Clock.offset(Sample.CLOCK, later))
                .note(Sample.DEDUPLICATION_KEY, step, new TransientException(reason, cause, null));
    }

    @Test
    void withoutABucketNothingIsRemembered() {
        TerminalResults forgetful = new TerminalResults(StorageInProcess.absent(), Sample.CLOCK);
        assertThat(forgetful.note(
                        Sample.DEDUPLICATION_KEY, "createKey", new TransientException(Reason.BUSY, "a cause", null)))
                .isEmpty();

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
