package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Takes a team's request or sends it back with everything that is wrong with it. */
@WithLogContext
public final class OnboardFunction {

    private final OnboardingHandler handler;

    @Inject
    OnboardFunction(OnboardingHandler handler) {
        this.handler = handler;
    }

    /** Triggered by topic {@code cmek-onboarding-requests}. */
    @Funq("onboard")
    public void onboard(CloudEvent event) {
        handler.handleRequest(event);
    }
}
