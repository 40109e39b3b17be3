package cmek.function;

import cmek.onboarding.step.AttachWorkspace;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Attaches the key to the workspace, permanently; where that takes an approval, asks for it first. */
@WithLogContext
public final class AttachWorkspaceFunction {

    private final OnboardingHandler handler;
    private final AttachWorkspace step;

    @Inject
    AttachWorkspaceFunction(OnboardingHandler handler, AttachWorkspace step) {
        this.handler = handler;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-attach-workspace}, and by {@code cmek-approvals} where approval is required. */
    @Funq("attachWorkspace")
    public void attachWorkspace(CloudEvent event) {
        handler.handleAttachOrApproval(event, step::attachWorkspace);
    }
}
