package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.check.KeyValidation;
import cmek.check.RegistrationLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.http.Retry;
import cmek.client.kms.KeyManagement;
import cmek.fake.Checks;
import cmek.fake.DenyRules;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Actor;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.model.AnthropicPrincipal;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.result.StepOutcome;
import cmek.simulator.AdminSimulator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidateKeyTest {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String VALIDATE = "external_keys/ekey_mine/validate";
    private static final String FAILURE = "The validation did not finish in time.";

    private final KmsInProcess kms =
            new KmsInProcess().withKey(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);
    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator().withKey("ekey_mine", Sample.KEY.toString(), Sample.NOW);
    private final AdminApi anthropic = admin.client();

    private final ProjectInProcess project = new ProjectInProcess();
    private final List<Duration> waits = new ArrayList<>();

    private ValidateKey stepAt(Duration later) {
        return step(kms.client(), Clock.offset(Sample.CLOCK, later));
    }

    private ValidateKey step(KeyManagement apis, Clock clock) {
        KeyInspection keys = new KeyInspection(apis, Sample.POLICY, Sample.ORGANIZATION);
        return new ValidateKey(
                new KeyValidation(anthropic, new Retry(waits::add, () -> 0)),
                Checks.ofKey(apis, keys, Checks.inherited(apis, project), Sample.ORGANIZATION, clock),
                Checks.subjects(anthropic, apis, keys, project),
                new RegistrationLookup(anthropic, Checks.names(project)),
                Checks.denyPolicies(apis, project),
                new Propagation(WINDOW, clock));
    }

    private static Onboarding registered() {
        return Sample.onboarding(Mode.PROVISION).withExternalKeyId(new ExternalKeyId("ekey_mine"));
    }

    @Test
    void ofTwoRegistrationsTheOlderIsValidatedAndTheOtherIsWarnedOf() {
        simulator.withKey("ekey_first", Sample.KEY.toString(), Sample.NOW.minusSeconds(60));

        Outcome outcome = stepAt(Duration.ZERO).validateKey(registered()).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_first"));
        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(warning.actor()).isEqualTo(Actor.ANTHROPIC_ADMIN);
            assertThat(warning.message()).contains("ekey_first is used, ekey_mine is not");
        });
    }

    @Test
    void aSuccessGoesOn() {
        assertThat(Answers.outcome(
                        stepAt(Duration.ZERO).validateKey(registered()).written()))
                .isEqualTo(StepOutcome.VALIDATED);
        assertThat(admin.calls()).containsExactly(VALIDATE);
    }

    @Test
    void aFailureThatPassesIsASuccess() {
        simulator.timeOutValidations(1);

        assertThat(Answers.outcome(stepAt(WINDOW).validateKey(registered()).written()))
                .isEqualTo(StepOutcome.VALIDATED);
        assertThat(admin.calls()).containsExactly(VALIDATE, VALIDATE);
        assertThat(waits).containsExactly(KeyValidation.ONCE_MORE_AFTER);
    }

    @Test
    void aFailureIsAskedOnceMoreAndThenCounts() {
        simulator.timeOutValidations(2);

        Answers.finding(stepAt(WINDOW).validateKey(registered()).written());

        assertThat(admin.calls()).containsExactly(VALIDATE, VALIDATE);
        assertThat(waits).hasSize(1);
    }

    @Test
    void aDenyPolicyOfTheProjectIsNamedAtOnce() {
        project.denyPolicies().attach(ProjectInProcess.PROJECT, "no-decrypt", DenyRules.everybody("useToDecrypt"));

        assertThat(refusalAfterFailure()).isEqualTo(Reason.DENY_POLICY);
    }

    @Test
    void aDenyPolicyOfTheOrganizationIsNamedWithIt() {
        project.in("folders/8", "organizations/7");
        project.denyPolicies().attach("organizations/7", "no-outsiders", DenyRules.everybody("useToEncrypt"));
        simulator.timeOutValidations(2);

        Finding finding =
                Answers.finding(stepAt(Duration.ZERO).validateKey(registered()).written());

        assertThat(finding.message()).startsWith("the IAM deny policy no-outsiders of organizations/7 denies ");
        assertThat(finding.remedy().get(0))
                .isEqualTo("gcloud iam policies get no-outsiders"
                        + " --attachment-point=cloudresourcemanager.googleapis.com%2Forganizations%2F7"
                        + " --kind=denypolicies --format=json > organizations-7-no-outsiders.json");
    }

    @Test
    void denyPoliciesThatCannotBeReadAreSaidBesideTheCommandThatAnswersForCertain() {
        project.in("organizations/7");
        project.denyPolicies().deny("organizations/7");
        simulator.timeOutValidations(2);

        Finding finding =
                Answers.finding(stepAt(WINDOW).validateKey(registered()).written());

        assertThat(finding.reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(finding.message()).contains("could not be checked: deny policies (ListPolicies on organizations/7");
        assertThat(finding.remedy().get(0))
                .isEqualTo("gcloud policy-intelligence troubleshoot-policy iam //cloudkms.googleapis.com/" + Sample.KEY
                        + " --permission=cloudkms.cryptoKeyVersions.useToDecrypt --principal-email="
                        + AnthropicPrincipal.EMAIL);
    }

    @Test
    void aSuccessReadsNoDenyPolicies() {
        Answers.outcome(stepAt(Duration.ZERO).validateKey(registered()).written());

        assertThat(project.calls()).noneMatch(call -> call.startsWith("ListPolicies"));
    }

    @Test
    void aFailureIsPendingWhileAChangeIsYoung() {
        simulator.timeOutValidations(2);

        Outcome.Pending pending = Answers.pending(stepAt(Duration.ofMinutes(12))
                .validateKey(registered().withChangedAt(Sample.NOW.plus(Duration.ofMinutes(3))))
                .written());

        assertThat(pending.since()).isEqualTo(Sample.NOW.plus(Duration.ofMinutes(3)));
        assertThat(pending.until()).isEqualTo(Sample.NOW.plus(Duration.ofMinutes(13)));
        assertThat(pending.message()).contains(FAILURE);
    }

    @Test
    void aFailureIsPendingWhileTheRequestIsYoungForOthersMayHaveChangedTheKey() {
        simulator.timeOutValidations(2);

        assertThat(Answers.pending(stepAt(Duration.ofMinutes(9))
                                .validateKey(registered())
                                .written())
                        .since())
                .isEqualTo(Sample.NOW);
    }

    @Test
    void aFailureThatNothingExplainsIsRefusedOnceChangesHaveSpread() {
        simulator.timeOutValidations(2);

        Finding finding =
                Answers.finding(stepAt(WINDOW).validateKey(registered()).written());

        assertThat(finding.reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(finding.message())
                .contains(FAILURE)
                .contains("label anthropic-org-" + Sample.ORGANIZATION + "=true")
                .contains("both roles")
                .contains("older versions enabled")
                .contains("no version lost");
    }

    @Test
    void aLostLabelIsNamedAtOnce() {
        kms.withLabels(Sample.KEY, Map.of());
        assertThat(refusalAfterFailure()).isEqualTo(Reason.LABEL_MISSING);
    }

    @Test
    void aLostBindingIsNamedAtOnce() {
        kms.withPolicy(Sample.KEY, "{}");
        assertThat(refusalAfterFailure()).isEqualTo(Reason.BINDING_MISSING);
    }

    @Test
    void anOlderVersionIsNeverTheCauseAndIsToldBesides() {
        kms.google().addVersion(Sample.KEY.toString(), false);
        kms.withVersion(Sample.KEY, 2, "DISABLED");
        simulator.timeOutValidations(4);

        assertThat(Answers.pending(stepAt(Duration.ofMinutes(9))
                                .validateKey(registered())
                                .written())
                        .message())
                .contains(FAILURE);
        Finding finding =
                Answers.finding(stepAt(WINDOW).validateKey(registered()).written());
        assertThat(finding.reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(finding.message())
                .contains("found besides: the key " + Sample.KEY)
                .contains("2 is DISABLED");
    }

    @Test
    void aKeyThatIsGoneIsNamed() {
        KeyManagement empty = new KmsInProcess().client();
        simulator.timeOutValidations(2);

        assertThat(Answers.finding(step(empty, Sample.CLOCK)
                                .validateKey(registered())
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_NOT_FOUND);
    }

    @Test
    void whatCannotBeLookedAtIsNeverFoundGood() {
        kms.google()
                .deny("cloudkms.cryptoKeys.get")
                .deny("cloudkms.cryptoKeys.getIamPolicy")
                .deny("cloudkms.cryptoKeyVersions.list");
        simulator.timeOutValidations(2);

        Finding finding =
                Answers.finding(stepAt(WINDOW).validateKey(registered()).written());

        assertThat(finding.reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(finding.message())
                .contains("checks that passed: no deletion of the project requested; could not be checked: ")
                .contains("label " + Sample.ORGANIZATION.label() + " (the function's")
                .contains("lacks permission cloudkms.cryptoKeys.get");
        assertThat(finding.remedy().get(0)).startsWith("gcloud policy-intelligence troubleshoot-policy iam");
        assertThat(finding.remedy().get(1)).startsWith("gcloud kms keys describe payments");
    }

    @Test
    void aLostBindingIsNamedThoughTheKeyItselfIsClosedToUs() {
        kms.withPolicy(Sample.KEY, "{}").google().deny("cloudkms.cryptoKeys.get");

        assertThat(refusalAfterFailure()).isEqualTo(Reason.BINDING_MISSING);
    }

    @Test
    void aDisabledApiIsACauseOfItsOwn() {
        kms.google().disableApi("acme-kms-prod");

        assertThat(refusalAfterFailure()).isEqualTo(Reason.KMS_API_DISABLED);
    }

    @Test
    void allCausesAreNamedAndPublishingAgainComesBeforeTheCommandsThatDoTheSame() {
        kms.withLabels(Sample.KEY, Map.of()).withPolicy(Sample.KEY, "{}");
        simulator.timeOutValidations(2);

        Finding finding =
                Answers.finding(stepAt(Duration.ZERO).validateKey(registered()).written());

        assertThat(finding.message()).contains("lacks the label", "lacks roles/cloudkms.cryptoKeyEncrypterDecrypter");
        assertThat(finding.actor()).isEqualTo(Actor.REQUESTER);
        assertThat(finding.remedy())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("publish the same request again"),
                        line -> assertThat(line).startsWith("gcloud kms keys update payments"),
                        line -> assertThat(line).startsWith("gcloud kms keys add-iam-policy-binding payments"),
                        line -> assertThat(line).startsWith("gcloud kms keys add-iam-policy-binding payments"));
    }

    @Test
    void whatOnlyAPersonCanPutRightComesFirst() {
        kms.withLabels(Sample.KEY, Map.of()).withVersion(Sample.KEY, 1, "DISABLED");
        simulator.timeOutValidations(2);

        Finding finding =
                Answers.finding(stepAt(Duration.ZERO).validateKey(registered()).written());

        assertThat(finding.reason()).isEqualTo(Reason.KEY_VERSION_DISABLED);
        assertThat(finding.actor()).isEqualTo(Actor.KEY_OWNER);
        assertThat(finding.remedy())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("gcloud kms keys versions enable 1"),
                        line -> assertThat(line).startsWith("publish the same request again"),
                        line -> assertThat(line).startsWith("gcloud kms keys update payments"));
    }

    @Test
    void aKeyThatWasDeletedIsToldAsDeleted() {
        kms.google().deleteKey(Sample.KEY.toString());

        assertThat(refusalAfterFailure()).isEqualTo(Reason.KEY_DELETED);
    }

    @Test
    void aPlanDoesNotAskAnthropic() {
        assertThat(Answers.outcome(stepAt(Duration.ZERO)
                        .validateKey(Sample.onboarding(Mode.PLAN))
                        .written()))
                .isEqualTo(StepOutcome.WOULD_VALIDATE);
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anEventWithoutRegistrationIsRefused() {
        assertThatThrownBy(() -> stepAt(Duration.ZERO)
                        .validateKey(Sample.onboarding(Mode.PROVISION))
                        .written())
                .isInstanceOf(PermanentException.class);
        assertThat(admin.calls()).isEmpty();
    }

    private Reason refusalAfterFailure() {
        simulator.timeOutValidations(2);
        Finding finding =
                Answers.finding(stepAt(Duration.ZERO).validateKey(registered()).written());
        assertThat(finding.message()).contains("; Anthropic cannot use the key now and says: " + FAILURE);
        assertThat(kms.writes()).isEmpty();
        return finding.reason();
    }
}
