package cmek.result;

import cmek.model.EventTime;
import cmek.model.SafeText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * What a step did, for the list of steps that travels with the result.
 *
 * @param step the function's name
 * @param at when the step was done
 * @param millis how long it took, in milliseconds
 */
@RegisterForReflection
public record StepReport(String step, StepOutcome outcome, Instant at, long millis) {

    public StepReport {
        if (millis < 0 || !EventTime.isPlausible(at)) {
            throw new IllegalArgumentException("no report of a step: " + SafeText.quote(step));
        }
    }
}
