package cmek.onboarding.step;

import cmek.check.KeyDiagnosis;
import cmek.check.KeyInspection;
import cmek.check.RegistrationLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Validation;
import cmek.finding.Finding;
import cmek.finding.Findings;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Step 6 of the guide: the vendor encrypts and decrypts with the key. */
@Singleton
public final class ValidateKey {

    private final AdminApi vendor;
    private final KeyInspection inspection;
    private final RegistrationLookup registrations;
    private final Propagation propagation;

    @Inject
    public ValidateKey(
            AdminApi vendor, KeyInspection inspection, RegistrationLookup registrations, Propagation propagation) {
        this.vendor = vendor;
        this.inspection = inspection;
        this.registrations = registrations;
        this.propagation = propagation;
    }

    /** Has the vendor validate the key; when it cannot use it, looks at the key to say why. */
    public Outcome validateKey(Onboarding onboarding) {
        // A validation is no read: the vendor writes it into its activity log, and a plan leaves no trace.
        if (onboarding.request().mode() == Mode.PLAN) {
            return new Outcome.Done(onboarding, StepOutcome.WOULD_VALIDATE, "would be validated: " + onboarding.key());
        }
        ExternalKeyId id = registrations.registration(onboarding.key(), onboarding.registration());
        return vendor.validate(id) instanceof Validation.Failure failure
                ? diagnose(onboarding, failure.vendorText())
                : new Outcome.Done(
                        onboarding.withExternalKeyId(id), StepOutcome.VALIDATED, onboarding.key() + " as " + id);
    }

    private Outcome diagnose(Onboarding onboarding, String vendorText) {
        KeyDiagnosis seen = inspection.inspect(onboarding.request());
        if (seen.worst().isPresent()) {
            Finding cause = seen.worst().get();
            return new Outcome.Refused(new Finding(
                    cause.reason(), cause.message() + " (the vendor says: " + vendorText + ")", cause.remedy()));
        }
        return propagation.waitOr(
                onboarding,
                vendorText,
                Findings.validationFailed(onboarding.key(), vendorText, seen.good(), seen.unseen()));
    }
}
