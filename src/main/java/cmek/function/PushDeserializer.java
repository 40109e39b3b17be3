package cmek.function;

import cmek.model.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Turns what is posted to the HTTP service into a CloudEvent, so that the very same functions serve it: the standard
 * Pub/Sub push envelope, a structured CloudEvent, or a bare request from a person's hand.
 */
final class PushDeserializer extends StdDeserializer<CloudEvent> {

    private static final long serialVersionUID = 1;

    PushDeserializer() {
        super(CloudEvent.class);
    }

    @Override
    public CloudEvent deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode json = context.readTree(parser);
        boolean structured = json.path("specversion").isTextual();
        byte[] data = structured ? data(json, context) : Json.MAPPER.writeValueAsBytes(json);
        return event(data, Optional.of(json.path("id")).filter(id -> structured).map(JsonNode::textValue));
    }

    private static CloudEvent event(byte[] data, Optional<String> id) {
        return CloudEventBuilder.v1()
                // The same bytes posted again are another event, unless something else says what they are.
                .withId(id.orElseGet(ManualEvents::freshId))
                .withSource(URI.create("//pubsub.googleapis.com/push"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withData("application/json", data)
                .build();
    }

    /** The word {@code null} is a body like any other that is not a request; nothing but an event may reach an entry point. */
    @Override
    public CloudEvent getNullValue(DeserializationContext context) {
        return event("null".getBytes(StandardCharsets.UTF_8), Optional.empty());
    }

    private static byte[] data(JsonNode event, DeserializationContext context) throws IOException {
        JsonNode base64 = event.path("data_base64");
        if (!base64.isTextual()) {
            return Json.MAPPER.writeValueAsBytes(event.path("data"));
        }
        try {
            return Base64.getDecoder().decode(base64.asText());
        } catch (IllegalArgumentException e) {
            return context.reportInputMismatch(CloudEvent.class, "data_base64 is not base64");
        }
    }
}
