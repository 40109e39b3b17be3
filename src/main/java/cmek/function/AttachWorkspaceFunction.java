package cmek.function;

import cmek.onboarding.Step;
import cmek.step.AttachWorkspace;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Attaches the key to the workspace, for ever. */
@Watched
public final class AttachWorkspaceFunction {

    private final Door door;
    private final AttachWorkspace step;

    @Inject
    AttachWorkspaceFunction(Door door, AttachWorkspace step) {
        this.door = door;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-attach-workspace}. */
    @Funq("attachWorkspace")
    public void attachWorkspace(CloudEvent event) {
        door.enter(Step.ATTACH_WORKSPACE, event, step::attachWorkspace);
    }
}
