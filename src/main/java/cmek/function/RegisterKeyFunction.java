package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.RegisterKey;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Finds the key's registration at the vendor or makes one. */
@WithLogContext
public final class RegisterKeyFunction {

    private final OnboardingHandler door;
    private final RegisterKey step;

    @Inject
    RegisterKeyFunction(OnboardingHandler door, RegisterKey step) {
        this.door = door;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-register-key}. */
    @Funq("registerKey")
    public void registerKey(CloudEvent event) {
        door.enter(Step.REGISTER_KEY, event, step::registerKey);
    }
}
