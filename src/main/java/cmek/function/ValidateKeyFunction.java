package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.ValidateKey;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Has the vendor validate the key. */
@WithLogContext
public final class ValidateKeyFunction {

    private final OnboardingHandler door;
    private final ValidateKey step;

    @Inject
    ValidateKeyFunction(OnboardingHandler door, ValidateKey step) {
        this.door = door;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-validate-key}. */
    @Funq("validateKey")
    public void validateKey(CloudEvent event) {
        door.enter(Step.VALIDATE_KEY, event, step::validateKey);
    }
}
