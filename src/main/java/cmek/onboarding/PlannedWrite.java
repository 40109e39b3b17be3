package cmek.onboarding;

import cmek.finding.Finding;
import cmek.result.StepOutcome;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A write that a step found necessary, not yet done. Steps decide what is missing; whether the request's mode lets it be
 * written is decided in {@link #apply} and nowhere else.
 *
 * @param outcome what the step reports once it is written
 * @param what one line: what is missing, naming the resource
 * @param manualRemedy the refusal with the commands, where a request may leave this to the people who manage the key
 * @param write does it and returns the step's answer
 */
public record PlannedWrite(
        StepOutcome outcome, String what, Optional<Supplier<Finding>> manualRemedy, Supplier<Outcome> write) {

    /** A change in Cloud KMS, which mode {@code validate} leaves to others. */
    public static PlannedWrite kms(
            StepOutcome outcome, String what, Supplier<Finding> manualRemedy, Supplier<Outcome> write) {
        return new PlannedWrite(outcome, what, Optional.of(manualRemedy), write);
    }

    /** A change at Anthropic, which is ours to make in every mode that writes. */
    public static PlannedWrite anthropic(StepOutcome outcome, String what, Supplier<Outcome> write) {
        return new PlannedWrite(outcome, what, Optional.empty(), write);
    }

    /** Has it written, or says what would be written, or refuses with the commands: as the request's mode has it. */
    public Outcome apply(Onboarding onboarding) {
        return switch (onboarding.request().mode()) {
            case PLAN -> new Outcome.Done(onboarding, outcome.planned(), "would be done: " + what);
            case VALIDATE ->
                manualRemedy
                        .<Outcome>map(refusal -> new Outcome.Refused(refusal.get()))
                        .orElseGet(() -> new Outcome.ToWrite(write));
            case PROVISION -> new Outcome.ToWrite(write);
        };
    }
}
