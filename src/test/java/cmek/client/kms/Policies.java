package cmek.client.kms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Lets tests outside this package make policies and look into them. */
public final class Policies {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Policies() {}

    public static KeyPolicy parse(String json) {
        try {
            return new KeyPolicy((ObjectNode) JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static ObjectNode wire(KeyPolicy policy) {
        return policy.toWire();
    }
}
