package cmek.function;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * Which delivery an event is. People send events by hand, with the template that Google hands out for it, or without any
 * id: sent again after something was fixed, that is another request, although its bytes are the same.
 *
 * @see <a href="https://cloud.google.com/run/docs/write-event-driven-functions#cloudevent-function">The template</a>
 */
final class ManualEvents {

    /** The time in the template; whoever uses it means now. */
    static final Instant TIME = Instant.parse("2020-08-08T00:11:44.895529672Z");

    private static final String ID = "1234567890";

    private ManualEvents() {}

    /** Whether an id is the template's, which says nothing. */
    static boolean isTemplate(String id) {
        return id.equals(ID);
    }

    static String freshId() {
        return UUID.randomUUID().toString();
    }

    /**
     * The same event with the id that names this delivery: of Pub/Sub, which passes it as a header where it does not wrap a
     * message; otherwise the event's own, unless it is the template's; otherwise a new one.
     *
     * @param headers of the request that brought it
     */
    static CloudEvent identified(CloudEvent event, IncomingHeaders headers) {
        Optional<String> id = headers.header("x-goog-pubsub-message-id")
                .or(() -> headers.header("ce-id"))
                .filter(given -> !given.isBlank())
                .or(() -> Optional.of(event.getId()));
        Optional<OffsetDateTime> time = headers.header("x-goog-pubsub-publish-time")
                .or(() -> headers.header("ce-time"))
                .flatMap(ManualEvents::time)
                .or(() -> Optional.ofNullable(event.getTime()));
        CloudEventBuilder identified = CloudEventBuilder.from(event)
                .withId(id.filter(given -> !isTemplate(given)).orElseGet(ManualEvents::freshId));
        time.ifPresent(identified::withTime);
        headers.bytesOfCutBody().ifPresent(bytes -> identified.withExtension(PubSubMessage.CUT_FROM, bytes));
        return identified.build();
    }

    private static Optional<OffsetDateTime> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
