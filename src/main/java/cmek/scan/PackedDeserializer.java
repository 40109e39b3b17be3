package cmek.scan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads an array and packs each of its values as it comes. */
final class PackedDeserializer extends JsonDeserializer<Packed<?>> implements ContextualDeserializer {

    private final @Nullable JsonDeserializer<?> values;

    PackedDeserializer() {
        this(null);
    }

    private PackedDeserializer(@Nullable JsonDeserializer<?> values) {
        this.values = values;
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        JavaType values = context.getContextualType().getContentType();
        return new PackedDeserializer(context.findContextualValueDeserializer(values, property));
    }

    @Override
    public Packed<?> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (values == null || !parser.isExpectedStartArrayToken()) {
            return (Packed<?>) context.handleUnexpectedToken(Packed.class, parser);
        }
        Packed.Builder<Object> packed = new Packed.Builder<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return (Packed<?>) context.handleUnexpectedToken(Packed.class, parser);
            }
            packed.add(values.deserialize(parser, context));
        }
        return packed.build();
    }
}
