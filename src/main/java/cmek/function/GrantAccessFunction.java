package cmek.function;

import cmek.onboarding.Step;
import cmek.onboarding.step.GrantAccess;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Grants the vendor's service account its two roles on the key. */
@WithLogContext
public final class GrantAccessFunction {

    private final OnboardingHandler door;
    private final GrantAccess step;

    @Inject
    GrantAccessFunction(OnboardingHandler door, GrantAccess step) {
        this.door = door;
        this.step = step;
    }

    /** Triggered by topic {@code cmek-grant-access}. */
    @Funq("grantAccess")
    public void grantAccess(CloudEvent event) {
        door.enter(Step.GRANT_ACCESS, event, step::grantAccess);
    }
}
