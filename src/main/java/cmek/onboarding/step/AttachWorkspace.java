package cmek.onboarding.step;

import cmek.check.KeyValidation;
import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.check.WorkspaceLookup.Readiness;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Attachment;
import cmek.client.anthropic.Validation;
import cmek.client.anthropic.Workspace;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.Policy;
import cmek.model.WorkspaceId;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.PlannedWrite;
import cmek.onboarding.Propagation;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Step 7 of the guide, which cannot be undone: the workspace gets its key, permanently. */
@Singleton
public final class AttachWorkspace {

    private final AdminApi anthropic;
    private final KeyValidation validation;
    private final WorkspaceLookup workspaces;
    private final RegistrationLookup registrations;
    private final OnboardingStore store;
    private final Propagation propagation;
    private final Policy policy;

    @Inject
    public AttachWorkspace(
            AdminApi anthropic,
            KeyValidation validation,
            WorkspaceLookup workspaces,
            RegistrationLookup registrations,
            OnboardingStore store,
            Propagation propagation,
            Policy policy) {
        this.policy = policy;
        this.anthropic = anthropic;
        this.validation = validation;
        this.workspaces = workspaces;
        this.registrations = registrations;
        this.store = store;
        this.propagation = propagation;
    }

    /**
     * Attaches the key to the workspace, unless it is attached already; never puts it in place of another. Where that takes
     * an approval, asks for it instead.
     */
    public Outcome attachWorkspace(Onboarding onboarding) {
        return attach(onboarding, Optional.empty());
    }

    /** Attaches what somebody approved, if everything is still as it was shown to them. */
    public Outcome attachApproved(Onboarding onboarding, Approval approved) {
        return attach(onboarding, Optional.of(approved));
    }

    private Outcome attach(Onboarding onboarding, Optional<Approval> approved) {
        WorkspaceId workspace = workspaceOf(onboarding.request());
        Readiness readiness = workspaces.inspect(workspace, onboarding.key());
        if (readiness instanceof Readiness.NotAttachable closed) {
            return new Outcome.Refused(closed.finding());
        }
        if (readiness instanceof Readiness.AlreadyAttached attached) {
            return new Outcome.Done(
                    onboarding.withExternalKeyId(attached.registration()),
                    StepOutcome.FOUND,
                    attached.registration() + " on " + workspace);
        }
        if (readiness instanceof Readiness.Available free && takesApproval(onboarding)) {
            Approval now = approval(onboarding, free.workspace());
            if (approved.isEmpty()) {
                return new Outcome.AwaitingApproval(now);
            }
            if (!now.shown().equals(approved.get().shown())) {
                return new Outcome.Refused(changedSince(approved.get(), now));
            }
        }
        return PlannedWrite.anthropic(
                        StepOutcome.ATTACHED,
                        onboarding.key() + " on " + workspace + ", permanently",
                        () -> attach(onboarding, workspace))
                .apply(onboarding);
    }

    /** A plan attaches nothing. */
    private boolean takesApproval(Onboarding onboarding) {
        return policy.attachApproval() == Policy.AttachApproval.REQUIRED
                && onboarding.request().mode() != Mode.PLAN;
    }

    private Approval approval(Onboarding onboarding, Workspace workspace) {
        ExternalKeyId registration = registrations.registration(onboarding.key(), onboarding.registration());
        List<String> shown = new ArrayList<>();
        shown.add("organization " + anthropic.organization());
        shown.add("key " + onboarding.key());
        shown.add("registration " + registration);
        shown.add("workspace " + workspace.id() + ", " + workspace.name());
        shown.addAll(workspace.dataFacts());
        onboarding.warnings().forEach(warning -> shown.add("warning " + warning.reason() + ": " + warning.message()));
        return new Approval(onboarding.withExternalKeyId(registration), shown);
    }

    private static Finding changedSince(Approval approved, Approval now) {
        return AnthropicFindings.approvalNotAccepted(
                "since the approval was asked for, " + missing(approved, now) + " became " + missing(now, approved));
    }

    /** What one shows and the other does not. */
    private static List<String> missing(Approval one, Approval other) {
        return one.shown().stream()
                .filter(line -> !other.shown().contains(line))
                .toList();
    }

    private Outcome attach(Onboarding onboarding, WorkspaceId workspace) {
        ExternalKeyId id = registrations.registration(onboarding.key(), onboarding.registration());
        if (validation.validate(id) instanceof Validation.Failure failure) {
            return unusable(onboarding, failure.anthropicText());
        }
        // Nothing at Anthropic keeps a second attach away, and a workspace may look free while it is not any more.
        Attachment attachment = store.once(
                "workspaces/" + workspace,
                () -> anthropic.attach(workspace, id),
                answer -> answer instanceof Attachment.Attached);
        if (attachment instanceof Attachment.ValidationFailed failed) {
            return unusable(onboarding, failed.anthropicText());
        }
        if (attachment instanceof Attachment.Attached attached
                && attached.workspace().externalKeyId().equals(Optional.of(id))) {
            return new Outcome.Done(onboarding.withExternalKeyId(id), StepOutcome.ATTACHED, id + " on " + workspace);
        }
        // A conflict, or an answer that does not show our key: whatever it is now, the next entry reads it first.
        throw new TransientException(
                Reason.ANTHROPIC_UNAVAILABLE, "Anthropic did not confirm that " + id + " is on " + workspace, null);
    }

    private Outcome unusable(Onboarding onboarding, String anthropicText) {
        return propagation.waitOr(
                onboarding,
                anthropicText,
                AnthropicFindings.validationFailed(
                        onboarding.key(), anthropicText, List.of("the validation one step before this one")));
    }

    private static WorkspaceId workspaceOf(OnboardingRequest request) {
        if (!request.acknowledgePermanent()) {
            throw new PermanentException(RequestFindings.permanenceNotAcknowledged());
        }
        return request.workspaceId()
                .orElseThrow(() -> new PermanentException(RequestFindings.unreadable("it names no workspace")));
    }
}
