package cmek.onboarding.step;

import cmek.finding.Finding;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;

/** Opens a step's answer, and fails the test when it is of another kind. */
final class Answers {

    private Answers() {}

    static StepOutcome outcome(Outcome outcome) {
        return done(outcome).outcome();
    }

    static Onboarding onboarding(Outcome outcome) {
        return done(outcome).onboarding();
    }

    static Finding finding(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return refused.finding();
        }
        throw new AssertionError("not refused: " + outcome);
    }

    static Outcome.Pending pending(Outcome outcome) {
        if (outcome instanceof Outcome.Pending pending) {
            return pending;
        }
        throw new AssertionError("not pending: " + outcome);
    }

    private static Outcome.Done done(Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            return done;
        }
        throw new AssertionError("not done: " + outcome);
    }
}
