package cmek.function;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.UUID;

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
        // The same bytes posted again are the same event.
        String madeUp = UUID.nameUUIDFromBytes(data).toString();
        return CloudEventBuilder.v1()
                .withId(structured ? json.path("id").asText(madeUp) : madeUp)
                .withSource(URI.create("//pubsub.googleapis.com/push"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withData("application/json", data)
                .build();
    }

    private static byte[] data(JsonNode event, DeserializationContext context) throws IOException {
        JsonNode base64 = event.path("data_base64");
        if (!base64.isTextual()) {
            return Json.MAPPER.writeValueAsBytes(event.path("data"));
        }
        try {
            return Base64.getDecoder().decode(base64.asText());
        } catch (IllegalArgumentException e) {
            return context.reportInputMismatch(CloudEvent.class, "data_base64 is no base64");
        }
    }
}
