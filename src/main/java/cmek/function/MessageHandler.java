package cmek.function;

import cmek.client.http.Deadline;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.onboarding.Step;
import cmek.result.Status;
import io.cloudevents.CloudEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one way in for every message, whatever function it is for: opens it, does what it asks for, and sees to it that it
 * ends. What a person must fix is published as the message's terminal result and acknowledged, for it would be refused
 * again; what may pass by itself is thrown, so that the platform delivers the message again.
 *
 * <p>Each message is answered in time, however slow the APIs are: before the platform gives up, which is after 300 seconds.
 */
@Singleton
final class MessageHandler {

    /** How long the work may take: most events are answered within 45 seconds in total. */
    static final Duration WORK_AT_MOST = Duration.ofSeconds(30);

    /** Where Anthropic's round trip through Cloud KMS may take a minute, and is asked for twice: within 240 seconds. */
    static final Duration LONG_WORK_AT_MOST = Duration.ofSeconds(225);

    /** How long it may then take to say how it ended. */
    static final Duration PUBLICATION_AT_MOST = Duration.ofSeconds(12);

    /** A report reads what was found of thousands of keys. */
    private static final Set<String> LONG = Set.of(
            Step.VALIDATE_KEY.function(), Step.ATTACH_WORKSPACE.function(), ScanHandler.SCAN_KEY, ScanHandler.REPORT);

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

    /** How long the work of a function may take. */
    static Duration workAtMost(String function) {
        return LONG.contains(function) ? LONG_WORK_AT_MOST : WORK_AT_MOST;
    }

    /**
     * Handles one delivery of a message.
     *
     * @param function the function it is for
     * @param unread who is told while nothing is known of the message but its envelope
     */
    void handle(String function, CloudEvent event, Function<PubSubMessage, Subject> unread, Verb verb) {
        PubSubMessage message = PubSubMessage.of(event);
        Delivery delivery = new Delivery(message, unread.apply(message));
        Runnable publication;
        try {
            message.cutFrom().ifPresent(bytes -> {
                throw new PermanentException(RequestFindings.tooLarge(function, bytes));
            });
            publication = Deadline.within(workAtMost(function), () -> verb.handle(delivery));
        } catch (PermanentException e) {
            publication = () -> delivery.subject.end().accept(Status.REFUSED, e.finding());
        } catch (TransientException e) {
            Deadline.within(PUBLICATION_AT_MOST, () -> delivery.subject.retry().accept(e));
            throw e;
        }
        Deadline.within(PUBLICATION_AT_MOST, publication);
    }
}
