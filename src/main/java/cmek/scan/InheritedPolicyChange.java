package cmek.scan;

import cmek.check.PrincipalInspection;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * An Admin Activity entry of Cloud Audit Logs about the IAM policy of a key ring or a project, which its keys inherit.
 *
 * @param id {@code insertId}, unique within its log
 * @param project its id, or its number
 * @param location of the ring; empty for a project's own policy
 * @param keyRing empty for a project's own policy
 * @see <a href="https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog">AuditLog</a>
 */
public record InheritedPolicyChange(
        String id, String project, Optional<String> location, Optional<String> keyRing, KeyChange change) {

    private static final Pattern SETS_POLICY = Pattern.compile("(?:[A-Za-z0-9.]+\\.)?SetIamPolicy");
    private static final Pattern RING =
            Pattern.compile("(?://cloudkms\\.googleapis\\.com/)?projects/([^/]+)/locations/([^/]+)/keyRings/([^/]+)");
    private static final Pattern PROJECT =
            Pattern.compile("(?://cloudresourcemanager\\.googleapis\\.com/)?projects/([^/]+)");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads an entry.
     *
     * @return empty when it is about something else, or about roles that let nobody decrypt
     * @throws IOException when it is not an entry of an audit log
     */
    public static Optional<InheritedPolicyChange> read(byte[] data) throws IOException {
        JsonNode entry;
        try {
            entry = JSON.readTree(data);
        } catch (JsonProcessingException e) {
            // The exception's text would quote the message.
            throw new IOException("it is not a JSON object");
        }
        JsonNode payload = entry == null ? JSON.nullNode() : entry.path("protoPayload");
        String resource = payload.path("resourceName").asText("");
        Matcher ring = RING.matcher(resource);
        Matcher project = PROJECT.matcher(resource);
        // A call that was refused changed nothing.
        boolean succeeded = payload.path("status").path("code").asInt(0) == 0;
        boolean setsPolicy =
                SETS_POLICY.matcher(payload.path("methodName").asText("")).matches();
        if (!succeeded || !setsPolicy || (!ring.matches() && !project.matches()) || !mayLetDecrypt(payload)) {
            return Optional.empty();
        }
        KeyChange change = new KeyChange(
                "SetIamPolicy on " + SafeText.sanitize(resource, 200),
                SafeText.sanitize(principal(payload), 200),
                time(entry));
        String id = entry.path("insertId").asText(resource);
        return Optional.of(
                ring.matches()
                        ? new InheritedPolicyChange(
                                id, ring.group(1), Optional.of(ring.group(2)), Optional.of(ring.group(3)), change)
                        : new InheritedPolicyChange(id, project.group(1), Optional.empty(), Optional.empty(), change));
    }

    /** A project's policy changes often; where the entry says what was changed, most of it does not cause a check of keys. */
    private static boolean mayLetDecrypt(JsonNode payload) {
        JsonNode deltas = payload.path("serviceData").path("policyDelta").path("bindingDeltas");
        return deltas.isEmpty()
                || StreamSupport.stream(deltas.spliterator(), false)
                        .anyMatch(delta -> PrincipalInspection.mayMatter(
                                delta.path("member").asText(""),
                                delta.path("role").asText("")));
    }

    private static String principal(JsonNode payload) {
        JsonNode who = payload.path("authenticationInfo");
        return who.path("principalEmail").asText(who.path("principalSubject").asText("unknown"));
    }

    private static Instant time(JsonNode entry) throws IOException {
        try {
            return Instant.parse(entry.path("timestamp").asText(""));
        } catch (DateTimeException e) {
            throw new IOException("timestamp is missing or not RFC 3339", e);
        }
    }

    /** Whether a key inherits the policy. A project that is named by its number may be any. */
    boolean reaches(CryptoKeyName key) {
        boolean sameProject = project.matches("[0-9]+") || project.equals(key.project());
        return sameProject
                && location.map(key.location()::equals).orElse(true)
                && keyRing.map(key.keyRing()::equals).orElse(true);
    }
}
