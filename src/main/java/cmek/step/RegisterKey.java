package cmek.step;

import cmek.client.anthropic.AdminApi;
import cmek.inspection.RegistrationInspection;
import cmek.inspection.RegistrationInspection.Registrations;
import cmek.onboarding.Change;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Steps 4 and 5 of the guide: the key's registration at the vendor. */
@Singleton
public final class RegisterKey {

    private final AdminApi vendor;
    private final RegistrationInspection inspection;

    @Inject
    public RegisterKey(AdminApi vendor, RegistrationInspection inspection) {
        this.vendor = vendor;
        this.inspection = inspection;
    }

    /** Finds the key's registration or makes one. */
    public Outcome registerKey(Onboarding onboarding) {
        Registrations registrations = inspection.inspect(onboarding.key());
        Onboarding warned = registrations.warning().map(onboarding::withWarning).orElse(onboarding);
        return registrations
                .kept()
                .<Outcome>map(kept -> new Outcome.Done(
                        warned.withExternalKeyId(kept), StepOutcome.FOUND, onboarding.key() + " as " + kept))
                .orElseGet(() -> registerAbsent(onboarding));
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
}
