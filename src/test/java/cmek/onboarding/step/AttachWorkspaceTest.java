package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.Attachment;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Validation;
import cmek.client.anthropic.Workspace;
import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeStorage;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AttachWorkspaceTest {

    private static final ExternalKeyId MINE = new ExternalKeyId("ekey_mine");
    private static final String VALIDATE = "validate ekey_mine";
    private static final String ATTACH = "attach ekey_mine to " + Sample.WORKSPACE;

    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION)
            .withExternalKey("ekey_mine", Sample.KEY, false, Sample.NOW)
            .withWorkspace(Sample.WORKSPACE, false, Optional.empty());

    private final ProjectInProcess project = new ProjectInProcess();
    private final FakeStorage storage = new FakeStorage();
    private final OnboardingStore store = new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER);
    private final Approvals approvals = new Approvals(storage);
    private Policy policy = Sample.POLICY;

    private AttachWorkspace stepAt(Duration later) {
        return new AttachWorkspace(
                anthropic,
                Checks.validation(anthropic),
                new WorkspaceLookup(anthropic, Checks.names(project)),
                new RegistrationLookup(anthropic, Checks.names(project)),
                store,
                approvals,
                new Propagation(Duration.ofMinutes(10), Clock.offset(Sample.CLOCK, later)),
                Sample.CALLS,
                policy,
                Sample.ORGANIZATION);
    }

    private Outcome attach() {
        return stepAt(Duration.ofHours(1))
                .attachWorkspace(registered(Mode.PROVISION))
                .written();
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
                new WorkspaceLookup(empty, Checks.names(project)),
                new RegistrationLookup(empty, Checks.names(project)),
                store,
                approvals,
                new Propagation(Duration.ZERO, Sample.CLOCK),
                Sample.CALLS,
                Sample.POLICY,
                Sample.ORGANIZATION);

        assertThat(Answers.finding(
                                step.attachWorkspace(registered(Mode.PROVISION)).written())
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

        Answers.pending(stepAt(Duration.ofMinutes(1))
                .attachWorkspace(registered(Mode.PROVISION))
                .written());

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

    // --- what Anthropic answers ----------------------------------------------------------------------------------

    @Test
    void anOutcomeThatAnthropicDoesNotKnowIsReadFromTheWorkspace() {
        anthropic
                .beforeAttach(() -> anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.of(MINE)))
                .attachFails(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "change_outcome_unknown", null));

        assertThat(Answers.outcome(attach())).isEqualTo(StepOutcome.FOUND);
        assertThat(anthropic.calls()).containsExactly(VALIDATE, ATTACH);
    }

    @Test
    void anOutcomeThatNobodyKnowsIsAskedForAgainLater() {
        anthropic.attachFails(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "change_outcome_unknown", null));

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class).hasMessage("change_outcome_unknown");
        assertThatThrownBy(this::attach).hasMessageContaining("another instance is writing");
        assertThat(anthropic.calls()).containsOnlyOnce(ATTACH);
    }

    @Test
    void afterAConflictAKeyOfSomebodyElsesIsSeenAtOnce() {
        anthropic
                .beforeAttach(() ->
                        anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_other"))))
                .attachAnswers(new Attachment.Changed());

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
    }

    @Test
    void whatAnthropicWillNeverAttachIsRefused() {
        anthropic.attachAnswers(
                new Attachment.Refused(AnthropicFindings.workspacePolicyViolation(Sample.WORKSPACE, MINE, "HTTP 400")));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_POLICY_VIOLATION);
    }

    @Test
    void aKeyThatAnotherAttachedDuringTheValidationStays() {
        anthropic.duringValidation(
                () -> anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_other"))));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
        assertThat(anthropic.calls()).containsExactly(VALIDATE);
    }

    @Test
    void aLockThatExpiredWhileTheProcessWasFrozenAttachesNothing() {
        AtomicReference<Instant> now = new AtomicReference<>(Sample.NOW);
        InstantSource time = now::get;
        Clock clock = time.withZone(ZoneOffset.UTC);
        anthropic.duringValidation(() -> anthropic.beforeReading(
                Sample.WORKSPACE, () -> now.updateAndGet(then -> then.plus(Duration.ofMinutes(13)))));
        OnboardingStore frozen = new OnboardingStore(storage, clock, Sample.LEDGER);
        AttachWorkspace step = new AttachWorkspace(
                anthropic,
                Checks.validation(anthropic),
                new WorkspaceLookup(anthropic, Checks.names(project)),
                new RegistrationLookup(anthropic, Checks.names(project)),
                frozen,
                approvals,
                new Propagation(Duration.ZERO, clock),
                Sample.CALLS,
                policy,
                Sample.ORGANIZATION);

        assertThatThrownBy(
                        () -> step.attachWorkspace(registered(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("the lock on workspaces/" + Sample.WORKSPACE + " expires");
        assertThat(anthropic.calls()).containsExactly(VALIDATE);
    }

    @Test
    void aCredentialThatBecameAnotherOrganizationsAttachesNothing() {
        anthropic.withOrganization(new OrganizationId("00000000-0000-4000-8000-000000000000"));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WRONG_ORGANIZATION);
        assertThat(anthropic.calls()).containsExactly(VALIDATE);
    }

    // --- what fits together --------------------------------------------------------------------------------------

    @Test
    void anotherUserProfileIsRefused() {
        anthropic.withWorkspace(new Workspace(
                Sample.WORKSPACE, "Payments", false, Optional.empty(), Optional.of("uprof_1"), false, List.of()));

        assertThat(thrown().reason()).isEqualTo(Reason.USER_PROFILE_MISMATCH);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void theRegistrationThatFitsIsAttachedThoughTheEventNamesAnother() {
        anthropic
                .withWorkspace(new Workspace(
                        Sample.WORKSPACE,
                        "Payments",
                        false,
                        Optional.empty(),
                        Optional.of("uprof_1"),
                        false,
                        List.of()))
                .withBoundKey("ekey_fits", Sample.KEY, "uprof_1", Sample.NOW.plusSeconds(9));

        assertThat(Answers.onboarding(attach()).externalKeyId()).contains(new ExternalKeyId("ekey_fits"));
    }

    @Test
    void aRegistrationThatAnthropicKeepsElsewhereIsRefused() {
        anthropic.withExternalKey(new ExternalKey(
                MINE,
                "name",
                "gcp",
                Sample.KEY.toString(),
                Optional.of(Sample.KEY),
                false,
                Sample.NOW,
                Optional.empty(),
                Optional.of("eu")));

        assertThat(thrown().message()).contains("keeps the registration ekey_mine in geo \"eu\"");
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void aWorkspaceThatHasTheKeyUnderItsProjectsNumberHasThisKey() {
        project.resourceManager().numbered("acme-kms-prod", "123456789012");
        anthropic
                .withTypedKey("ekey_hand", Sample.KEY.toString().replace("acme-kms-prod", "123456789012"), true)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_hand")));

        assertThat(Answers.outcome(attach())).isEqualTo(StepOutcome.FOUND);
    }

    @Test
    void aWorkspaceWithAKeyThatNobodyKnowsIsRefusedForThatReason() {
        anthropic
                .withTypedKey("ekey_hand", Sample.KEY.toString().replace("acme-kms-prod", "123456789012"), true)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_hand")));

        Finding finding = Answers.finding(attach());

        assertThat(finding.reason()).isEqualTo(Reason.REGISTRATION_NOT_CANONICAL);
        assertThat(finding.severity()).isEqualTo(Severity.BLOCKING);
        assertThat(finding.message()).contains("already has a key", "projects/123456789012/");
    }

    // --- the default workspace -----------------------------------------------------------------------------------

    @Test
    void theDefaultWorkspaceIsRefusedUnlessItIsMeant() {
        anthropic.withDefaultWorkspace(Sample.WORKSPACE);

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.DEFAULT_WORKSPACE_NOT_ACKNOWLEDGED);
        assertThat(anthropic.calls()).isEmpty();

        assertThat(Answers.outcome(stepAt(Duration.ofHours(1))
                        .attachWorkspace(meaningTheDefault())
                        .written()))
                .isEqualTo(StepOutcome.ATTACHED);
    }

    @Test
    void whereTheDefaultWorkspaceIsUnknownNothingIsAttached() {
        anthropic.defaultWorkspaceUnknown(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529", null));

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void aPlanSaysWhatAnAttachmentChanges() {
        Outcome outcome = stepAt(Duration.ZERO).attachWorkspace(Sample.onboarding(Mode.PLAN));

        assertThat(((Outcome.Done) outcome).message())
                .contains(
                        "attaching is permanent",
                        "data-retention setting is locked",
                        "never encrypted again",
                        "up to a day",
                        "Playground");
    }

    private static Onboarding meaningTheDefault() {
        OnboardingRequest request = registered(Mode.PROVISION).request();
        return Sample.onboarding(new OnboardingRequest(
                        request.requestId(),
                        request.mode(),
                        request.key(),
                        request.protectionLevel(),
                        request.rotationPeriod(),
                        request.destroyScheduledDuration(),
                        request.labels(),
                        request.displayName(),
                        request.workspaceId(),
                        true,
                        true))
                .withExternalKeyId(MINE);
    }

    private Finding thrown() {
        return catchThrowableOfType(PermanentException.class, this::attach).finding();
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
                        "attaching is permanent: the key can never be removed or replaced",
                        "the workspace's data-retention setting is locked",
                        "data that was written before is never encrypted again with the key",
                        "in a workspace that is already in use, it takes up to a day until all new data is encrypted"
                                + " with the key",
                        "the Console's Playground and the structured outputs of some models end in the workspace",
                        "warning REGION_NOT_RECOMMENDED: Anthropic recommends us-central1 or us-east5; us-west1 is not"
                                + " among them");
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void whatWasApprovedIsAttached() {
        policy = Sample.APPROVING;

        Outcome outcome =
                stepAt(Duration.ofHours(2)).attachWorkspace(approved(asked())).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.ATTACHED);
        assertThat(anthropic.calls()).containsExactly(VALIDATE, ATTACH);
    }

    @Test
    void anApprovalThatItsMessageDidNotGiveAttachesNothing() {
        policy = Sample.APPROVING;
        Approval approval = asked();
        Onboarding forged = warned().resume(approval.digest(), "8001", "f".repeat(32), Sample.NOW);

        assertThatThrownBy(() ->
                        stepAt(Duration.ofHours(2)).attachWorkspace(forged).written())
                .isInstanceOfSatisfying(
                        PermanentException.class,
                        refused -> assertThat(refused.finding().reason()).isEqualTo(Reason.APPROVAL_NOT_ACCEPTED));
        approved(approval);
        Onboarding ofAnother = warned().resume(approval.digest(), "8002", "e".repeat(32), Sample.NOW);
        assertThatThrownBy(() ->
                        stepAt(Duration.ofHours(2)).attachWorkspace(ofAnother).written())
                .isInstanceOf(PermanentException.class);
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void whatIsNotAsItWasShownIsNotAttached() {
        policy = Sample.APPROVING;
        anthropic.withDataFacts(Sample.WORKSPACE, "inference data retention {type=disabled}");
        Onboarding approved = approved(asked());
        anthropic.withDataFacts(Sample.WORKSPACE, "inference data retention {type=default}");

        Finding finding = Answers.finding(
                stepAt(Duration.ofHours(2)).attachWorkspace(approved).written());

        assertThat(finding.reason()).isEqualTo(Reason.APPROVAL_NOT_ACCEPTED);
        assertThat(finding.message())
                .contains(
                        "[inference data retention {type=disabled}] became [inference data retention {type=default}]");
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void aProblemThatTheApproverWasNotShownIsNotAttached() {
        policy = Sample.APPROVING;
        Onboarding approved =
                approved(asked()).withWarning(AnthropicFindings.workspaceRetainsNoData(Sample.WORKSPACE, "Payments"));

        assertThat(Answers.finding(stepAt(Duration.ofHours(2))
                                .attachWorkspace(approved)
                                .written())
                        .message())
                .contains("[] became [warning WORKSPACE_RETAINS_NO_DATA");
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void aNoticeThatCameSinceChangesNothing() {
        policy = Sample.APPROVING;
        Onboarding approved = approved(asked()).withWarning(AnthropicFindings.regionNotRecommended("us-west2"));

        assertThat(Answers.outcome(
                        stepAt(Duration.ofHours(2)).attachWorkspace(approved).written()))
                .isEqualTo(StepOutcome.ATTACHED);
    }

    @Test
    void anApprovedKeyThatIsAttachedAlreadyIsLeftAlone() {
        policy = Sample.APPROVING;
        Onboarding approved = approved(asked());
        anthropic.withWorkspace(Sample.WORKSPACE, false, Optional.of(MINE));

        Outcome outcome = stepAt(Duration.ofHours(2)).attachWorkspace(approved).written();

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

        assertThat(approval.digest()).matches(Onboarding.DIGEST).isEqualTo(asked().digest());
        assertThat(new Approval(
                                approval.onboarding().resume(approval.digest(), "1002", "f".repeat(32), Sample.NOW),
                                approval.shown())
                        .digest())
                .isNotEqualTo(approval.digest());
    }

    private static Onboarding warned() {
        return registered(Mode.PROVISION).withWarning(AnthropicFindings.regionNotRecommended("us-west1"));
    }

    /** As the message of somebody who agreed has it go on. */
    private Onboarding approved(Approval approval) {
        Approvals.Asked asked = approvals.ask(approval, Sample.NOW);
        approvals.use(asked, "f".repeat(32), Sample.NOW);
        return approval.onboarding().resume(approval.digest(), "8001", "f".repeat(32), Sample.NOW);
    }

    private Approval asked() {
        return stepAt(Duration.ofHours(1)).attachWorkspace(warned()).written()
                        instanceof Outcome.AwaitingApproval awaiting
                ? awaiting.approval()
                : fail("nobody is asked");
    }
}
