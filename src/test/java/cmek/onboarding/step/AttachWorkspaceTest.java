package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.Attachment;
import cmek.client.anthropic.Validation;
import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.Policy;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttachWorkspaceTest {

    private static final ExternalKeyId MINE = new ExternalKeyId("ekey_mine");
    private static final String VALIDATE = "validate ekey_mine";
    private static final String ATTACH = "attach ekey_mine to " + Sample.WORKSPACE;

    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION)
            .withExternalKey("ekey_mine", Sample.KEY, false, Sample.NOW)
            .withWorkspace(Sample.WORKSPACE, false, Optional.empty());

    private final FakeStorage storage = new FakeStorage();
    private Policy policy = Sample.POLICY;

    private AttachWorkspace stepAt(Duration later) {
        return new AttachWorkspace(
                anthropic,
                Checks.validation(anthropic),
                new WorkspaceLookup(anthropic),
                new RegistrationLookup(anthropic),
                new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER),
                new Propagation(Duration.ofMinutes(10), Clock.offset(Sample.CLOCK, later)),
                policy);
    }

    private Outcome attach() {
        return stepAt(Duration.ofHours(1)).attachWorkspace(registered(Mode.PROVISION));
    }

    private static Onboarding registered(Mode mode) {
        return Sample.onboarding(mode).withExternalKeyId(MINE);
    }

    @Test
    void aFreeWorkspaceGetsTheKeyAfterOneMoreValidation() {
        assertThat(Answers.outcome(attach())).isEqualTo(StepOutcome.ATTACHED);
        assertThat(anthropic.calls()).containsExactly(VALIDATE, ATTACH);
        assertThat(anthropic.stored(Sample.WORKSPACE).externalKeyId()).contains(MINE);
    }

    @Test
    void aSecondEntryWritesNothing() {
        anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.of(MINE));

        assertThat(Answers.outcome(attach())).isEqualTo(StepOutcome.FOUND);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void anotherRegistrationOfTheSameKeyIsTheSameKey() {
        anthropic
                .withExternalKey("ekey_twin", Sample.KEY, true, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_twin")));

        Outcome outcome = attach();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_twin"));
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void alreadyAttachedElsewhereIsRefused() {
        anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_other")));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void anArchivedWorkspaceIsRefused() {
        anthropic.withWorkspace(Sample.WORKSPACE, true, Optional.empty());

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_ARCHIVED);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void anUnknownWorkspaceIsRefused() {
        FakeAdminApi empty = new FakeAdminApi(Sample.ORGANIZATION);
        AttachWorkspace step = new AttachWorkspace(
                empty,
                Checks.validation(empty),
                new WorkspaceLookup(empty),
                new RegistrationLookup(empty),
                new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER),
                new Propagation(Duration.ZERO, Sample.CLOCK),
                Sample.POLICY);

        assertThat(Answers.finding(step.attachWorkspace(registered(Mode.PROVISION)))
                        .reason())
                .isEqualTo(Reason.WORKSPACE_NOT_FOUND);
    }

    @Test
    void aKeyThatNoLongerValidatesIsNotAttached() {
        anthropic.nextValidations(new Validation.Failure("no"));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(anthropic.calls()).containsExactly(VALIDATE, VALIDATE);
    }

    @Test
    void aFailedValidationIsPendingWhileAChangeIsYoung() {
        anthropic.nextValidations(new Validation.Failure("no"));

        Answers.pending(stepAt(Duration.ofMinutes(1)).attachWorkspace(registered(Mode.PROVISION)));

        assertThat(anthropic.calls()).containsExactly(VALIDATE, VALIDATE);
    }

    @Test
    void anthropicsOwnValidationAtAttachIsUnderstood() {
        anthropic.attachAnswers(new Attachment.ValidationFailed("no"));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.VALIDATION_FAILED);
    }

    @Test
    void aConflictIsTriedAgainFromTheBeginning() {
        anthropic.attachAnswers(new Attachment.Changed());

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);
    }

    @Test
    void afterAConflictTheWorkspaceIsReservedForNobody() {
        anthropic.attachAnswers(new Attachment.Changed());
        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);

        assertThat(anthropic.calls()).containsExactly(VALIDATE, ATTACH, VALIDATE, ATTACH);
    }

    @Test
    void aWorkspaceThatStillLooksFreeIsNotAttachedASecondTime() {
        attach();
        anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.empty());

        assertThatThrownBy(this::attach)
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("another instance is writing");

        assertThat(anthropic.calls()).containsOnlyOnce(ATTACH);
    }

    @Test
    void anAnswerThatDoesNotShowOurKeyIsNotBelieved() {
        anthropic.attachAnswers(new Attachment.Attached(anthropic.stored(Sample.WORKSPACE)));

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);
    }

    @Test
    void withoutAcknowledgementNothingIsAttachedWhateverTheEventSays() {
        OnboardingRequest request = registered(Mode.PROVISION).request();
        Onboarding forged = Sample.onboarding(new OnboardingRequest(
                        request.requestId(),
                        Mode.PROVISION,
                        request.key(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        "name",
                        request.workspaceId(),
                        false))
                .withExternalKeyId(MINE);

        assertThatThrownBy(() -> stepAt(Duration.ZERO).attachWorkspace(forged))
                .isInstanceOfSatisfying(
                        PermanentException.class,
                        refused ->
                                assertThat(refused.finding().reason()).isEqualTo(Reason.PERMANENCE_NOT_ACKNOWLEDGED));
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void aPlanOnlySaysSo() {
        assertThat(Answers.outcome(stepAt(Duration.ZERO).attachWorkspace(Sample.onboarding(Mode.PLAN))))
                .isEqualTo(StepOutcome.WOULD_ATTACH);
        assertThat(anthropic.calls()).isEmpty();
    }

    // --- where it takes an approval ------------------------------------------------------------------------------

    @Test
    void whereItTakesAnApprovalNothingIsAttachedBeforeThereIsOne() {
        policy = Sample.APPROVING;
        anthropic.withDataFacts(Sample.WORKSPACE, "data residency {workspace_geo=us}");

        assertThat(asked().shown())
                .containsExactly(
                        "organization " + Sample.ORGANIZATION,
                        "key " + Sample.KEY,
                        "registration ekey_mine",
                        "workspace " + Sample.WORKSPACE + ", Payments",
                        "data residency {workspace_geo=us}",
                        "warning REGION_NOT_RECOMMENDED: Anthropic recommends us-central1 or us-east5; us-west1 is not"
                                + " among them");
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void whatWasApprovedIsAttached() {
        policy = Sample.APPROVING;

        Outcome outcome = stepAt(Duration.ofHours(2)).attachApproved(warned(), asked());

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.ATTACHED);
        assertThat(anthropic.calls()).containsExactly(VALIDATE, ATTACH);
    }

    @Test
    void whatIsNotAsItWasShownIsNotAttached() {
        policy = Sample.APPROVING;
        anthropic.withDataFacts(Sample.WORKSPACE, "inference data retention {type=disabled}");
        Approval approval = asked();
        anthropic.withDataFacts(Sample.WORKSPACE, "inference data retention {type=default}");

        Finding finding = Answers.finding(stepAt(Duration.ofHours(2)).attachApproved(warned(), approval));

        assertThat(finding.reason()).isEqualTo(Reason.APPROVAL_NOT_ACCEPTED);
        assertThat(finding.message())
                .contains(
                        "[inference data retention {type=disabled}] became [inference data retention {type=default}]");
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void anApprovedKeyThatIsAttachedAlreadyIsLeftAlone() {
        policy = Sample.APPROVING;
        Approval approval = asked();
        anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.of(MINE));

        Outcome outcome = stepAt(Duration.ofHours(2)).attachApproved(warned(), approval);

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void aPlanAsksNobody() {
        policy = Sample.APPROVING;

        assertThat(Answers.outcome(stepAt(Duration.ZERO).attachWorkspace(registered(Mode.PLAN))))
                .isEqualTo(StepOutcome.WOULD_ATTACH);
    }

    @Test
    void anotherRequestForTheSameHasAnotherDigest() {
        policy = Sample.APPROVING;
        Approval approval = asked();

        assertThat(approval.digest()).matches(Approval.DIGEST).isEqualTo(asked().digest());
        assertThat(new Approval(approval.onboarding().resume("1002", "f".repeat(32), Sample.NOW), approval.shown())
                        .digest())
                .isNotEqualTo(approval.digest());
    }

    private static Onboarding warned() {
        return registered(Mode.PROVISION).withWarning(AnthropicFindings.regionNotRecommended("us-west1"));
    }

    private Approval asked() {
        return stepAt(Duration.ofHours(1)).attachWorkspace(warned()) instanceof Outcome.AwaitingApproval awaiting
                ? awaiting.approval()
                : fail("nobody is asked");
    }
}
