package cmek.onboarding;

import java.util.function.Supplier;

/**
 * A write that a step found necessary, not yet done. Steps decide what is missing; whether the request's mode lets it be
 * written is decided in {@link #apply} and nowhere else.
 *
 * @param side whose world would change
 * @param outcome what the step reports once it is written
 * @param what one line: what is missing, naming the resource
 * @param otherwise the refusal with the commands, for a request that leaves the key to others
 * @param write does it and returns the step's answer
 */
public record Change(
        Side side, StepOutcome outcome, String what, Supplier<Finding> otherwise, Supplier<Outcome> write) {

    /** Whose world a change is made in. */
    public enum Side {
        CLOUD_KMS,
        ADMIN_API
    }

    /** Writes, or says what would be written, or refuses with the commands: as the request's mode has it. */
    public Outcome apply(Onboarding onboarding) {
        return switch (onboarding.request().mode()) {
            case PLAN -> new Outcome.Done(onboarding, outcome.planned(), "would be changed: " + what);
            case VALIDATE -> side == Side.CLOUD_KMS ? new Outcome.Refused(otherwise.get()) : write.get();
            case PROVISION -> write.get();
        };
    }
}
