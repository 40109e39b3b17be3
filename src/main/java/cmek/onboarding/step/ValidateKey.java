package cmek.onboarding.step;

import cmek.check.CheckSubject;
import cmek.check.CheckSubjects;
import cmek.check.DenyPolicyLookup;
import cmek.check.KeyChecks;
import cmek.check.KeyDiagnosis;
import cmek.check.KeyValidation;
import cmek.check.RegistrationLookup;
import cmek.check.RegistrationLookup.Registrations;
import cmek.client.anthropic.Validation;
import cmek.finding.Actor;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Propagation;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Step 6 of the guide: Anthropic encrypts and decrypts with the key. */
@Singleton
public final class ValidateKey {

    /** What a request of mode {@code provision} puts right. */
    private static final Set<Reason> REPAIRABLE =
            Set.of(Reason.LABEL_MISSING, Reason.BINDING_MISSING, Reason.BINDING_CONDITIONAL);

    /** What says something of our own account and nothing of the key. */
    private static final Set<Reason> OF_OURSELVES = Set.of(Reason.PERMISSION_DENIED, Reason.GOOGLE_REFUSED);

    private final KeyValidation validation;
    private final KeyChecks checks;
    private final CheckSubjects subjects;
    private final RegistrationLookup registrations;
    private final DenyPolicyLookup denyPolicies;
    private final Propagation propagation;

    @Inject
    public ValidateKey(
            KeyValidation validation,
            KeyChecks checks,
            CheckSubjects subjects,
            RegistrationLookup registrations,
            DenyPolicyLookup denyPolicies,
            Propagation propagation) {
        this.validation = validation;
        this.checks = checks;
        this.subjects = subjects;
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
        Registrations registered = registrations.inspect(onboarding.request());
        ExternalKeyId id =
                registrations.chosen(registered, onboarding.registration()).id();
        Onboarding warned = onboarding;
        for (Finding warning : registered.warnings()) {
            warned = warned.withWarning(warning);
        }
        Onboarding validated = warned.withExternalKeyId(id);
        return new Outcome.ToWrite(() -> validate(validated, id));
    }

    private Outcome validate(Onboarding onboarding, ExternalKeyId id) {
        return validation.validate(id) instanceof Validation.Failure failure
                ? diagnose(onboarding, failure.anthropicText())
                : new Outcome.Done(onboarding, StepOutcome.VALIDATED, onboarding.key() + " as " + id);
    }

    private Outcome diagnose(Onboarding onboarding, String anthropicText) {
        CheckSubject subject = subjects.ofKey(onboarding.request());
        KeyDiagnosis seen = checks.run(subject, true);
        List<Finding> causes = causes(seen);
        if (!causes.isEmpty()) {
            return new Outcome.Refused(refusal(onboarding.request(), causes, anthropicText));
        }
        seen.findings().stream()
                .filter(finding -> finding.reason() == Reason.KEY_VERSION_NOT_READY)
                .findFirst()
                .ifPresent(pending -> {
                    throw new TransientException(pending.reason(), pending.message(), null);
                });
        DenyPolicyLookup.Result denied = denyPolicies.inspect(subject);
        return denied.certain().isEmpty()
                ? propagation.waitOr(
                        onboarding, anthropicText, unexplained(onboarding.key(), seen, denied.unseen(), anthropicText))
                : new Outcome.Refused(
                        AnthropicFindings.confirmed(denied.certain().get(0), anthropicText));
    }

    /**
     * All that must be put right by a person, worst first. An older version is not among them: Anthropic validates with the
     * primary one.
     */
    private static List<Finding> causes(KeyDiagnosis seen) {
        Stream<Finding> refusals = seen.unseen().stream()
                .flatMap(unseen -> unseen.refusal().stream())
                .filter(finding -> !OF_OURSELVES.contains(finding.reason()));
        Stream<Finding> findings = seen.findings().stream()
                .filter(finding -> KeyDiagnosis.explains(finding) || finding.severity() == Severity.BLOCKING)
                .filter(finding -> finding.reason() != Reason.KEY_VERSION_NOT_READY);
        return Stream.concat(findings, refusals)
                .distinct()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    /**
     * What only a person can put right comes first; what the same request puts right when it is published again comes last,
     * first in that way and then by commands.
     */
    private static Finding refusal(OnboardingRequest request, List<Finding> causes, String anthropicText) {
        Finding all = AnthropicFindings.confirmed(Finding.all(causes), anthropicText);
        List<Finding> repairable = causes.stream()
                .filter(cause -> request.mode() == Mode.PROVISION && REPAIRABLE.contains(cause.reason()))
                .toList();
        if (repairable.isEmpty()) {
            return all;
        }
        List<Finding> others =
                causes.stream().filter(cause -> !repairable.contains(cause)).toList();
        List<String> remedy = new ArrayList<>(
                others.isEmpty() ? List.of() : Finding.all(others).remedy());
        remedy.add(AnthropicFindings.PUBLISHING_REPAIRS);
        remedy.addAll(Finding.all(repairable).remedy());
        return (others.isEmpty() ? all.actor(Actor.REQUESTER) : all).remedy(remedy);
    }

    private static Finding unexplained(
            CryptoKeyName key, KeyDiagnosis seen, List<String> denyPoliciesUnseen, String anthropicText) {
        Finding failed = AnthropicFindings.validationFailed(
                key,
                anthropicText,
                seen.good(),
                Stream.concat(seen.unseen().stream().map(KeyDiagnosis.Unseen::toString), denyPoliciesUnseen.stream())
                        .toList());
        List<Finding> besides = seen.besides();
        return besides.isEmpty()
                ? failed
                : failed.message(failed.message() + "; found besides: "
                        + besides.stream().map(Finding::message).collect(Collectors.joining("; ")));
    }
}
