package cmek.onboarding;

import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.RequestFindings;
import cmek.model.CryptoKeyName;
import cmek.model.EventTime;
import cmek.model.ExternalKeyId;
import cmek.model.OnboardingRequest;
import cmek.model.SafeText;
import cmek.model.Versioned;
import cmek.result.StepReport;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One onboarding under way. The truth lies in Cloud KMS and the Admin API; this says only what was asked and what was found
 * so far, so any step can be entered twice with it. {@link OnboardingEvent} carries it from step to step.
 *
 * @param messageId of the message on the requests topic; with the request's id it names this onboarding
 * @param deduplicationKey names the same message where its id is not known any more, because Pub/Sub gave it another one as a dead
 *     letter: a digest of the message's time and data
 * @param acceptedAt when that message was taken
 * @param warnings what a person should know although nothing is refused
 * @param externalKeyId the registration, from {@code registerKey} on
 * @param changedAt when this chain last changed the key's label or policy; until the change has spread, a failed
 *     validation means nothing
 * @param approval the digest of the approval by which this goes on, which the last step looks up
 * @param replay how often an operator had it go on after it had failed
 */
@RegisterForReflection
public record Onboarding(
        OnboardingRequest request,
        String messageId,
        String deduplicationKey,
        Instant acceptedAt,
        List<StepReport> steps,
        List<Finding> warnings,
        Optional<ExternalKeyId> externalKeyId,
        Optional<Instant> changedAt,
        Optional<String> approval,
        int replay)
        implements Versioned {

    /** What the digest of an approval looks like. */
    public static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** A cause that is not fixed by then needs another request. */
    public static final int REPLAYS_AT_MOST = 99;

    private static final Pattern DEDUPLICATION_KEY = Pattern.compile("[0-9a-f]{32}");

    public Onboarding {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
        requireValid(messageId, deduplicationKey, acceptedAt, steps, changedAt, approval, replay);
    }

    /** What an event says may have been made up. */
    static void requireValid(
            String messageId,
            String deduplicationKey,
            Instant acceptedAt,
            List<StepReport> steps,
            Optional<Instant> changedAt,
            Optional<String> approval,
            int replay) {
        if (!OnboardingRequest.ID.matcher(messageId).matches()) {
            throw new IllegalArgumentException("no message id: " + SafeText.quote(messageId));
        }
        if (!DEDUPLICATION_KEY.matcher(deduplicationKey).matches()) {
            throw new IllegalArgumentException("no digest of a message: " + SafeText.quote(deduplicationKey));
        }
        if (!EventTime.isPlausible(acceptedAt)
                || changedAt.filter(at -> !EventTime.isPlausible(at)).isPresent()) {
            throw new IllegalArgumentException("no time of a message or a change");
        }
        if (approval.filter(digest -> !DIGEST.matcher(digest).matches()).isPresent()) {
            throw new IllegalArgumentException("no digest of an approval: " + SafeText.quote(approval.get()));
        }
        if (replay < 0 || replay > REPLAYS_AT_MOST) {
            throw new IllegalArgumentException("no number of a replay: " + replay);
        }
        steps.stream()
                .map(StepReport::step)
                .filter(step -> Step.ofFunction(step).isEmpty())
                .forEach(step -> {
                    throw new IllegalArgumentException("no report of a step: " + SafeText.quote(step));
                });
    }

    /** An onboarding at its beginning. */
    public static Onboarding begin(
            OnboardingRequest request, String messageId, String deduplicationKey, Instant acceptedAt) {
        return new Onboarding(
                request,
                messageId,
                deduplicationKey,
                acceptedAt,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    /**
     * The same, going on after it failed: a dead letter of it was published again. What was accepted has its time anew, for
     * whoever replays it means now.
     *
     * @param times how often the letter was published again
     */
    public Onboarding replayed(int times, Instant at) {
        return times == 0
                ? this
                : new Onboarding(
                        request,
                        messageId,
                        deduplicationKey,
                        at,
                        steps,
                        warnings,
                        externalKeyId,
                        changedAt,
                        approval,
                        Math.min(REPLAYS_AT_MOST, replay + times));
    }

    /**
     * The same, going on because of another message: that of somebody who approved it.
     *
     * @param digest of what they approved
     */
    public Onboarding resume(String digest, String approvalId, String approvalOrigin, Instant approvedAt) {
        return new Onboarding(
                request,
                approvalId,
                approvalOrigin,
                approvedAt,
                steps,
                warnings,
                externalKeyId,
                changedAt,
                Optional.of(digest),
                0);
    }

    public CryptoKeyName key() {
        return request.key();
    }

    /**
     * The registration that an earlier step found or made.
     *
     * @throws PermanentException when there is none: the event did not come from the step before
     */
    public ExternalKeyId registration() {
        return externalKeyId.orElseThrow(
                () -> new PermanentException(RequestFindings.unreadable("it names no registration of the key")));
    }

    public Onboarding withStep(StepReport report) {
        return with(appended(steps, report), warnings, externalKeyId, changedAt);
    }

    /** Adds a warning, once however often the step that found it is entered. */
    public Onboarding withWarning(Finding warning) {
        return warnings.contains(warning) ? this : with(steps, appended(warnings, warning), externalKeyId, changedAt);
    }

    public Onboarding withExternalKeyId(ExternalKeyId id) {
        return with(steps, warnings, Optional.of(id), changedAt);
    }

    public Onboarding withChangedAt(Instant instant) {
        return with(steps, warnings, externalKeyId, Optional.of(instant));
    }

    private Onboarding with(
            List<StepReport> doneSteps,
            List<Finding> allWarnings,
            Optional<ExternalKeyId> registration,
            Optional<Instant> lastChange) {
        return new Onboarding(
                request,
                messageId,
                deduplicationKey,
                acceptedAt,
                doneSteps,
                allWarnings,
                registration,
                lastChange,
                approval,
                replay);
    }

    private static <T> List<T> appended(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
