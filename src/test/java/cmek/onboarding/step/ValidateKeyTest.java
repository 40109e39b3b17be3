package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.check.RegistrationLookup;
import cmek.client.anthropic.Validation;
import cmek.client.kms.KeyVersionInfo;
import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeKms;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.result.StepOutcome;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ValidateKeyTest {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Validation FAILURE = new Validation.Failure("permission denied on the key");

    private final FakeKms kms = new FakeKms()
            .withKey(Sample.KEY, Sample.LABELS, UnaryOperator.identity())
            .withPolicy(Sample.KEY, Sample.GRANTED);
    private final FakeAdminApi anthropic =
            new FakeAdminApi(Sample.ORGANIZATION).withExternalKey("ekey_mine", Sample.KEY, false, Sample.NOW);

    private ValidateKey stepAt(Duration later) {
        return new ValidateKey(
                anthropic,
                new KeyInspection(kms, Sample.POLICY, Sample.ORGANIZATION),
                new RegistrationLookup(anthropic, Checks.names()),
                new Propagation(WINDOW, Clock.offset(Sample.CLOCK, later)));
    }

    private static Onboarding registered() {
        return Sample.onboarding(Mode.PROVISION).withExternalKeyId(new ExternalKeyId("ekey_mine"));
    }

    @Test
    void aSuccessGoesOn() {
        assertThat(Answers.outcome(stepAt(Duration.ZERO).validateKey(registered())))
                .isEqualTo(StepOutcome.VALIDATED);
        assertThat(anthropic.calls()).containsExactly("validate ekey_mine");
    }

    @Test
    void aFailureIsPendingWhileAChangeIsYoung() {
        anthropic.nextValidations(FAILURE);

        Outcome.Pending pending = Answers.pending(stepAt(Duration.ofMinutes(12))
                .validateKey(registered().withChangedAt(Sample.NOW.plus(Duration.ofMinutes(3)))));

        assertThat(pending.since()).isEqualTo(Sample.NOW.plus(Duration.ofMinutes(3)));
        assertThat(pending.until()).isEqualTo(Sample.NOW.plus(Duration.ofMinutes(13)));
        assertThat(pending.message()).contains("permission denied on the key");
    }

    @Test
    void aFailureIsPendingWhileTheRequestIsYoungForOthersMayHaveChangedTheKey() {
        anthropic.nextValidations(FAILURE);

        assertThat(Answers.pending(stepAt(Duration.ofMinutes(9)).validateKey(registered()))
                        .since())
                .isEqualTo(Sample.NOW);
    }

    @Test
    void aFailureThatNothingExplainsIsRefusedOnceChangesHaveSpread() {
        anthropic.nextValidations(FAILURE);

        Finding finding = Answers.finding(stepAt(WINDOW).validateKey(registered()));

        assertThat(finding.reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(finding.message())
                .contains("permission denied on the key")
                .contains("label anthropic-org-" + Sample.ORGANIZATION + "=true")
                .contains("both roles")
                .contains("older versions");
    }

    @Test
    void aLostLabelIsNamedAtOnce() {
        kms.withKey(Sample.KEY, Map.of(), UnaryOperator.identity());
        assertThat(refusalAfterFailure()).isEqualTo(Reason.LABEL_MISSING);
    }

    @Test
    void aLostBindingIsNamedAtOnce() {
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);
        assertThat(refusalAfterFailure()).isEqualTo(Reason.BINDING_MISSING);
    }

    @Test
    void anOlderVersionThatIsDisabledIsNamed() {
        kms.withVersions(
                Sample.KEY,
                List.of(
                        new KeyVersionInfo(1, "ENABLED", "HSM", "GOOGLE_SYMMETRIC_ENCRYPTION", Optional.empty()),
                        new KeyVersionInfo(2, "DISABLED", "HSM", "GOOGLE_SYMMETRIC_ENCRYPTION", Optional.empty())));
        assertThat(refusalAfterFailure()).isEqualTo(Reason.OLD_VERSION_UNUSABLE);
    }

    @Test
    void aKeyThatIsGoneIsNamed() {
        FakeKms empty = new FakeKms();
        anthropic.nextValidations(FAILURE);
        ValidateKey step = new ValidateKey(
                anthropic,
                new KeyInspection(empty, Sample.POLICY, Sample.ORGANIZATION),
                new RegistrationLookup(anthropic, Checks.names()),
                new Propagation(WINDOW, Sample.CLOCK));

        assertThat(Answers.finding(step.validateKey(registered())).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    }

    @Test
    void whatCannotBeLookedAtIsNeverFoundGood() {
        kms.refusing("GetCryptoKey", ProjectFindings.permissionDenied("cloudkms.cryptoKeys.get", Sample.KEY.toString()))
                .refusing("GetIamPolicy", ProjectFindings.permissionDenied(null, Sample.KEY.toString()))
                .refusing("ListCryptoKeyVersions", ProjectFindings.permissionDenied(null, Sample.KEY.toString()));
        anthropic.nextValidations(FAILURE);

        Finding finding = Answers.finding(stepAt(WINDOW).validateKey(registered()));

        assertThat(finding.reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(finding.message())
                .contains("checks that passed: none; could not be checked: label")
                .contains("lacks permission cloudkms.cryptoKeys.get");
        assertThat(finding.remedy().get(0)).startsWith("gcloud kms keys describe payments");
    }

    @Test
    void aLostBindingIsNamedThoughTheKeyItselfIsClosedToUs() {
        kms.refusing("GetCryptoKey", ProjectFindings.permissionDenied("cloudkms.cryptoKeys.get", Sample.KEY.toString()))
                .withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);

        assertThat(refusalAfterFailure()).isEqualTo(Reason.BINDING_MISSING);
    }

    @Test
    void aDisabledApiIsACauseOfItsOwn() {
        kms.refusing("GetCryptoKey", ProjectFindings.kmsApiDisabled("acme-kms-prod"));

        assertThat(refusalAfterFailure()).isEqualTo(Reason.KMS_API_DISABLED);
    }

    @Test
    void aPlanDoesNotAskAnthropic() {
        assertThat(Answers.outcome(stepAt(Duration.ZERO).validateKey(Sample.onboarding(Mode.PLAN))))
                .isEqualTo(StepOutcome.WOULD_VALIDATE);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void anEventWithoutRegistrationIsRefused() {
        assertThatThrownBy(() -> stepAt(Duration.ZERO).validateKey(Sample.onboarding(Mode.PROVISION)))
                .isInstanceOf(PermanentException.class);
        assertThat(anthropic.calls()).isEmpty();
    }

    private Reason refusalAfterFailure() {
        anthropic.nextValidations(FAILURE);
        Finding finding = Answers.finding(stepAt(Duration.ZERO).validateKey(registered()));
        assertThat(finding.message()).endsWith("(Anthropic says: permission denied on the key)");
        assertThat(kms.writes()).isEmpty();
        return finding.reason();
    }
}
