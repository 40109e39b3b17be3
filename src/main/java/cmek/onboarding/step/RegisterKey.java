package cmek.onboarding.step;

import cmek.check.RegistrationLookup;
import cmek.check.RegistrationLookup.Registrations;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.finding.AnthropicFindings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.PlannedWrite;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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

    /** Finds the key's registration or makes one; of several it keeps one and takes back what this onboarding made. */
    public Outcome registerKey(Onboarding onboarding) {
        Registrations registrations = inspection.inspect(onboarding.key());
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
        // Another may have registered the key in the same moment: both look again, and both keep the same one.
        Registrations registrations = inspection.inspect(key);
        return use(
                onboarding,
                registrations,
                registrations.kept().map(ExternalKey::id).orElse(id),
                StepOutcome.REGISTERED);
    }

    private Outcome use(Onboarding onboarding, Registrations registrations, ExternalKeyId kept, StepOutcome outcome) {
        List<ExternalKeyId> left = new ArrayList<>();
        for (ExternalKey other : registrations.others()) {
            if (!isOfThis(onboarding, other) || !takenBack(onboarding, other)) {
                left.add(other.id());
            }
        }
        Onboarding warned = left.isEmpty()
                ? onboarding
                : onboarding.withWarning(AnthropicFindings.duplicateRegistration(onboarding.key(), kept, left));
        return new Outcome.Done(warned.withExternalKeyId(kept), outcome, onboarding.key() + " as " + kept);
    }

    /** Attached to nothing, made since the request was published, and by the name that it asks for. */
    private static boolean isOfThis(Onboarding onboarding, ExternalKey other) {
        return !other.attached()
                && other.displayName().equals(onboarding.request().displayName())
                && !other.createdAt().isBefore(onboarding.acceptedAt())
                && !other.createdAt().equals(Instant.MAX);
    }

    private boolean takenBack(Onboarding onboarding, ExternalKey other) {
        return onboarding.request().mode() != Mode.PLAN && anthropic.deleteExternalKey(other.id());
    }
}
