package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.RegistrationLookup;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Outcome;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisterKeyTest {

    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION);
    private final FakeStorage storage = new FakeStorage();
    private final RegisterKey step = new RegisterKey(
            anthropic, new RegistrationLookup(anthropic), new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER));

    @Test
    void anUnknownKeyIsRegisteredOnce() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.REGISTERED);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_new0"));
        assertThat(anthropic.calls()).containsExactly("create " + Sample.KEY + " as Payments production");
    }

    @Test
    void aRegistrationOfThisKeyIsReused() {
        anthropic
                .withExternalKey("ekey_mine", Sample.KEY, false, Sample.NOW)
                .withExternalKey(
                        "ekey_else",
                        new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "other"),
                        false,
                        Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_mine"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void ofSeveralTheAttachedOneIsKept() {
        anthropic
                .withExternalKey("ekey_oldest", Sample.KEY, false, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_attached", Sample.KEY, true, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_attached"));
        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(warning.message()).contains("ekey_attached is used, ekey_oldest is not");
        });
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void ofSeveralUnattachedTheOldestIsKept() {
        anthropic
                .withExternalKey("ekey_young", Sample.KEY, false, Sample.NOW)
                .withExternalKey("ekey_old", Sample.KEY, false, Sample.NOW.minusSeconds(9));

        assertThat(Answers.onboarding(step.registerKey(Sample.onboarding(Mode.PROVISION)))
                        .externalKeyId())
                .contains(new ExternalKeyId("ekey_old"));
    }

    @Test
    void aKeyThatOthersManageIsRegisteredToo() {
        assertThat(Answers.outcome(step.registerKey(Sample.onboarding(Mode.VALIDATE))))
                .isEqualTo(StepOutcome.REGISTERED);
    }

    @Test
    void ofTwoMadeInTheSameMomentTheOlderIsKeptAndOursIsTakenBack() {
        anthropic.beforeCreate(
                () -> anthropic.withExternalKey("ekey_first", Sample.KEY, false, Sample.NOW.minusMillis(1)));

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_first"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(anthropic.calls())
                .containsExactly("create " + Sample.KEY + " as Payments production", "delete ekey_new1");
    }

    @Test
    void whatADeadFunctionOfTheSameRequestLeftIsTakenBack() {
        anthropic
                .withExternalKey("ekey_first", Sample.KEY, true, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_left", Sample.KEY, "Payments production", false, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_first"));
        assertThat(anthropic.calls()).containsExactly("delete ekey_left");
    }

    @Test
    void whatAnthropicKeepsIsWarnedOf() {
        anthropic
                .withExternalKey("ekey_first", Sample.KEY, true, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_left", Sample.KEY, "Payments production", false, Sample.NOW)
                .keepingWhatIsDeleted();

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(anthropic.calls()).containsExactly("delete ekey_left");
        assertThat(Answers.onboarding(outcome).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("ekey_left is not"));
    }

    @Test
    void whatTheListDoesNotShowYetIsNotRegisteredASecondTime() {
        step.registerKey(Sample.onboarding(Mode.PROVISION));
        FakeAdminApi lagging = new FakeAdminApi(Sample.ORGANIZATION);
        RegisterKey again = new RegisterKey(
                lagging, new RegistrationLookup(lagging), new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER));

        assertThatThrownBy(() -> again.registerKey(Sample.onboarding(Mode.PROVISION)))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("another instance is writing");

        assertThat(lagging.calls()).isEmpty();
    }

    @Test
    void nothingOfOthersIsEverTakenBack() {
        anthropic
                .withExternalKey("ekey_first", Sample.KEY, true, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_attached", Sample.KEY, "Payments production", true, Sample.NOW)
                .withExternalKey("ekey_older", Sample.KEY, "Payments production", false, Sample.NOW.minusSeconds(1))
                .withExternalKey("ekey_undated", Sample.KEY, "Payments production", false, Instant.MAX)
                .withExternalKey("ekey_named", Sample.KEY, "Another name", false, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(anthropic.calls()).isEmpty();
        assertThat(Answers.onboarding(outcome).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message())
                        .contains("ekey_attached", "ekey_older", "ekey_undated", "ekey_named"));
    }

    @Test
    void aPlanTakesNothingBack() {
        anthropic
                .withExternalKey("ekey_first", Sample.KEY, true, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_left", Sample.KEY, "Payments production", false, Sample.NOW);

        step.registerKey(Sample.onboarding(Mode.PLAN));

        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void whileAnotherMayBeRegisteringTheKeyNothingIsCreated() {
        anthropic.beforeCreate(() -> {
            throw new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "no answer", null);
        });

        assertThatThrownBy(() -> step.registerKey(Sample.onboarding(Mode.PROVISION)))
                .hasMessage("no answer");
        assertThatThrownBy(() -> step.registerKey(Sample.onboarding(Mode.PROVISION)))
                .hasMessageContaining("the lock expires at 2026-11-23T02:02:00Z");
        assertThat(anthropic.calls()).containsExactly("create " + Sample.KEY + " as Payments production");
    }

    @Test
    void whatWasTurnedAwayIsTriedAgainAtOnce() {
        anthropic.beforeCreate(() -> {
            throw new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 429", null).turnedAway();
        });
        assertThatThrownBy(() -> step.registerKey(Sample.onboarding(Mode.PROVISION)))
                .hasMessage("HTTP 429");
        anthropic.beforeCreate(() -> {});

        assertThat(Answers.outcome(step.registerKey(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.REGISTERED);
    }

    @Test
    void aPlanOnlySaysSo() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PLAN));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.WOULD_REGISTER);
        assertThat(Answers.onboarding(outcome).externalKeyId()).isEqualTo(Optional.empty());
        assertThat(anthropic.calls()).isEmpty();
    }
}
