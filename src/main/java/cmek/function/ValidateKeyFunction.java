package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.ValidateKey;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Has the vendor validate the key. */
@Watched
public final class ValidateKeyFunction {

    private final Door door;
    private final ValidateKey step;

    @Inject
    ValidateKeyFunction(Door door, ValidateKey step) {
        this.door = door;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-validate-key}. */
    @Funq("validateKey")
    public void validateKey(CloudEvent event) {
        door.enter(Step.VALIDATE_KEY, event, step::validateKey);
    }
}
