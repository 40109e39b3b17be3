package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.RegisterKey;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Finds the key's registration at Anthropic or makes one. */
@WithLogContext
public final class RegisterKeyFunction {

    private final OnboardingHandler handler;
    private final RegisterKey step;

    @Inject
    RegisterKeyFunction(OnboardingHandler handler, RegisterKey step) {
        this.handler = handler;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-register-key}. */
    @Funq("registerKey")
    public void registerKey(CloudEvent event) {
        handler.handleStep(Step.REGISTER_KEY, event, step::registerKey);
    }
}
