package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.fake.Checks;
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
import cmek.model.Policy;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Faults;
import cmek.simulator.Reply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AttachWorkspaceTest {

    private static final ExternalKeyId MINE = new ExternalKeyId("ekey_mine");
    private static final String OTHER = Sample.KEY.toString().replace("payments", "other");
    private static final String BY_NUMBER = Sample.KEY.toString().replace("acme-kms-prod", "123456789012");
    private static final String WORKSPACE = Sample.WORKSPACE.value();
    private static final String ATTACH = "workspaces/" + WORKSPACE;
    private static final String VALIDATE = "external_keys/ekey_mine/validate";

    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator()
            .withKey("ekey_mine", Sample.KEY.toString(), Sample.NOW)
            .withKey("ekey_other", OTHER, Sample.NOW)
            .withWorkspace(WORKSPACE, "Payments");
    private final AdminApi anthropic = admin.client();
    private final ProjectInProcess project = new ProjectInProcess();
    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
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
        assertThat(admin.calls()).containsExactly(VALIDATE, ATTACH);
        assertThat(simulator.attachedKey(WORKSPACE)).contains("ekey_mine");
    }

    @Test
    void aSecondEntryWritesNothing() {
        simulator.attach(WORKSPACE, "ekey_mine");

        assertThat(Answers.outcome(attach())).isEqualTo(StepOutcome.FOUND);
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anotherRegistrationOfTheSameKeyIsTheSameKey() {
        simulator.withKey("ekey_twin", Sample.KEY.toString(), Sample.NOW).attach(WORKSPACE, "ekey_twin");

        Outcome outcome = attach();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_twin"));
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void alreadyAttachedElsewhereIsRefused() {
        simulator.attach(WORKSPACE, "ekey_other");

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anArchivedWorkspaceIsRefused() {
        simulator.archive(WORKSPACE);

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_ARCHIVED);
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anUnknownWorkspaceIsRefused() {
        simulator.foundAnew();

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_NOT_FOUND);
    }

    @Test
    void aKeyThatNoLongerValidatesIsNotAttached() {
        simulator.timeOutValidations(2);

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.VALIDATION_FAILED);
        assertThat(admin.calls()).containsExactly(VALIDATE, VALIDATE);
    }

    @Test
    void aFailedValidationIsPendingWhileAChangeIsYoung() {
        simulator.timeOutValidations(2);

        Answers.pending(stepAt(Duration.ofMinutes(1))
                .attachWorkspace(registered(Mode.PROVISION))
                .written());

        assertThat(admin.calls()).containsExactly(VALIDATE, VALIDATE);
    }

    @Test
    void anthropicsOwnValidationAtAttachIsUnderstood() {
        admin.next("POST", ATTACH, Faults.after(() -> admin.kms().disableApi("acme-kms-prod")));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.VALIDATION_FAILED);
    }

    @Test
    void aConflictIsTriedAgainFromTheBeginning() {
        simulator.changeConcurrently(1);

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);
    }

    @Test
    void afterAConflictTheWorkspaceIsReservedForNobody() {
        simulator.changeConcurrently(2);
        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);

        assertThat(admin.calls()).containsExactly(VALIDATE, ATTACH, VALIDATE, ATTACH);
    }

    @Test
    void aWorkspaceThatStillLooksFreeIsNotAttachedASecondTime() {
        String free = shown();
        attach();
        admin.each("GET", ATTACH, Faults.status(200, Map.of(), free));

        assertThatThrownBy(this::attach)
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("another instance is writing");

        assertThat(admin.calls()).containsOnlyOnce(ATTACH);
    }

    @Test
    void anAnswerThatDoesNotShowOurKeyIsNotBelieved() {
        admin.next("POST", ATTACH, Faults.status(200, Map.of(), shown()));

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
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aPlanOnlySaysSo() {
        assertThat(Answers.outcome(stepAt(Duration.ZERO).attachWorkspace(Sample.onboarding(Mode.PLAN))))
                .isEqualTo(StepOutcome.WOULD_ATTACH);
        assertThat(admin.calls()).isEmpty();
    }

    // --- what Anthropic answers ----------------------------------------------------------------------------------

    @Test
    void anOutcomeThatAnthropicDoesNotKnowIsReadFromTheWorkspace() {
        simulator.forgetOutcomes(1);

        assertThat(Answers.outcome(attach())).isEqualTo(StepOutcome.FOUND);
        assertThat(admin.calls()).containsExactly(VALIDATE, ATTACH);
    }

    @Test
    void anOutcomeThatNobodyKnowsIsAskedForAgainLater() {
        admin.next("POST", ATTACH, AdminSimulator.refusing(503, "change_outcome_unknown"));

        assertThatThrownBy(this::attach)
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("change_outcome_unknown");
        assertThatThrownBy(this::attach).hasMessageContaining("another instance is writing");
        assertThat(simulator.attachedKey(WORKSPACE)).isEmpty();
    }

    @Test
    void afterAConflictAKeyOfSomebodyElsesIsSeenAtOnce() {
        admin.next("POST", ATTACH, (call, apis) -> {
            simulator.changeConcurrently(1);
            Reply refused = apis.answer(call);
            simulator.attach(WORKSPACE, "ekey_other");
            return refused;
        });

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
    }

    @Test
    void whatAnthropicWillNeverAttachIsRefused() {
        simulator.forbidKeysOn(WORKSPACE);

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_POLICY_VIOLATION);
    }

    @Test
    void aKeyThatAnotherAttachedDuringTheValidationStays() {
        admin.next("POST", VALIDATE, Faults.after(() -> simulator.attach(WORKSPACE, "ekey_other")));

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
        assertThat(admin.calls()).containsExactly(VALIDATE);
    }

    @Test
    void aLockThatExpiredWhileTheProcessWasFrozenAttachesNothing() {
        AtomicReference<Instant> now = new AtomicReference<>(Sample.NOW);
        InstantSource time = now::get;
        Clock clock = time.withZone(ZoneOffset.UTC);
        admin.next(
                "POST",
                VALIDATE,
                Faults.after(() -> admin.next(
                        "GET",
                        ATTACH,
                        Faults.after(() -> now.updateAndGet(then -> then.plus(Duration.ofMinutes(13)))))));
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
        assertThat(admin.calls()).containsExactly(VALIDATE);
    }

    @Test
    void aCredentialThatBecameAnotherOrganizationsAttachesNothing() {
        admin.next("POST", VALIDATE, Faults.after(() -> admin.ofAnotherOrganization()));

        assertThat(thrown().reason()).isEqualTo(Reason.WRONG_ORGANIZATION);
        assertThat(admin.calls()).containsExactly(VALIDATE);
    }

    // --- what fits together --------------------------------------------------------------------------------------

    @Test
    void anotherUserProfileIsRefused() {
        simulator.withBoundWorkspace(WORKSPACE, "Payments", "uprof_1");

        assertThat(thrown().reason()).isEqualTo(Reason.USER_PROFILE_MISMATCH);
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void theRegistrationThatFitsIsAttachedThoughTheEventNamesAnother() {
        simulator
                .withBoundWorkspace(WORKSPACE, "Payments", "uprof_1")
                .withBoundKey("ekey_fits", Sample.KEY.toString(), "uprof_1", Sample.NOW.plusSeconds(9));

        assertThat(Answers.onboarding(attach()).externalKeyId()).contains(new ExternalKeyId("ekey_fits"));
    }

    @Test
    void aRegistrationThatAnthropicKeepsElsewhereIsRefused() {
        simulator.registeringIn("eu").withKey("ekey_mine", Sample.KEY.toString(), Sample.NOW);

        assertThat(thrown().message()).contains("keeps the registration ekey_mine in geo \"eu\"");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aWorkspaceThatHasTheKeyUnderItsProjectsNumberHasThisKey() {
        project.resourceManager().numbered("acme-kms-prod", "123456789012");
        simulator.withKey("ekey_hand", BY_NUMBER, Sample.NOW).attach(WORKSPACE, "ekey_hand");

        assertThat(Answers.outcome(attach())).isEqualTo(StepOutcome.FOUND);
    }

    @Test
    void aWorkspaceWithAKeyThatNobodyKnowsIsRefusedForThatReason() {
        simulator.withKey("ekey_hand", BY_NUMBER, Sample.NOW).attach(WORKSPACE, "ekey_hand");

        Finding finding = Answers.finding(attach());

        assertThat(finding.reason()).isEqualTo(Reason.REGISTRATION_NOT_CANONICAL);
        assertThat(finding.severity()).isEqualTo(Severity.BLOCKING);
        assertThat(finding.message()).contains("already has a key", "projects/123456789012/");
    }

    // --- the default workspace -----------------------------------------------------------------------------------

    @Test
    void theDefaultWorkspaceIsRefusedUnlessItIsMeant() {
        simulator.withDefaultWorkspace(WORKSPACE);

        assertThat(Answers.finding(attach()).reason()).isEqualTo(Reason.DEFAULT_WORKSPACE_NOT_ACKNOWLEDGED);
        assertThat(admin.calls()).isEmpty();

        assertThat(Answers.outcome(stepAt(Duration.ofHours(1))
                        .attachWorkspace(meaningTheDefault())
                        .written()))
                .isEqualTo(StepOutcome.ATTACHED);
    }

    @Test
    void whereTheDefaultWorkspaceIsUnknownNothingIsAttached() {
        admin.each("GET", "workspaces", AdminSimulator.refusing(529));

        assertThatThrownBy(this::attach).isInstanceOf(TransientException.class);
        assertThat(admin.calls()).isEmpty();
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

    /** The workspace as Anthropic shows it now. */
    private String shown() {
        return simulator.workspaces().get(0).toString();
    }

    private Finding thrown() {
        return catchThrowableOfType(PermanentException.class, this::attach).finding();
    }

    // --- where it takes an approval ------------------------------------------------------------------------------

    @Test
    void whereItTakesAnApprovalNothingIsAttachedBeforeThereIsOne() {
        policy = Sample.APPROVING;
        assertThat(asked().shown())
                .containsExactly(
                        "organization " + Sample.ORGANIZATION,
                        "key " + Sample.KEY,
                        "registration ekey_mine",
                        "workspace " + Sample.WORKSPACE + ", Payments",
                        "data residency {allowed_inference_geos=\"unrestricted\","
                                + " default_inference_geo=\"global\", workspace_geo=\"us\"}",
                        "attaching is permanent: the key can never be removed or replaced",
                        "the workspace's data-retention setting is locked",
                        "data that was written before is never encrypted again with the key",
                        "in a workspace that is already in use, it takes up to a day until all new data is encrypted"
                                + " with the key",
                        "the Console's Playground and the structured outputs of some models end in the workspace",
                        "warning REGION_NOT_RECOMMENDED: Anthropic recommends us-central1 or us-east5; us-west1 is not"
                                + " among them");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void whatWasApprovedIsAttached() {
        policy = Sample.APPROVING;

        Outcome outcome =
                stepAt(Duration.ofHours(2)).attachWorkspace(approved(asked())).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.ATTACHED);
        assertThat(admin.calls()).containsExactly(VALIDATE, ATTACH);
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
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void whatIsNotAsItWasShownIsNotAttached() {
        policy = Sample.APPROVING;
        simulator.withNewerFields().withForgetfulWorkspace(WORKSPACE, "Payments");
        Onboarding approved = approved(asked());
        simulator.withWorkspace(WORKSPACE, "Payments");

        Finding finding = Answers.finding(
                stepAt(Duration.ofHours(2)).attachWorkspace(approved).written());

        assertThat(finding.reason()).isEqualTo(Reason.APPROVAL_NOT_ACCEPTED);
        assertThat(finding.message())
                .contains("[inference data retention {type=\"disabled\"}] became"
                        + " [inference data retention {type=\"inherited\"}]");
        assertThat(admin.calls()).isEmpty();
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
        assertThat(admin.calls()).isEmpty();
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
        simulator.attach(WORKSPACE, "ekey_mine");

        Outcome outcome = stepAt(Duration.ofHours(2)).attachWorkspace(approved).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(admin.calls()).isEmpty();
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
