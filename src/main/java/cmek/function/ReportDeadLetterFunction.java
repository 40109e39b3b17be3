package cmek.function;

import cmek.onboarding.step.FindAttachment;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Turns a message that a step gave up on into a result, so that nobody waits for an answer that never comes. */
@WithLogContext
public final class ReportDeadLetterFunction {

    private final OnboardingHandler handler;
    private final ScanHandler scan;
    private final FindAttachment attachment;

    @Inject
    ReportDeadLetterFunction(OnboardingHandler handler, ScanHandler scan, FindAttachment attachment) {
        this.handler = handler;
        this.attachment = attachment;
        this.scan = scan;
    }

    /** Triggered by topic {@code cmek-dead-letter}. */
    @Funq("reportDeadLetter")
    public void reportDeadLetter(CloudEvent event) {
        if (scan.owns(event)) {
            scan.handleDeadLetter(event);
        } else {
            handler.handleDeadLetter(event, attachment::findAttachment);
        }
    }
}
