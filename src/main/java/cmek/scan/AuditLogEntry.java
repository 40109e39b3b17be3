package cmek.scan;

import cmek.model.CryptoKeyName;
import cmek.model.SafeText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Admin Activity entry of Cloud Audit Logs about a crypto key, as a log sink exports it. Unknown
 * fields are ignored; those that are needed must be of the documented type.
 *
 * @param id {@code insertId}, unique within its log
 * @see <a href="https://cloud.google.com/kms/docs/audit-logging">Cloud KMS audit logging</a>
 */
public record AuditLogEntry(String id, CryptoKeyName key, KeyChange change) {

    private static final String SERVICE = "cloudkms.googleapis.com";

    /** What can make a key unusable, or let others use it. */
    private static final Set<String> METHODS = Set.of(
            "CreateCryptoKeyVersion",
            "DestroyCryptoKeyVersion",
            "ImportCryptoKeyVersion",
            "RestoreCryptoKeyVersion",
            "SetIamPolicy",
            "UpdateCryptoKey",
            "UpdateCryptoKeyPrimaryVersion",
            "UpdateCryptoKeyVersion",
            "DeleteCryptoKey",
            "DeleteCryptoKeyVersion");

    private static final Pattern METHOD = Pattern.compile(
            "(?:google\\.cloud\\.kms\\.v1\\.KeyManagementService\\.|google\\.iam\\.v1\\.IAMPolicy\\.)?([A-Za-z]+)");

    private static final Pattern KEY_OR_VERSION = Pattern.compile(
            "(?://cloudkms\\.googleapis\\.com/)?(projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+)"
                    + "(?:/cryptoKeyVersions/[0-9]+)?");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads an entry.
     *
     * @return empty when it is about something else
     * @throws IOException when it is not an entry of an audit log
     */
    public static Optional<AuditLogEntry> read(byte[] data) throws IOException {
        JsonNode entry = tree(data);
        JsonNode payload = entry.path("protoPayload");
        if (!payload.isObject() || !payload.path("methodName").isTextual()) {
            throw new IOException("protoPayload.methodName is missing");
        }
        Matcher method = METHOD.matcher(payload.path("methodName").asText());
        Matcher resource = KEY_OR_VERSION.matcher(payload.path("resourceName").asText(""));
        boolean ofKms = payload.path("serviceName").asText(SERVICE).equals(SERVICE);
        // A call that was refused changed nothing.
        boolean succeeded = payload.path("status").path("code").asInt(0) == 0;
        if (!ofKms || !succeeded || !method.matches() || !METHODS.contains(method.group(1)) || !resource.matches()) {
            return Optional.empty();
        }
        String principal =
                payload.path("authenticationInfo").path("principalEmail").asText("unknown");
        return Optional.of(new AuditLogEntry(
                entry.path("insertId").asText(payload.path("resourceName").asText()),
                key(resource.group(1)),
                new KeyChange(method.group(1), SafeText.sanitize(principal, 200), time(entry))));
    }

    private static JsonNode tree(byte[] data) throws IOException {
        try {
            JsonNode entry = JSON.readTree(data);
            if (entry == null || !entry.isObject()) {
                throw new IOException("it is not a JSON object");
            }
            return entry;
        } catch (JsonProcessingException e) {
            // The exception's text would quote the message.
            throw new IOException("it is not a JSON object");
        }
    }

    private static CryptoKeyName key(String name) throws IOException {
        try {
            return CryptoKeyName.parse(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("protoPayload.resourceName is not a valid crypto key name", e);
        }
    }

    private static Instant time(JsonNode entry) throws IOException {
        try {
            return Instant.parse(entry.path("timestamp").asText(""));
        } catch (DateTimeException e) {
            throw new IOException("timestamp is missing or not RFC 3339", e);
        }
    }
}
