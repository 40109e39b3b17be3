package cmek.onboarding.step;

import cmek.check.WorkspaceLookup;
import cmek.check.WorkspaceLookup.Readiness;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Looks whether a key that was to be attached is attached, after the last step was given up: its last delivery may have come
 * as far, and not to its end. Only reads.
 */
@Singleton
public final class FindAttachment {

    private final WorkspaceLookup workspaces;

    @Inject
    public FindAttachment(WorkspaceLookup workspaces) {
        this.workspaces = workspaces;
    }

    /** The answer of the last step where the workspace has the key. */
    public Optional<Outcome> findAttachment(Onboarding onboarding) {
        OnboardingRequest request = onboarding.request();
        return request.workspaceId()
                .filter(id -> request.acknowledgePermanent() && request.mode() != Mode.PLAN)
                .flatMap(id -> workspaces.inspect(id, request.key()) instanceof Readiness.AlreadyAttached attached
                        ? Optional.of(
                                Outcome.Done.onWorkspace(onboarding, attached.registration(), id, StepOutcome.FOUND))
                        : Optional.empty());
    }
}
