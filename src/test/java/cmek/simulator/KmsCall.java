package cmek.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A call to Cloud KMS, taken apart.
 *
 * @param method HTTP's
 * @param resource what the path names, without version and verb
 * @param verb what stands after the colon; empty when nothing does
 */
record KmsCall(String method, String resource, String verb, Call http) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static KmsCall of(Call http) {
        String path = http.path().startsWith("/v1/") ? http.path().substring("/v1/".length()) : http.path();
        int colon = path.indexOf(':', path.lastIndexOf('/') + 1);
        return new KmsCall(
                http.method(),
                colon < 0 ? path : path.substring(0, colon),
                colon < 0 ? "" : path.substring(colon + 1),
                http);
    }

    /** Who calls; empty for the deployment's own service account. */
    Optional<String> principal() {
        return http.header("x-simulated-principal");
    }

    /** The id that stands behind a collection's name in the path, or nothing. */
    String id(String collection) {
        String[] segments = resource.split("/", -1);
        for (int i = 0; i + 1 < segments.length; i += 2) {
            if (segments[i].equals(collection)) {
                return segments[i + 1];
            }
        }
        return "";
    }

    /** The part of the path that names the key. */
    String key() {
        int versions = resource.indexOf("/cryptoKeyVersions");
        return versions < 0 ? resource : resource.substring(0, versions);
    }

    String parameter(String name) {
        return http.parameter(name).orElse("");
    }

    boolean wantsNumbers() {
        return parameter("$alt").contains("enum-encoding=int");
    }

    /** The body; an empty one is an empty object. */
    ObjectNode body() {
        if (http.body().length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode body = JSON.readTree(http.body());
            if (body instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Said below, as for anything else that is no object.
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        throw GoogleFailure.invalidArgument("Invalid JSON payload received.");
    }
}
