package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.Base64;
import java.util.Map;

/**
 * Calls a simulated Cloud KMS without a socket.
 *
 * @param principal who calls, as an IAM member; empty for the deployment's own account
 */
record KmsCaller(Simulator apis, String principal) {

    static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic";
    static final String KEY = RING + "/cryptoKeys/payments";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What came back. */
    record Answer(int status, JsonNode body) {

        String word() {
            return body.path("error").path("status").asText();
        }

        JsonNode detail() {
            return body.path("error").path("details").path(0);
        }
    }

    static KmsCaller own(Simulator apis) {
        return new KmsCaller(apis, "");
    }

    KmsCaller as(String member) {
        return new KmsCaller(apis, member);
    }

    /** Makes the ring and the key that most tests are about. */
    KmsCaller withKey() {
        post("projects/acme-kms-prod/locations/us-east5/keyRings?keyRingId=anthropic", "{}");
        post(RING + "/cryptoKeys?cryptoKeyId=payments", """
                {"purpose":"ENCRYPT_DECRYPT","versionTemplate":{"protectionLevel":"HSM"},"labels":{"team":"payments"}}""");
        return this;
    }

    Answer get(String target) {
        return call("GET", target, "");
    }

    Answer post(String target, String body) {
        return call("POST", target, body);
    }

    Answer patch(String target, String body) {
        return call("PATCH", target, body);
    }

    Answer call(String method, String target, String body) {
        Map<String, String> headers = principal.isEmpty() ? Map.of() : Map.of("X-Simulated-Principal", principal);
        Reply reply =
                apis.answer(Call.of(method, URI.create("http://kms/v1/" + target), headers, body.getBytes(UTF_8)));
        return new Answer(reply.status(), json(reply.text()));
    }

    Answer encrypt(String text) {
        return post(KEY + ":encrypt", "{\"plaintext\":\"" + base64(text) + "\"}");
    }

    Answer decrypt(String ciphertext) {
        return post(KEY + ":decrypt", "{\"ciphertext\":\"" + ciphertext + "\"}");
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
