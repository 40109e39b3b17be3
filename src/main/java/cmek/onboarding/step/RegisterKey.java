package cmek.onboarding.step;

import cmek.check.RegistrationLookup;
import cmek.check.RegistrationLookup.Registrations;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.finding.Finding;
import cmek.model.CryptoKeyName;
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
                .map(kept -> use(onboarding, registrations, kept.id(), StepOutcome.FOUND))
                .orElseGet(() -> registerAbsent(onboarding));
    }

    private Outcome registerAbsent(Onboarding onboarding) {
        return PlannedWrite.anthropic(
                        StepOutcome.REGISTERED, "registration of " + onboarding.key(), () -> register(onboarding))
                .apply(onboarding);
    }

    /** Anthropic has no idempotency key, and its lists may lag: two creates are kept apart by the store. */
    private Outcome register(Onboarding onboarding) {
        CryptoKeyName key = onboarding.key();
        ExternalKeyId id = store.once(
                        key.toString(),
                        () -> anthropic.createExternalKey(onboarding.request().displayName(), key),
                        created -> true)
                .id();
        // Another may have registered the key in the same moment: both look again, and both use the same one.
        Registrations registrations = inspection.inspect(onboarding.request());
        return use(
                onboarding,
                registrations,
                registrations.kept().map(ExternalKey::id).orElse(id),
                StepOutcome.REGISTERED);
    }

    private static Outcome use(
            Onboarding onboarding, Registrations registrations, ExternalKeyId used, StepOutcome outcome) {
        Onboarding warned = onboarding;
        for (Finding warning : registrations.warnings()) {
            warned = warned.withWarning(warning);
        }
        return new Outcome.Done(warned.withExternalKeyId(used), outcome, onboarding.key() + " as " + used);
    }
}
