package cmek.function;

import cmek.onboarding.step.AttachWorkspace;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Attaches the key to the workspace, for ever; where that takes an approval, asks for it first. */
@WithLogContext
public final class AttachWorkspaceFunction {

    private final OnboardingHandler door;
    private final AttachWorkspace step;

    @Inject
    AttachWorkspaceFunction(OnboardingHandler door, AttachWorkspace step) {
        this.door = door;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-attach-workspace}, and by {@code cmek-approvals} where approval is required. */
    @Funq("attachWorkspace")
    public void attachWorkspace(CloudEvent event) {
        door.attach(event, step::attachWorkspace, step::attachApproved);
    }
}
