package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.CreateKey;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Finds the crypto key or creates it, with the organization's label. */
@WithLogContext
public final class CreateKeyFunction {

    private final OnboardingHandler handler;
    private final CreateKey step;

    @Inject
    CreateKeyFunction(OnboardingHandler handler, CreateKey step) {
        this.handler = handler;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-create-key}. */
    @Funq("createKey")
    public void createKey(CloudEvent event) {
        handler.handleStep(Step.CREATE_KEY, event, step::createKey);
    }
}
