package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.ValidateKey;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Has Anthropic validate the key. */
@WithLogContext
public final class ValidateKeyFunction {

    private final OnboardingHandler handler;
    private final ValidateKey step;

    @Inject
    ValidateKeyFunction(OnboardingHandler handler, ValidateKey step) {
        this.handler = handler;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-validate-key}. */
    @Funq("validateKey")
    public void validateKey(CloudEvent event) {
        handler.handleStep(Step.VALIDATE_KEY, event, step::validateKey);
    }
}
