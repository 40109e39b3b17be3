package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IAM policies on a resource: how one is read, written and decided upon. Keeps none itself.
 *
 * @see <a href="https://cloud.google.com/iam/docs/policies">Policies, their versions and etags</a>
 */
final class IamPolicySimulator {

    private static final String DOMAINS = "constraints/iam.allowedPolicyMemberDomains";
    private static final String STRIPPED = "_withcond_";
    private static final Pattern CUSTOM_ROLE =
            Pattern.compile("(projects/[^/]+|organizations/[0-9]+)/roles/[A-Za-z0-9_.]{3,64}");
    private static final int MEMBERS_AT_MOST = 1500;
    private static final int GROUPS_AT_MOST = 250;

    /** The predefined roles that can be granted on a key or a key ring; others are for what lies above. */
    private static final Set<String> ROLES = Set.of(
            "roles/cloudkms.admin",
            "roles/cloudkms.cryptoKeyDecrypter",
            "roles/cloudkms.cryptoKeyDecrypterViaDelegation",
            "roles/cloudkms.cryptoKeyEncrypter",
            "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            "roles/cloudkms.cryptoKeyEncrypterDecrypterViaDelegation",
            "roles/cloudkms.cryptoKeyEncrypterViaDelegation",
            "roles/cloudkms.cryptoOperator",
            "roles/cloudkms.expertRawAesCbc",
            "roles/cloudkms.expertRawAesCtr",
            "roles/cloudkms.expertRawPKCS1",
            "roles/cloudkms.importer",
            "roles/cloudkms.publicKeyViewer",
            "roles/cloudkms.signer",
            "roles/cloudkms.signerVerifier",
            "roles/cloudkms.verifier",
            "roles/cloudkms.viewer",
            "roles/editor",
            "roles/iam.securityAdmin",
            "roles/iam.securityReviewer",
            "roles/owner",
            "roles/viewer");

    private static final Pattern MEMBER = Pattern.compile("allUsers|allAuthenticatedUsers"
            + "|(user|serviceAccount|group):[^@\\s]+@[^@\\s]+|domain:\\S+"
            + "|serviceAccount:[a-z0-9.:-]+\\.(svc|hub)\\.id\\.goog\\[[^/\\s]+/[^/\\s]+]"
            + "|project(Owner|Editor|Viewer):\\S+|deleted:\\S+|principal(Set)?://\\S+");

    /** What the roles that matter on a key permit; the real ones permit a little more. */
    private static final Map<String, Set<String>> PERMISSIONS = Map.of(
            "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            Set.of("cloudkms.cryptoKeyVersions.useToEncrypt", "cloudkms.cryptoKeyVersions.useToDecrypt"),
            "roles/cloudkms.cryptoKeyEncrypter",
            Set.of("cloudkms.cryptoKeyVersions.useToEncrypt"),
            "roles/cloudkms.cryptoKeyDecrypter",
            Set.of("cloudkms.cryptoKeyVersions.useToDecrypt"),
            "roles/cloudkms.viewer",
            Set.of(
                    "cloudkms.cryptoKeys.get",
                    "cloudkms.cryptoKeys.list",
                    "cloudkms.cryptoKeyVersions.get",
                    "cloudkms.cryptoKeyVersions.list"));

    private @Nullable String constraint;
    private boolean strips;
    private BiFunction<String, String, Optional<String>> restrictedBy = (project, member) -> Optional.empty();
    private Predicate<String> customRole = role -> true;
    private long writes;

    /** Asks another API which custom roles there are. */
    void withCustomRoles(Predicate<String> there) {
        customRole = there;
    }

    /** From now on a constraint keeps new members out that do not belong to {@code acme}. */
    void restrict(String byConstraint) {
        constraint = byConstraint;
    }

    void restrictedBy(BiFunction<String, String, Optional<String>> elsewhere) {
        restrictedBy = elsewhere;
    }

    /** From now on new members who do not belong to {@code acme} are dropped, and nobody is told. */
    void stripOutsiders() {
        strips = true;
    }

    void unrestrict() {
        constraint = null;
        strips = false;
    }

    /** The policy of a resource whose policy was never written. */
    static ObjectNode untouched() {
        return JsonNodeFactory.instance.objectNode().put("etag", "ACAB").put("version", 1);
    }

    /**
     * A policy as it is answered. Who does not ask for version 3 does not get to see conditions, but mangled roles that
     * can only be written back by destroying them.
     */
    static ObjectNode read(ObjectNode stored, String requestedVersion) {
        int requested = switch (requestedVersion) {
            case "", "0", "1" -> 1;
            case "3" -> 3;
            default ->
                throw GoogleFailure.invalidArgument(
                        "Requested policy version " + requestedVersion + " is not supported.");
        };
        ObjectNode policy = stored.deepCopy();
        if (requested == 3) {
            return policy;
        }
        for (JsonNode binding : policy.path("bindings")) {
            JsonNode condition = ((ObjectNode) binding).remove("condition");
            if (condition != null) {
                ((ObjectNode) binding)
                        .put("role", binding.path("role").asText() + STRIPPED + hash(condition.toString()));
            }
        }
        return policy.put("version", 1);
    }

    /**
     * The policy that a request makes of a stored one.
     *
     * @param request with {@code policy} and perhaps {@code updateMask}
     * @param project where the resource lives
     */
    ObjectNode written(ObjectNode stored, ObjectNode request, String project) {
        JsonNode policy = request.path("policy");
        if (!policy.isObject()) {
            throw GoogleFailure.invalidArgument("The policy is missing.");
        }
        String mask = request.path("updateMask").asText("bindings,etag");
        for (String path : mask.split(",", -1)) {
            if (!Set.of("bindings", "etag", "version", "auditConfigs", "audit_configs")
                    .contains(path.strip())) {
                throw GoogleFailure.invalidArgument("The update mask names an unknown field: " + path);
            }
        }
        String etag = policy.path("etag").asText("");
        if (!etag.isEmpty() && !etag.equals(stored.path("etag").asText())) {
            throw GoogleFailure.aborted("There were concurrent policy changes. Please retry the whole"
                    + " read-modify-write with exponential backoff.");
        }
        int version = policy.path("version").asInt(0);
        requireVersion(version, policy, !etag.isEmpty() && isConditional(stored));
        ObjectNode next = stored.deepCopy();
        if (mask.contains("bindings")) {
            put(next, "bindings", normalised(policy.path("bindings"), members(stored)));
        }
        if (mask.contains("audit")) {
            put(next, "auditConfigs", policy.path("auditConfigs").deepCopy());
        }
        requirePermittedMembers(stored, next, project);
        requireNotTooMany(next);
        // Whatever version was asked for: without a condition it is the first.
        return next.put("version", isConditional(next) ? 3 : 1).put("etag", nextEtag());
    }

    /** Another policy by somebody whom nothing stops: what it says, under a new etag. */
    ObjectNode replaced(JsonNode policy) {
        ObjectNode next = untouched().put("version", isConditional(policy) ? 3 : 1);
        if (policy instanceof ObjectNode given) {
            next.setAll(given.deepCopy());
        }
        return next.put("etag", nextEtag());
    }

    /** Whether a policy permits something to a principal. A condition is never taken as fulfilled. */
    static boolean permits(ObjectNode policy, String principal, String permission) {
        for (JsonNode binding : policy.path("bindings")) {
            if (!binding.has("condition") && rolePermits(binding.path("role").asText(), permission)) {
                for (JsonNode member : binding.path("members")) {
                    if (Set.of(principal, "allUsers", "allAuthenticatedUsers").contains(member.asText())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean rolePermits(String role, String permission) {
        if (role.equals("roles/cloudkms.admin")) {
            return permission.startsWith("cloudkms.") && !permission.contains(".useTo");
        }
        return PERMISSIONS.getOrDefault(role, Set.of()).contains(permission);
    }

    private static void requireVersion(int version, JsonNode policy, boolean storedIsConditional) {
        if (version != 0 && version != 1 && version != 3) {
            throw GoogleFailure.invalidArgument("Policy version " + version + " is not supported.");
        }
        if (version != 3 && (isConditional(policy) || storedIsConditional)) {
            throw GoogleFailure.invalidArgument("A policy with conditional role bindings must be of version 3.");
        }
    }

    private static boolean isConditional(JsonNode policy) {
        return policy.path("bindings").findValue("condition") != null;
    }

    /** One binding for each role and condition, without empty ones, in the order given. */
    private ArrayNode normalised(JsonNode bindings, List<String> before) {
        Map<JsonNode, Set<String>> members = new LinkedHashMap<>();
        for (JsonNode binding : bindings) {
            String role = binding.path("role").asText();
            boolean known = CUSTOM_ROLE.matcher(role).matches() ? customRole.test(role) : ROLES.contains(role);
            if (!known || role.contains(STRIPPED)) {
                throw GoogleFailure.invalidArgument("Role " + role + " is not supported for this resource.");
            }
            ObjectNode head = JsonNodeFactory.instance.objectNode().put("role", role);
            if (binding.has("condition")) {
                if (binding.path("condition").path("expression").asText("").isEmpty()) {
                    throw GoogleFailure.invalidArgument("The expression of a condition is missing.");
                }
                head.set("condition", binding.path("condition"));
            }
            Set<String> together = members.computeIfAbsent(head, unused -> new LinkedHashSet<>());
            for (JsonNode member : binding.path("members")) {
                if (!MEMBER.matcher(member.asText()).matches()) {
                    throw GoogleFailure.invalidArgument("The member " + member.asText() + " is of an unknown type.");
                }
                if (!strips || before.contains(member.asText()) || isOfAcme(member.asText())) {
                    together.add(member.asText());
                }
            }
        }
        ArrayNode normalised = JsonNodeFactory.instance.arrayNode();
        members.forEach((head, together) -> {
            if (!together.isEmpty()) {
                ObjectNode binding = head.deepCopy();
                together.forEach(binding.putArray("members")::add);
                normalised.add(binding);
            }
        });
        return normalised;
    }

    /**
     * Each appearance of a principal counts.
     *
     * @see <a href="https://cloud.google.com/iam/quotas">Limits of a policy</a>
     */
    private static void requireNotTooMany(ObjectNode policy) {
        int all = 0;
        int groups = 0;
        for (JsonNode binding : policy.path("bindings")) {
            all += binding.path("members").size();
            for (JsonNode member : binding.path("members")) {
                groups += member.asText().startsWith("group:") ? 1 : 0;
            }
        }
        if (all > MEMBERS_AT_MOST) {
            throw GoogleFailure.invalidArgument(String.format(
                    Locale.ROOT,
                    "The number of members in the policy (%,d) is larger than the maximum allowed size %,d.",
                    all,
                    MEMBERS_AT_MOST));
        }
        if (groups > GROUPS_AT_MOST) {
            throw GoogleFailure.invalidArgument(String.format(
                    Locale.ROOT,
                    "The number of groups in the policy (%,d) is larger than the maximum allowed size %,d.",
                    groups,
                    GROUPS_AT_MOST));
        }
    }

    private void requirePermittedMembers(ObjectNode stored, ObjectNode next, String project) {
        Set<String> known = new HashSet<>(members(stored));
        for (String member : members(next)) {
            if (!known.contains(member) && !isOfAcme(member)) {
                Optional<String> name = Optional.ofNullable(constraint).or(() -> restrictedBy.apply(project, member));
                if (name.isPresent()) {
                    throw refused(name.get(), member, project);
                }
            }
        }
    }

    private static GoogleFailure refused(String constraint, String member, String project) {
        if (constraint.isEmpty()) {
            return GoogleFailure.failedPrecondition(
                    "One or more users named in the policy do not belong to a permitted customer.");
        }
        if (constraint.equals(DOMAINS)) {
            String principal = member.substring(member.indexOf(':') + 1);
            return GoogleFailure.failedPrecondition(
                    "One or more users named in the policy do not belong to a permitted customer.",
                    GoogleReply.preconditionFailure(
                            constraint,
                            "orgpolicy:projects/" + project + "?configvalue=" + principal,
                            "User " + principal + " is not in permitted organization."));
        }
        return GoogleFailure.failedPrecondition(
                "Operation denied by org policy on resource 'projects/" + project + "': [\"" + constraint + "\"].",
                GoogleReply.errorInfo(
                        "CUSTOM_ORG_POLICY_VIOLATION",
                        "googleapis.com",
                        Map.of("customConstraints", constraint, "resource", "projects/" + project)));
    }

    private static boolean isOfAcme(String member) {
        String domain = member.substring(Math.max(member.lastIndexOf('@'), member.indexOf(':')) + 1);
        return domain.startsWith("acme.") || domain.startsWith("acme-");
    }

    private static List<String> members(ObjectNode policy) {
        Set<String> members = new LinkedHashSet<>();
        policy.path("bindings")
                .forEach(binding -> binding.path("members").forEach(member -> members.add(member.asText())));
        return List.copyOf(members);
    }

    private static void put(ObjectNode policy, String field, JsonNode value) {
        if (value.isEmpty()) {
            policy.remove(field);
        } else {
            policy.set(field, value);
        }
    }

    private String nextEtag() {
        writes++;
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Long.BYTES)
                        .putLong(0x0706_0000_0000_0000L + writes)
                        .array());
    }

    private static String hash(String condition) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(condition.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
