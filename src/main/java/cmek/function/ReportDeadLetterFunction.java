package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Turns a message that a step gave up on into a result, so that nobody waits for an answer that never comes. */
public final class ReportDeadLetterFunction {

    private final Door door;

    @Inject
    ReportDeadLetterFunction(Door door) {
        this.door = door;
    }

    /** Triggered by topic {@code cmek-dead-letter}. */
    @Funq("reportDeadLetter")
    public void reportDeadLetter(CloudEvent event) {
        door.giveUp(event);
    }
}
