package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What Anthropic does to find out whether it can use a key: reads it, then wraps random bytes and unwraps them, as its
 * own principal and through the customer's Cloud KMS. So a missing binding, label or enabled version fails here for the
 * reason it would fail there.
 */
final class KeyRoundTrip {

    /** Anthropic's published principal. */
    static final String PRINCIPAL =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";

    /** A crypto key's full name; a key version's is none. */
    static final Pattern KEY_NAME = Pattern.compile(
            "projects/[^/\\s]+/locations/([^/\\s]+)/keyRings/[a-zA-Z0-9_-]{1,63}" + "/cryptoKeys/[a-zA-Z0-9_-]{1,63}");

    /** What the first half of every data key says. */
    private static final String DATA_KEY_MARK = "simulated-dek-01";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Simulator kms;
    private final String label;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, String> projectIds = new ConcurrentHashMap<>();

    KeyRoundTrip(Simulator kms, String organizationId) {
        this.kms = kms;
        this.label = "anthropic-org-" + organizationId;
    }

    /** Cloud KMS takes a project's number for its id. */
    void withProjectNumber(String number, String projectId) {
        projectIds.put(number, projectId);
    }

    /** As Cloud KMS resolves a name. */
    private String resolved(String keyName) {
        String name = keyName.endsWith("/") ? keyName.substring(0, keyName.length() - 1) : keyName;
        String[] parts = name.split("/", 3);
        return parts.length == 3 && projectIds.containsKey(parts[1])
                ? parts[0] + "/" + projectIds.get(parts[1]) + "/" + parts[2]
                : name;
    }

    /** Why Anthropic cannot use a key, in free text; empty when it can. */
    Optional<String> failure(JsonNode providerConfig) {
        try {
            validate(providerConfig);
            return Optional.empty();
        } catch (Unusable e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void validate(JsonNode providerConfig) throws Unusable {
        String keyName = resolved(providerConfig.path("key_name").asText());
        Matcher name = KEY_NAME.matcher(keyName);
        require(
                providerConfig.path("type").asText().equals("gcp") && name.matches(),
                "The key is not one of Google Cloud KMS.");
        require(name.group(1).startsWith("us-"), "The key does not lie in a single region of the United States.");
        String key = "/v1/" + keyName;
        requireSuitable(ask("GET", key, MissingNode.getInstance()));

        byte[] plaintext = new byte[32];
        random.nextBytes(plaintext);
        // So that one that leaked would be recognized.
        System.arraycopy(DATA_KEY_MARK.getBytes(UTF_8), 0, plaintext, 0, DATA_KEY_MARK.length());
        JsonNode wrapped = ask("POST", key + ":encrypt", sealed("plaintext", plaintext));
        require(
                wrapped.path("verifiedPlaintextCrc32c").asBoolean(false),
                "The bytes were changed on their way to the key.");
        byte[] ciphertext = opened("ciphertext", wrapped);
        require(!Arrays.equals(ciphertext, plaintext), "The key does not encrypt.");
        byte[] unwrapped = opened("plaintext", ask("POST", key + ":decrypt", sealed("ciphertext", ciphertext)));
        require(Arrays.equals(unwrapped, plaintext), "What was decrypted is not what was encrypted.");
    }

    private void requireSuitable(JsonNode key) throws Unusable {
        require(key.path("purpose").asText().equals("ENCRYPT_DECRYPT"), "The key's purpose is not ENCRYPT_DECRYPT.");
        require(
                key.path("versionTemplate").path("algorithm").asText().equals("GOOGLE_SYMMETRIC_ENCRYPTION"),
                "The key's algorithm is not GOOGLE_SYMMETRIC_ENCRYPTION.");
        require(
                key.path("labels").path(label).asText().equals("true"),
                "The key does not consent to its use by this organization.");
    }

    private JsonNode ask(String method, String path, JsonNode body) throws Unusable {
        Map<String, String> headers =
                Map.of("x-simulated-principal", PRINCIPAL, "content-type", "application/json; charset=UTF-8");
        byte[] bytes = body.isMissingNode() ? new byte[0] : body.toString().getBytes(UTF_8);
        Reply reply = kms.answer(new Call(method, path, Map.of(), headers, bytes));
        require(reply.status() == 200, "Cloud KMS did not let us use the key (" + reply.status() + ").");
        try {
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new Unusable("Cloud KMS answered with something that cannot be read.");
        }
    }

    private static JsonNode sealed(String field, byte[] bytes) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(field, Base64.getEncoder().encodeToString(bytes))
                .put(field + "Crc32c", crc32c(bytes));
    }

    private static byte[] opened(String field, JsonNode answer) throws Unusable {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(answer.path(field).asText());
        } catch (IllegalArgumentException e) {
            throw new Unusable("Cloud KMS answered with something that is not Base64.");
        }
        require(
                answer.path(field + "Crc32c").asText().equals(crc32c(bytes)),
                "The bytes were changed on their way from the key.");
        return bytes;
    }

    /** An int64, which Google's JSON writes as a string. */
    private static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Long.toString(crc.getValue());
    }

    private static void require(boolean holds, String otherwise) throws Unusable {
        if (!holds) {
            throw new Unusable(otherwise);
        }
    }

    private static final class Unusable extends Exception {

        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message, null, false, false);
        }
    }
}
