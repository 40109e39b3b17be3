package cmek.onboarding.step;

import cmek.check.KeyValidation;
import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.check.WorkspaceLookup.Readiness;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Attachment;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Validation;
import cmek.client.anthropic.Workspace;
import cmek.client.http.SideBySide;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.WorkspaceId;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.PlannedWrite;
import cmek.onboarding.Propagation;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Step 7 of the guide, which cannot be undone: the workspace gets its key, permanently. */
@Singleton
public final class AttachWorkspace {

    private final AdminApi anthropic;
    private final KeyValidation validation;
    private final WorkspaceLookup workspaces;
    private final RegistrationLookup registrations;
    private final OnboardingStore store;
    private final Approvals approvals;
    private final Propagation propagation;
    private final SideBySide calls;
    private final Policy policy;
    private final OrganizationId organization;

    @Inject
    public AttachWorkspace(
            AdminApi anthropic,
            KeyValidation validation,
            WorkspaceLookup workspaces,
            RegistrationLookup registrations,
            OnboardingStore store,
            Approvals approvals,
            Propagation propagation,
            SideBySide calls,
            Policy policy,
            OrganizationId organization) {
        this.anthropic = anthropic;
        this.validation = validation;
        this.workspaces = workspaces;
        this.registrations = registrations;
        this.store = store;
        this.approvals = approvals;
        this.propagation = propagation;
        this.calls = calls;
        this.policy = policy;
        this.organization = organization;
    }

    /**
     * Attaches the key to the workspace, unless it is attached already; never puts it in place of another. Where that takes
     * an approval, asks for it instead, and attaches only what was approved and is still as it was shown.
     */
    public Outcome attachWorkspace(Onboarding onboarding) {
        WorkspaceId id = workspaceOf(onboarding.request());
        // A plan names no registration: there may be none yet.
        Optional<ExternalKeyId> hint = onboarding.externalKeyId();
        Supplier<Boolean> isDefault = calls.begin(() -> anthropic.isDefaultWorkspace(id));
        Supplier<Optional<ExternalKey>> named = calls.begin(() -> hint.flatMap(anthropic::externalKey));
        Readiness readiness = workspaces.inspect(
                id,
                onboarding.key(),
                attached -> hint.equals(Optional.of(attached)) ? named.get() : anthropic.externalKey(attached));
        return readiness instanceof Readiness.Available free
                ? attach(onboarding, free.workspace(), isDefault.get(), named)
                : settled(onboarding, readiness).orElseThrow();
    }

    /** The answer where there is nothing to attach, or nothing can be. */
    private static Optional<Outcome> settled(Onboarding onboarding, Readiness readiness) {
        if (readiness instanceof Readiness.NotAttachable closed) {
            return Optional.of(new Outcome.Refused(closed.finding()));
        }
        if (readiness instanceof Readiness.AlreadyAttached attached) {
            return Optional.of(Outcome.Done.onWorkspace(
                    onboarding, attached.registration(), workspaceOf(onboarding.request()), StepOutcome.FOUND));
        }
        return Optional.empty();
    }

    private Outcome attach(
            Onboarding onboarding, Workspace workspace, boolean isDefault, Supplier<Optional<ExternalKey>> named) {
        if (isDefault && !onboarding.request().acknowledgeDefaultWorkspace()) {
            return new Outcome.Refused(AnthropicFindings.defaultWorkspaceNotAcknowledged(workspace.id()));
        }
        if (takesApproval(onboarding)) {
            Approval now = approval(onboarding, workspace, isDefault, named.get());
            if (onboarding.approval().isEmpty()) {
                return new Outcome.AwaitingApproval(now);
            }
            Approval approved =
                    approvals.approvedBy(onboarding, onboarding.approval().get());
            if (!isAsShown(approved, now)) {
                return new Outcome.Refused(changedSince(approved, now));
            }
        }
        return PlannedWrite.anthropic(
                        StepOutcome.ATTACHED,
                        onboarding.key() + " on " + workspace.id() + ": "
                                + String.join("; ", AnthropicFindings.whatAttachingChanges(isDefault)),
                        () -> write(onboarding, workspace, named.get()))
                .apply(onboarding);
    }

    /** A plan attaches nothing. */
    private boolean takesApproval(Onboarding onboarding) {
        return policy.attachApproval() == Policy.AttachApproval.REQUIRED
                && onboarding.request().mode() != Mode.PLAN;
    }

    // --- what somebody else must agree to ------------------------------------------------------------------------

    private Approval approval(
            Onboarding onboarding, Workspace workspace, boolean isDefault, Optional<ExternalKey> named) {
        ExternalKeyId registration = registration(onboarding, workspace, named).id();
        List<String> shown = new ArrayList<>();
        shown.add("organization " + anthropic.organization());
        shown.add("key " + onboarding.key());
        shown.add("registration " + registration);
        shown.add("workspace " + workspace.id() + ", " + workspace.name());
        workspace.userProfileId().ifPresent(profile -> shown.add("user profile " + profile));
        shown.addAll(workspace.dataFacts());
        shown.addAll(AnthropicFindings.whatAttachingChanges(isDefault));
        onboarding.warnings().forEach(warning -> shown.add(line(warning)));
        return new Approval(onboarding.withExternalKeyId(registration), shown);
    }

    private static String line(Finding warning) {
        return "warning " + warning.reason() + ": " + warning.message();
    }

    /** Whether nothing is different that could have led to another decision. */
    private static boolean isAsShown(Approval approved, Approval now) {
        return missing(approved, now).isEmpty() && missing(now, approved).isEmpty();
    }

    private static Finding changedSince(Approval approved, Approval now) {
        return AnthropicFindings.approvalNotAccepted(
                "since the approval was asked for, " + missing(approved, now) + " became " + missing(now, approved));
    }

    /** What one shows and the other does not, notices aside: they do not change how a request ends. */
    private static List<String> missing(Approval one, Approval other) {
        List<String> notices = one.onboarding().warnings().stream()
                .filter(warning -> warning.severity() == Severity.NOTICE)
                .map(AttachWorkspace::line)
                .toList();
        return one.shown().stream()
                .filter(line -> !other.shown().contains(line) && !notices.contains(line))
                .toList();
    }

    // --- what cannot be undone -----------------------------------------------------------------------------------

    private ExternalKey registration(Onboarding onboarding, Workspace workspace, Optional<ExternalKey> named) {
        return registrations.registration(onboarding.key(), workspace, onboarding.registration(), named);
    }

    private Outcome write(Onboarding onboarding, Workspace workspace, Optional<ExternalKey> named) {
        ExternalKeyId id = registration(onboarding, workspace, named).id();
        Attachment attachment;
        try {
            // Nothing at Anthropic keeps a second attach away, and a workspace may look free while it is not any more.
            attachment = store.once(
                    "workspaces/" + workspace.id(),
                    () -> new Asked(calls.begin(anthropic::organization), calls.begin(() -> validation.validate(id))),
                    (asked, stillHeld) -> attachIfFree(onboarding, workspace.id(), id, asked, stillHeld),
                    answer -> answer instanceof Attachment.Attached);
        } catch (TransientException e) {
            // Whether it is attached is not known: the workspace says.
            return settled(onboarding, workspaces.inspect(workspace.id(), onboarding.key()))
                    .orElseThrow(() -> e);
        }
        if (attachment instanceof Attachment.ValidationFailed failed) {
            return propagation.waitOr(
                    onboarding,
                    failed.anthropicText(),
                    AnthropicFindings.validationFailed(
                            onboarding.key(),
                            failed.anthropicText(),
                            List.of("the validation one step before this one")));
        }
        if (attachment instanceof Attachment.Refused refused) {
            return new Outcome.Refused(refused.finding());
        }
        if (attachment instanceof Attachment.Attached attached
                && attached.workspace().externalKeyId().equals(Optional.of(id))) {
            return Outcome.Done.onWorkspace(onboarding, id, workspace.id(), StepOutcome.ATTACHED);
        }
        // A conflict, or an answer that does not show our key: whatever it is now, the workspace says.
        return settled(onboarding, workspaces.inspect(workspace.id(), onboarding.key()))
                .orElseThrow(() -> new TransientException(
                        Reason.ANTHROPIC_UNAVAILABLE,
                        "Anthropic did not confirm that " + id + " is on " + workspace.id(),
                        null));
    }

    /**
     * What an attachment rests on. It is not older than the lock, however long the process was frozen.
     *
     * @param organization the credential's: it may have been exchanged since the first check, and not every answer names
     *     its organization
     */
    private record Asked(Supplier<OrganizationId> organization, Supplier<Validation> validation) {}

    /** The workspace is read last: the validation takes its time, in which another may attach a key. */
    private Attachment attachIfFree(
            Onboarding onboarding, WorkspaceId workspace, ExternalKeyId id, Asked asked, Runnable stillHeld) {
        Validation validated = asked.validation().get();
        OrganizationId actual = asked.organization().get();
        if (!actual.equals(organization)) {
            return new Attachment.Refused(AnthropicFindings.wrongOrganization(organization, actual.value()));
        }
        if (validated instanceof Validation.Failure failure) {
            return new Attachment.ValidationFailed(failure.anthropicText());
        }
        if (workspaces.inspect(workspace, onboarding.key()) instanceof Readiness.Available) {
            stillHeld.run();
            return anthropic.attach(workspace, id);
        }
        return new Attachment.Changed();
    }

    private static WorkspaceId workspaceOf(OnboardingRequest request) {
        if (!request.acknowledgePermanent()) {
            throw new PermanentException(RequestFindings.permanenceNotAcknowledged());
        }
        return request.workspaceId()
                .orElseThrow(() -> new PermanentException(RequestFindings.unreadable("it names no workspace")));
    }
}
