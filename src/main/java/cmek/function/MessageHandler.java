package cmek.function;

import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.result.Status;
import io.cloudevents.CloudEvent;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one way in for every message, whatever function it is for: opens it, does what it asks for, and sees to it that it
 * ends. What a person must fix is published as the message's terminal result and acknowledged, for it would be refused
 * again; what may pass by itself is thrown, so that the platform delivers the message again.
 */
@Singleton
final class MessageHandler {

    /**
     * What a message is about, which is who is told how it ends.
     *
     * @param end publishes the terminal result
     * @param retry leaves a trace of why the message will be delivered again
     */
    record Subject(BiConsumer<Status, Finding> end, Consumer<TransientException> retry) {}

    /** A message on its way through a function. */
    static final class Delivery {

        private final PubSubMessage message;
        private Subject subject;

        private Delivery(PubSubMessage message, Subject subject) {
            this.message = message;
            this.subject = subject;
        }

        PubSubMessage message() {
            return message;
        }

        /** Says what the message turned out to be about. */
        void concerns(Subject known) {
            subject = known;
        }
    }

    /** What a function does. */
    interface Verb {

        /**
         * Does what a message asks for.
         *
         * @return what is to be published; that a topic is closed is not a failure of the work
         */
        Runnable handle(Delivery delivery);
    }

    /**
     * Handles one delivery of a message.
     *
     * @param unread who is told while nothing is known of the message but its envelope
     */
    void handle(CloudEvent event, Function<PubSubMessage, Subject> unread, Verb verb) {
        PubSubMessage message = PubSubMessage.of(event);
        Delivery delivery = new Delivery(message, unread.apply(message));
        Runnable publication;
        try {
            publication = verb.handle(delivery);
        } catch (PermanentException e) {
            publication = () -> delivery.subject.end().accept(Status.REFUSED, e.finding());
        } catch (TransientException e) {
            delivery.subject.retry().accept(e);
            throw e;
        }
        publication.run();
    }
}
