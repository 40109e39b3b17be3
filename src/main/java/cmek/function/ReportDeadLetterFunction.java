package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Turns a message that a step gave up on into a result, so that nobody waits for an answer that never comes. */
@WithLogContext
public final class ReportDeadLetterFunction {

    private final OnboardingHandler handler;
    private final ScanHandler scan;

    @Inject
    ReportDeadLetterFunction(OnboardingHandler handler, ScanHandler scan) {
        this.handler = handler;
        this.scan = scan;
    }

    /** Triggered by topic {@code cmek-dead-letter}. */
    @Funq("reportDeadLetter")
    public void reportDeadLetter(CloudEvent event) {
        if (scan.owns(event)) {
            scan.handleDeadLetter(event);
        } else {
            handler.handleDeadLetter(event);
        }
    }
}
