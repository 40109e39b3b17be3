package cmek.step;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.FakeVendor;
import cmek.fake.Sample;
import cmek.inspection.RegistrationInspection;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Mode;
import cmek.onboarding.Outcome;
import cmek.onboarding.Reason;
import cmek.onboarding.StepOutcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisterKeyTest {

    private final FakeVendor vendor = new FakeVendor(Sample.ORGANIZATION);
    private final RegisterKey step = new RegisterKey(vendor, new RegistrationInspection(vendor));

    @Test
    void anUnknownKeyIsRegisteredOnce() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.REGISTERED);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_new0"));
        assertThat(vendor.calls()).containsExactly("create " + Sample.KEY + " as Payments production");
    }

    @Test
    void aRegistrationOfThisKeyIsReused() {
        vendor.withExternalKey("ekey_mine", Sample.KEY, false, Sample.NOW)
                .withExternalKey(
                        "ekey_else",
                        new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "other"),
                        false,
                        Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_mine"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(vendor.calls()).isEmpty();
    }

    @Test
    void ofSeveralTheAttachedOneIsKept() {
        vendor.withExternalKey("ekey_oldest", Sample.KEY, false, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_attached", Sample.KEY, true, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_attached"));
        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(warning.message()).contains("ekey_attached is used, ekey_oldest is not");
        });
        assertThat(vendor.calls()).isEmpty();
    }

    @Test
    void ofSeveralUnattachedTheOldestIsKept() {
        vendor.withExternalKey("ekey_young", Sample.KEY, false, Sample.NOW)
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
    void aPlanOnlySaysSo() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PLAN));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.WOULD_REGISTER);
        assertThat(Answers.onboarding(outcome).externalKeyId()).isEqualTo(Optional.empty());
        assertThat(vendor.calls()).isEmpty();
    }
}
