package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Turns a message that a step gave up on into a result, so that nobody waits for an answer that never comes. */
@WithLogContext
public final class ReportDeadLetterFunction {

    private final OnboardingHandler door;
    private final ScanHandler night;

    @Inject
    ReportDeadLetterFunction(OnboardingHandler door, ScanHandler night) {
        this.door = door;
        this.night = night;
    }

    /** Triggered by topic {@code cmek-dead-letter}. */
    @Funq("reportDeadLetter")
    public void reportDeadLetter(CloudEvent event) {
        if (night.owns(event)) {
            night.giveUp(event);
        } else {
            door.giveUp(event);
        }
    }
}
