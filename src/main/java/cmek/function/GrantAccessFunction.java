package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.GrantAccess;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Grants Anthropic's service account its two roles on the key. */
@WithLogContext
public final class GrantAccessFunction {

    private final OnboardingHandler handler;
    private final GrantAccess step;

    @Inject
    GrantAccessFunction(OnboardingHandler handler, GrantAccess step) {
        this.handler = handler;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-grant-access}. */
    @Funq("grantAccess")
    public void grantAccess(CloudEvent event) {
        handler.handleStep(Step.GRANT_ACCESS, event, step::grantAccess);
    }
}
