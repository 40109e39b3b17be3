package cmek.onboarding.state;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingResults;
import cmek.onboarding.Step;
import cmek.result.Status;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TerminalResultsTest {

    private static final Onboarding ONBOARDING = Sample.onboarding(Mode.PROVISION);

    private final FakeStorage storage = new FakeStorage();
    private final TerminalResults results = new TerminalResults(storage, Sample.CLOCK);

    @Test
    void theFirstEndingHolds() {
        assertThat(results.of(Sample.DEDUPLICATION_KEY)).isEmpty();
        assertThat(results.end(Sample.DEDUPLICATION_KEY, ending("first"))).isEqualTo(ending("first"));
        assertThat(results.end(Sample.DEDUPLICATION_KEY, ending("second"))).isEqualTo(ending("first"));
        assertThat(results.of(Sample.DEDUPLICATION_KEY)).contains(ending("first"));
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

        assertThat(forgetful.end(Sample.DEDUPLICATION_KEY, ending("first"))).isEqualTo(ending("first"));
        assertThat(forgetful.end(Sample.DEDUPLICATION_KEY, ending("second"))).isEqualTo(ending("second"));
        assertThat(forgetful.of(Sample.DEDUPLICATION_KEY)).isEmpty();
        assertThat(forgetful.lastCause(Sample.DEDUPLICATION_KEY)).isEmpty();
    }

    private static TerminalResult ending(String message) {
        return new TerminalResult(
                ONBOARDING.messageId(),
                OnboardingResults.of(ONBOARDING, Step.VALIDATE_KEY, Status.VALIDATED, message, Sample.NOW));
    }
}
