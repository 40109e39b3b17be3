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
 * An Admin Activity entry of Cloud Audit Logs about a crypto key, as a log sink exports it. Fields that we do not know are
 * passed over; those that we rely on must be what they are said to be.
 *
 * @param id {@code insertId}, which names the entry among those of its log
 * @see <a href="https://cloud.google.com/kms/docs/audit-logging">Cloud KMS audit logging</a>
 */
public record AuditLogEntry(String id, CryptoKeyName key, KeyChange change) {

    private static final String SERVICE = "cloudkms.googleapis.com";

    /** What can make a key unusable, or usable by others. */
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
     * @return empty when it is one about something else
     * @throws IOException when it is no entry of an audit log
     */
    public static Optional<AuditLogEntry> read(byte[] data) throws IOException {
        JsonNode entry = tree(data);
        JsonNode payload = entry.path("protoPayload");
        if (!payload.isObject() || !payload.path("methodName").isTextual()) {
            throw new IOException("it has no protoPayload with a methodName");
        }
        Matcher method = METHOD.matcher(payload.path("methodName").asText());
        Matcher resource = KEY_OR_VERSION.matcher(payload.path("resourceName").asText(""));
        boolean ofKms = payload.path("serviceName").asText(SERVICE).equals(SERVICE);
        // A call that was refused changed nothing.
        boolean done = payload.path("status").path("code").asInt(0) == 0;
        if (!ofKms || !done || !method.matches() || !METHODS.contains(method.group(1)) || !resource.matches()) {
            return Optional.empty();
        }
        String principal =
                payload.path("authenticationInfo").path("principalEmail").asText("somebody");
        return Optional.of(new AuditLogEntry(
                entry.path("insertId").asText(payload.path("resourceName").asText()),
                key(resource.group(1)),
                new KeyChange(method.group(1), SafeText.sanitize(principal, 200), time(entry))));
    }

    private static JsonNode tree(byte[] data) throws IOException {
        try {
            JsonNode entry = JSON.readTree(data);
            if (entry == null || !entry.isObject()) {
                throw new IOException("it is no JSON object");
            }
            return entry;
        } catch (JsonProcessingException e) {
            // The text of the exception is the text of the message.
            throw new IOException("it is no JSON object");
        }
    }

    private static CryptoKeyName key(String name) throws IOException {
        try {
            return CryptoKeyName.parse(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("its resourceName is no crypto key's", e);
        }
    }

    private static Instant time(JsonNode entry) throws IOException {
        try {
            return Instant.parse(entry.path("timestamp").asText(""));
        } catch (DateTimeException e) {
            throw new IOException("its timestamp is none", e);
        }
    }
}
