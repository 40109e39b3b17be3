package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The deny policies of the IAM API, v2: a list has no rules, a policy has. What is attached to a folder or an organization
 * is attached to all projects here. Under a condition a rule is taken to apply.
 */
public final class DenyPolicySimulator implements Simulator {

    private static final String API = "iam";
    private static final Pattern PATH = Pattern.compile("/v2/policies/cloudresourcemanager\\.googleapis\\.com/"
            + "((projects|folders|organizations)/[^/]+)/denypolicies(?:/([a-z0-9.-]+))?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Journal journal;
    private final GoogleFrontEnd frontEnd;
    private final Map<String, Map<String, ObjectNode>> byResource = new TreeMap<>();
    private final Set<String> denied = new HashSet<>();
    private int writes;

    public DenyPolicySimulator(Journal journal) {
        this.journal = journal;
        this.frontEnd = new GoogleFrontEnd(ApiStructure.DENY_POLICIES, journal, API, this::served);
    }

    /**
     * Attaches a deny policy.
     *
     * @param resource {@code projects/…}, {@code folders/…} or {@code organizations/…}
     * @param denyRules its rules, as in the API
     */
    public synchronized DenyPolicySimulator attach(String resource, String id, String... denyRules) {
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        ArrayNode rules = policy.putArray("rules");
        for (String rule : denyRules) {
            try {
                rules.addObject().set("denyRule", JSON.readTree(rule));
            } catch (IOException e) {
                throw new IllegalArgumentException(rule, e);
            }
        }
        byResource.computeIfAbsent(resource, unused -> new TreeMap<>()).put(id, policy.put("etag", etag()));
        return this;
    }

    /** Takes a policy away. */
    public synchronized DenyPolicySimulator detach(String resource) {
        byResource.remove(resource);
        return this;
    }

    /** The caller may not read the deny policies of a resource. */
    public synchronized DenyPolicySimulator deny(String resource) {
        denied.add(resource);
        return this;
    }

    /** The caller may, as from the start. */
    public synchronized DenyPolicySimulator permit(String resource) {
        denied.remove(resource);
        return this;
    }

    /** Whether any policy keeps a principal from something, in a project or in what it lies in. */
    synchronized boolean denies(String project, String member, String permission) {
        String asked = permission.replaceFirst("^cloudkms\\.", "cloudkms.googleapis.com/");
        String principal = "principal://iam.googleapis.com/projects/-/serviceAccounts/"
                + member.substring(member.indexOf(':') + 1);
        return byResource.entrySet().stream()
                .filter(entry -> !entry.getKey().startsWith("projects/")
                        || entry.getKey().equals("projects/" + project))
                .flatMap(entry -> entry.getValue().values().stream())
                .flatMap(policy -> policy.findValues("denyRule").stream())
                .anyMatch(rule -> holds(rule.path("deniedPermissions"), asked)
                        && !holds(rule.path("exceptionPermissions"), asked)
                        && isAmong(rule.path("deniedPrincipals"), principal)
                        && !isAmong(rule.path("exceptionPrincipals"), principal));
    }

    private static boolean isAmong(JsonNode principals, String principal) {
        for (JsonNode one : principals) {
            if (Set.of(principal, "principalSet://goog/public:all").contains(one.asText())) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(JsonNode patterns, String permission) {
        for (JsonNode pattern : patterns) {
            if (permission.matches(pattern.asText().replace(".", "\\.").replace("*", "[^/]*"))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized Reply answer(Call call) {
        return frontEnd.answer(call);
    }

    private Reply served(Call call) {
        // gcloud encodes an attachment point twice, and is understood.
        Matcher path = PATH.matcher(call.path().replace("%2F", "/"));
        if (!path.matches()) {
            return noted(
                    call.method() + " " + call.path(),
                    false,
                    GoogleFailure.unimplemented(call.method() + " " + call.path())
                            .reply());
        }
        String resource = path.group(1);
        String id = path.group(3);
        if (call.method().equals("GET")) {
            return id == null
                    ? noted("ListPolicies " + resource, false, list(resource))
                    : noted("GetPolicy " + resource + "/" + id, false, get(resource, id));
        }
        if (call.method().equals("PUT") && id != null) {
            return noted("UpdatePolicy " + resource + "/" + id, true, put(resource, id, call));
        }
        return noted(
                call.method() + " " + call.path(),
                false,
                GoogleFailure.unimplemented(call.method() + " " + call.path()).reply());
    }

    private Reply list(String resource) {
        if (denied.contains(resource)) {
            return refused("iam.denypolicies.list", resource);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        policies(resource).forEach((id, policy) -> {
            ObjectNode shown = named(resource, id, policy);
            shown.remove(List.of("rules", "etag"));
            body.withArrayProperty("policies").add(shown);
        });
        return GoogleReply.ok(body);
    }

    private Reply get(String resource, String id) {
        if (denied.contains(resource)) {
            return refused("iam.denypolicies.get", resource);
        }
        ObjectNode policy = policies(resource).get(id);
        return policy == null ? notFound() : GoogleReply.ok(named(resource, id, policy));
    }

    /** Answers with an operation, which is done. */
    private Reply put(String resource, String id, Call call) {
        ObjectNode policy = policies(resource).get(id);
        if (policy == null) {
            return notFound();
        }
        JsonNode wanted;
        try {
            wanted = JSON.readTree(new String(call.body(), UTF_8));
        } catch (IOException e) {
            return GoogleReply.error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
        }
        if (wanted.hasNonNull("etag")
                && !wanted.path("etag").asText().equals(policy.path("etag").asText())) {
            return GoogleReply.error(409, "ABORTED", "The policy was changed in between.");
        }
        if (!(wanted.path("rules") instanceof ArrayNode rules)) {
            return GoogleReply.error(400, "INVALID_ARGUMENT", "The rules are missing.");
        }
        policy.set("rules", rules.deepCopy());
        policy.put("etag", etag());
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.put("name", name(resource, id) + "/operations/1").put("done", true);
        operation.set("response", named(resource, id, policy).put("@type", "type.googleapis.com/google.iam.v2.Policy"));
        return GoogleReply.ok(operation);
    }

    private Map<String, ObjectNode> policies(String resource) {
        return byResource.getOrDefault(resource, Map.of());
    }

    private static String name(String resource, String id) {
        return "policies/cloudresourcemanager.googleapis.com%2F" + resource.replace("/", "%2F") + "/denypolicies/" + id;
    }

    private static ObjectNode named(String resource, String id, ObjectNode policy) {
        return policy.deepCopy()
                .put("name", name(resource, id))
                .put("kind", "DenyPolicy")
                .put("displayName", id);
    }

    private String etag() {
        writes++;
        return "MTc" + writes + "=";
    }

    private static Reply notFound() {
        return GoogleReply.error(404, "NOT_FOUND", "Requested entity was not found.");
    }

    private static Reply refused(String permission, String resource) {
        return GoogleFailure.permissionDenied(permission, "//cloudresourcemanager.googleapis.com/" + resource)
                .reply();
    }

    private Reply noted(String operation, boolean write, Reply reply) {
        journal.add(new Journal.Entry(API, operation, write, reply.status()));
        return reply;
    }
}
