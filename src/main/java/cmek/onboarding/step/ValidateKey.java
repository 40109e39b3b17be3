package cmek.onboarding.step;

import cmek.check.DenyPolicyLookup;
import cmek.check.KeyDiagnosis;
import cmek.check.KeyInspection;
import cmek.check.KeyValidation;
import cmek.check.RegistrationLookup;
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
import java.util.ArrayList;
import java.util.List;

/** Step 6 of the guide: Anthropic encrypts and decrypts with the key. */
@Singleton
public final class ValidateKey {

    private final KeyValidation validation;
    private final KeyInspection inspection;
    private final RegistrationLookup registrations;
    private final DenyPolicyLookup denyPolicies;
    private final Propagation propagation;

    @Inject
    public ValidateKey(
            KeyValidation validation,
            KeyInspection inspection,
            RegistrationLookup registrations,
            DenyPolicyLookup denyPolicies,
            Propagation propagation) {
        this.validation = validation;
        this.inspection = inspection;
        this.registrations = registrations;
        this.denyPolicies = denyPolicies;
        this.propagation = propagation;
    }

    /** Has Anthropic validate the key; when it cannot use it, checks the key to say why. */
    public Outcome validateKey(Onboarding onboarding) {
        // A validation is more than a read: Anthropic writes it into its activity log, and a plan leaves no trace.
        if (onboarding.request().mode() == Mode.PLAN) {
            return new Outcome.Done(onboarding, StepOutcome.WOULD_VALIDATE, "would be validated: " + onboarding.key());
        }
        ExternalKeyId id = registrations.registration(onboarding.key(), onboarding.registration());
        return validation.validate(id) instanceof Validation.Failure failure
                ? diagnose(onboarding, failure.anthropicText())
                : new Outcome.Done(
                        onboarding.withExternalKeyId(id), StepOutcome.VALIDATED, onboarding.key() + " as " + id);
    }

    private Outcome diagnose(Onboarding onboarding, String anthropicText) {
        KeyDiagnosis seen = inspection.inspect(onboarding.request());
        if (seen.worst().isPresent()) {
            Finding cause = seen.worst().get();
            return new Outcome.Refused(saying(cause, anthropicText));
        }
        DenyPolicyLookup.Result denied = denyPolicies.inspect(onboarding.key());
        if (!denied.certain().isEmpty()) {
            return new Outcome.Refused(saying(denied.certain().get(0), anthropicText));
        }
        List<String> unseen = new ArrayList<>(seen.unseen());
        unseen.addAll(denied.unseen());
        return propagation.waitOr(
                onboarding,
                anthropicText,
                AnthropicFindings.validationFailed(onboarding.key(), anthropicText, seen.good(), unseen));
    }

    private static Finding saying(Finding cause, String anthropicText) {
        return cause.message(cause.message() + " (Anthropic says: " + anthropicText + ")");
    }
}
