package cmek.onboarding;

import cmek.finding.Finding;
import cmek.model.ExternalKeyId;
import cmek.model.OnboardingRequest;
import cmek.model.SafeText;
import cmek.model.Versioned;
import cmek.result.StepReport;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The event between two steps: an {@link Onboarding} without a sentence in it. Whoever may publish on a step's topic may have
 * made it up, so everything in it is a name, a word or a time that is checked; warnings, which people read and whose commands
 * they run, are named by their digest and lie in the evidence bucket.
 *
 * @param warningsDigest of the warnings so far; empty where there are none, or where nothing is remembered
 */
@RegisterForReflection
public record OnboardingEvent(
        OnboardingRequest request,
        String messageId,
        String deduplicationKey,
        Instant acceptedAt,
        List<StepReport> steps,
        Optional<String> warningsDigest,
        Optional<ExternalKeyId> externalKeyId,
        Optional<Instant> changedAt,
        Optional<String> approval,
        int replay)
        implements Versioned {

    public OnboardingEvent {
        steps = List.copyOf(steps);
        Onboarding.requireValid(messageId, deduplicationKey, acceptedAt, steps, changedAt, approval, replay);
        if (warningsDigest
                .filter(digest -> !Onboarding.DIGEST.matcher(digest).matches())
                .isPresent()) {
            throw new IllegalArgumentException("no digest of warnings: " + SafeText.quote(warningsDigest.get()));
        }
    }

    /** The event of an onboarding whose warnings are kept under this digest. */
    public static OnboardingEvent of(Onboarding onboarding, Optional<String> warningsDigest) {
        return new OnboardingEvent(
                onboarding.request(),
                onboarding.messageId(),
                onboarding.deduplicationKey(),
                onboarding.acceptedAt(),
                onboarding.steps(),
                warningsDigest,
                onboarding.externalKeyId(),
                onboarding.changedAt(),
                onboarding.approval(),
                onboarding.replay());
    }

    /** The onboarding, with the warnings that were kept of it. */
    public Onboarding onboarding(List<Finding> warnings) {
        return new Onboarding(
                request,
                messageId,
                deduplicationKey,
                acceptedAt,
                steps,
                warnings,
                externalKeyId,
                changedAt,
                approval,
                replay);
    }
}
