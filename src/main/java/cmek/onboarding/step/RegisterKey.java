package cmek.onboarding.step;

import cmek.check.RegistrationLookup;
import cmek.check.RegistrationLookup.Registrations;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.PlannedWrite;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Steps 4 and 5 of the guide: the key's registration at Anthropic. */
@Singleton
public final class RegisterKey {

    private final AdminApi anthropic;
    private final RegistrationLookup inspection;
    private final OnboardingStore store;

    @Inject
    public RegisterKey(AdminApi anthropic, RegistrationLookup inspection, OnboardingStore store) {
        this.anthropic = anthropic;
        this.inspection = inspection;
        this.store = store;
    }

    /**
     * Finds the registration of the key that fits the workspace, or makes the first one. Of several it uses one and warns of
     * the others: it deletes none, because it cannot see what else they are used for.
     */
    public Outcome registerKey(Onboarding onboarding) {
        Registrations registrations = inspection.inspect(onboarding.request());
        Optional<Finding> mismatch = registrations.mismatch();
        if (mismatch.isPresent()) {
            return new Outcome.Refused(mismatch.get());
        }
        return registrations
                .kept()
                .map(kept -> use(warned(onboarding, registrations), kept.id(), StepOutcome.FOUND))
                .orElseGet(() -> registerAbsent(warned(onboarding, registrations)));
    }

    private Outcome registerAbsent(Onboarding onboarding) {
        return PlannedWrite.anthropic(
                        StepOutcome.REGISTERED, "registration of " + onboarding.key(), () -> register(onboarding))
                .apply(onboarding);
    }

    /** Anthropic has no idempotency key, and its lists may lag: two creates are kept apart by the store. */
    private Outcome register(Onboarding onboarding) {
        Optional<ExternalKeyId> made = store.once(
                onboarding.key().toString(), stillHeld -> create(onboarding, stillHeld), Optional::isPresent);
        if (made.isPresent()) {
            // Whether another registered the key in the same moment, the next step sees: it reads all of them.
            return use(onboarding, made.get(), StepOutcome.REGISTERED);
        }
        Registrations registrations = inspection.inspect(onboarding.request());
        ExternalKeyId used = registrations
                .kept()
                .map(ExternalKey::id)
                .orElseThrow(() -> new TransientException(
                        Reason.ANTHROPIC_UNAVAILABLE,
                        "Anthropic showed a registration of " + onboarding.key() + " and does not any more",
                        null));
        return use(warned(onboarding, registrations), used, StepOutcome.FOUND);
    }

    /**
     * Another may have registered the key since it was looked for, as while this process was frozen.
     *
     * @return empty where that is so
     */
    private Optional<ExternalKeyId> create(Onboarding onboarding, Runnable stillHeld) {
        if (!inspection.inspect(onboarding.key()).all().isEmpty()) {
            return Optional.empty();
        }
        stillHeld.run();
        return Optional.of(anthropic
                .createExternalKey(onboarding.request().displayName(), onboarding.key())
                .id());
    }

    private static Onboarding warned(Onboarding onboarding, Registrations registrations) {
        Onboarding warned = onboarding;
        for (Finding warning : registrations.warnings()) {
            warned = warned.withWarning(warning);
        }
        return warned;
    }

    private static Outcome use(Onboarding onboarding, ExternalKeyId used, StepOutcome outcome) {
        return new Outcome.Done(onboarding.withExternalKeyId(used), outcome, onboarding.key() + " as " + used);
    }
}
