package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Takes a team's request or sends it back with everything that is wrong with it. */
@Watched
public final class OnboardFunction {

    private final Door door;

    @Inject
    OnboardFunction(Door door) {
        this.door = door;
    }

    /** Triggered by topic {@code cmek-onboarding-requests}. */
    @Funq("onboard")
    public void onboard(CloudEvent event) {
        door.onboard(event);
    }
}
