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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An Admin Activity entry of Cloud Audit Logs about crypto keys, as a log sink exports it. Unknown
 * fields are ignored; those that are needed must be of the documented type.
 *
 * @param id {@code insertId}, unique within its log
 * @param resource a crypto key, or the key ring or project whose keys are all concerned
 * @param impersonated whether somebody else acted as the principal
 * @see <a href="https://cloud.google.com/kms/docs/audit-logging">Cloud KMS audit logging</a>
 */
public record AuditLogEntry(String id, String resource, KeyChange change, boolean impersonated) {

    private static final String KMS = "cloudkms.googleapis.com";
    private static final String KEY = "/cryptoKeys/";

    /**
     * What can make a key unusable or let others use it, as the log sink of {@code terraform/modules/key-project} exports it.
     *
     * @param methods by their short names
     * @param resource of what
     */
    record Heard(Set<String> methods, Pattern resource) {}

    /** By service. */
    static final Map<String, Heard> HEARD = Map.of(
            KMS,
            new Heard(
                    Set.of(
                            "CreateCryptoKeyVersion",
                            "DeleteCryptoKey",
                            "DeleteCryptoKeyVersion",
                            "DestroyCryptoKeyVersion",
                            "ImportCryptoKeyVersion",
                            "RestoreCryptoKeyVersion",
                            "SetIamPolicy",
                            "UpdateCryptoKey",
                            "UpdateCryptoKeyPrimaryVersion",
                            "UpdateCryptoKeyVersion"),
                    Pattern.compile(
                            "projects/[^/]+/locations/[^/]+/keyRings/[^/]+(/cryptoKeys/[^/]+(/cryptoKeyVersions/[0-9]+)?)?$")),
            "cloudresourcemanager.googleapis.com",
            new Heard(Set.of("DeleteProject", "SetIamPolicy"), Pattern.compile("projects/[^/]+$")),
            "serviceusage.googleapis.com",
            new Heard(
                    Set.of("DisableService"), Pattern.compile("projects/[^/]+/services/cloudkms[.]googleapis[.]com$")));

    /** A method's short name, alone or behind the name of Google's API. */
    static final String METHOD = "^(google[.]([a-z0-9]+[.])*[A-Za-z]+[.])?(%s)$";

    private static final Pattern ANY_METHOD = Pattern.compile(METHOD.formatted("[A-Za-z]+"));
    private static final Pattern SERVICE_NAME = Pattern.compile("^//[a-z]+[.]googleapis[.]com/");
    private static final Pattern BELOW_KEY_OR_PROJECT = Pattern.compile("(/cryptoKeyVersions/|/services/).*");
    private static final Pattern SPACES = Pattern.compile("\\s");
    private static final Pattern PROJECT_NUMBER = Pattern.compile("^projects/[0-9]+(?=/|$)");
    private static final Pattern LOG_OF_PROJECT = Pattern.compile("^projects/([^/]+)/logs/.*");

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
        Matcher method = ANY_METHOD.matcher(payload.path("methodName").asText());
        String name =
                SERVICE_NAME.matcher(payload.path("resourceName").asText("")).replaceFirst("");
        Heard heard = HEARD.get(payload.path("serviceName").asText(KMS));
        // A call that was refused changed nothing.
        boolean succeeded = payload.path("status").path("code").asInt(0) == 0;
        if (heard == null
                || !succeeded
                || !method.matches()
                || !heard.methods().contains(method.group(3))
                || !heard.resource().matcher(name).lookingAt()) {
            return Optional.empty();
        }
        return Optional.of(new AuditLogEntry(
                entry.path("insertId").asText(payload.path("resourceName").asText()),
                resource(name, entry),
                new KeyChange(method.group(3), principal(payload.path("authenticationInfo")), time(entry)),
                isImpersonated(payload.path("authenticationInfo"))));
    }

    /** Who did it: identities of a federation and of Kubernetes have a subject and no address. */
    private static String principal(JsonNode authentication) {
        return Stream.of("principalEmail", "principalSubject")
                .map(field -> authentication.path(field).asText(""))
                .map(name -> SPACES.matcher(SafeText.sanitize(name, 200)).replaceAll("_"))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("unknown");
    }

    private static boolean isImpersonated(JsonNode authentication) {
        return !authentication.path("serviceAccountDelegationInfo").isEmpty();
    }

    /** Whether the key may be another one after this. */
    boolean concerns(CryptoKeyName key) {
        return key.toString().equals(resource) || key.toString().startsWith(resource + "/");
    }

    boolean isOfOneKey() {
        return resource.contains(KEY);
    }

    private static String resource(String name, JsonNode entry) throws IOException {
        String resource = BELOW_KEY_OR_PROJECT.matcher(name).replaceFirst("");
        // Some entries have the project's number where the others have its id.
        Matcher number = PROJECT_NUMBER.matcher(resource);
        if (number.find()) {
            resource = "projects/" + project(entry) + resource.substring(number.end());
        }
        if (resource.contains(KEY)) {
            try {
                return CryptoKeyName.parse(resource).toString();
            } catch (IllegalArgumentException e) {
                throw new IOException("protoPayload.resourceName is not a valid crypto key name", e);
            }
        }
        return resource;
    }

    /** The id of the project that the entry was written in. */
    private static String project(JsonNode entry) throws IOException {
        String label = entry.path("resource").path("labels").path("project_id").asText("");
        Matcher log = LOG_OF_PROJECT.matcher(entry.path("logName").asText(""));
        if (!label.isEmpty()) {
            return label;
        }
        if (log.matches()) {
            return log.group(1);
        }
        throw new IOException("logName is missing, and protoPayload.resourceName has only the number of a project");
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

    private static Instant time(JsonNode entry) throws IOException {
        try {
            return Instant.parse(entry.path("timestamp").asText(""));
        } catch (DateTimeException e) {
            throw new IOException("timestamp is missing or not RFC 3339", e);
        }
    }
}
