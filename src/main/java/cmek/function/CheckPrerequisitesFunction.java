package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.CheckPrerequisites;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Checks, before anything is written, whether the chain can reach its end. */
@WithLogContext
public final class CheckPrerequisitesFunction {

    private final OnboardingHandler handler;
    private final CheckPrerequisites step;

    @Inject
    CheckPrerequisitesFunction(OnboardingHandler handler, CheckPrerequisites step) {
        this.handler = handler;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-check-prerequisites}. */
    @Funq("checkPrerequisites")
    public void checkPrerequisites(CloudEvent event) {
        handler.handleStep(Step.CHECK_PREREQUISITES, event, step::checkPrerequisites);
    }
}
