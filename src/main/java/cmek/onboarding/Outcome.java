package cmek.onboarding;

import cmek.finding.Finding;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import cmek.result.StepOutcome;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * A step's answer. That an outside API could not be reached is not an outcome: it is an
 * {@link TransientException}, and the event is delivered again.
 */
public sealed interface Outcome {

    /** The same, after what is to be written is written. */
    default Outcome written() {
        return this;
    }

    /**
     * What was read says that something must be written. A step only reads until it says so: meanwhile it is looked up
     * whether the onboarding has ended, after which nothing is written.
     *
     * @param write does it
     */
    record ToWrite(Supplier<Outcome> write) implements Outcome {

        @Override
        public Outcome written() {
            return write.get().written();
        }
    }

    /**
     * The step is done and the chain goes on.
     *
     * @param onboarding with what the step found added
     * @param message one line for a person
     */
    record Done(Onboarding onboarding, StepOutcome outcome, String message) implements Outcome {

        /** That a workspace has the key, by this registration. */
        public static Done onWorkspace(
                Onboarding onboarding, ExternalKeyId registration, WorkspaceId workspace, StepOutcome outcome) {
            return new Done(onboarding.withExternalKeyId(registration), outcome, registration + " on " + workspace);
        }
    }

    /**
     * Nothing is wrong, but an IAM or label change has not spread yet; the event is delivered again until it has.
     *
     * @param since when the change was made
     * @param until when waiting for it ends
     */
    record Pending(Instant since, Instant until, String message) implements Outcome {}

    /** Everything is ready, and somebody else must agree to it. */
    record AwaitingApproval(Approval approval) implements Outcome {}

    /**
     * The last step is entered by a message that may be days old: that of somebody who agreed, or a dead letter that is
     * replayed. All that was checked before the first write is checked again before it is entered once more.
     *
     * @param why {@link StepOutcome#APPROVED} or {@link StepOutcome#REPLAYED}
     */
    record CheckAgain(Onboarding onboarding, StepOutcome why, String message) implements Outcome {}

    /** A person must act. */
    record Refused(Finding finding) implements Outcome {}
}
