package cmek.onboarding.step;

import cmek.check.KeyDiagnosis;
import cmek.check.KeyInspection;
import cmek.check.RegistrationLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Validation;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Step 6 of the guide: Anthropic encrypts and decrypts with the key. */
@Singleton
public final class ValidateKey {

    private final AdminApi anthropic;
    private final KeyInspection inspection;
    private final RegistrationLookup registrations;
    private final Propagation propagation;

    @Inject
    public ValidateKey(
            AdminApi anthropic, KeyInspection inspection, RegistrationLookup registrations, Propagation propagation) {
        this.anthropic = anthropic;
        this.inspection = inspection;
        this.registrations = registrations;
        this.propagation = propagation;
    }

    /** Has Anthropic validate the key; when it cannot use it, checks the key to say why. */
    public Outcome validateKey(Onboarding onboarding) {
        // A validation is more than a read: Anthropic writes it into its activity log, and a plan leaves no trace.
        if (onboarding.request().mode() == Mode.PLAN) {
            return new Outcome.Done(onboarding, StepOutcome.WOULD_VALIDATE, "would be validated: " + onboarding.key());
        }
        ExternalKeyId id = registrations.registration(onboarding.request(), onboarding.registration());
        return anthropic.validate(id) instanceof Validation.Failure failure
                ? diagnose(onboarding, failure.anthropicText())
                : new Outcome.Done(
                        onboarding.withExternalKeyId(id), StepOutcome.VALIDATED, onboarding.key() + " as " + id);
    }

    private Outcome diagnose(Onboarding onboarding, String anthropicText) {
        KeyDiagnosis seen = inspection.inspect(onboarding.request());
        if (seen.worst().isPresent()) {
            Finding cause = seen.worst().get();
            return new Outcome.Refused(cause.message(cause.message() + " (Anthropic says: " + anthropicText + ")"));
        }
        return propagation.waitOr(
                onboarding,
                anthropicText,
                AnthropicFindings.validationFailed(onboarding.key(), anthropicText, seen.good(), seen.unseen()));
    }
}
