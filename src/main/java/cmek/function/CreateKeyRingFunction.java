package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.CreateKeyRing;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Finds the key ring or creates it. */
@WithLogContext
public final class CreateKeyRingFunction {

    private final OnboardingHandler handler;
    private final CreateKeyRing step;

    @Inject
    CreateKeyRingFunction(OnboardingHandler handler, CreateKeyRing step) {
        this.handler = handler;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-create-key-ring}. */
    @Funq("createKeyRing")
    public void createKeyRing(CloudEvent event) {
        handler.handleStep(Step.CREATE_KEY_RING, event, step::createKeyRing);
    }
}
