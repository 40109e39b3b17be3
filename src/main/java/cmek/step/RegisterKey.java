package cmek.step;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.onboarding.Change;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Findings;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Steps 4 and 5 of the guide: the key's registration at the vendor. */
@Singleton
public final class RegisterKey {

    private static final Comparator<ExternalKey> ATTACHED_THEN_OLDEST = Comparator.comparing(
                    (ExternalKey registration) -> !registration.attached())
            .thenComparing(ExternalKey::createdAt)
            .thenComparing(registration -> registration.id().value());

    private final AdminApi vendor;

    @Inject
    public RegisterKey(AdminApi vendor) {
        this.vendor = vendor;
    }

    /** Finds the key's registration or makes one. */
    public Outcome registerKey(Onboarding onboarding) {
        CryptoKeyName key = onboarding.key();
        List<ExternalKeyId> registrations = vendor.externalKeys().stream()
                .filter(registration -> registration.key().equals(Optional.of(key)))
                .sorted(ATTACHED_THEN_OLDEST)
                .map(ExternalKey::id)
                .toList();
        return registrations.isEmpty() ? registerAbsent(onboarding) : reuse(onboarding, registrations);
    }

    private Outcome registerAbsent(Onboarding onboarding) {
        return Change.atVendor(
                        StepOutcome.REGISTERED, "registration of " + onboarding.key(), () -> register(onboarding))
                .apply(onboarding);
    }

    private Outcome register(Onboarding onboarding) {
        ExternalKeyId id = vendor.createExternalKey(onboarding.request().displayName(), onboarding.key())
                .id();
        return new Outcome.Done(
                onboarding.withExternalKeyId(id), StepOutcome.REGISTERED, onboarding.key() + " as " + id);
    }

    private static Outcome reuse(Onboarding onboarding, List<ExternalKeyId> registrations) {
        ExternalKeyId kept = registrations.get(0);
        Onboarding registered = onboarding.withExternalKeyId(kept);
        if (registrations.size() > 1) {
            registered = registered.withWarning(Findings.duplicateRegistration(
                    onboarding.key(), kept, registrations.subList(1, registrations.size())));
        }
        return new Outcome.Done(registered, StepOutcome.FOUND, onboarding.key() + " as " + kept);
    }
}
