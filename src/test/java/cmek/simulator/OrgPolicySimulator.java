package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Org Policy API, v2, as far as the policies of projects, their own and the effective ones. A constraint that nobody set answers with its
 * default, which is to allow everything and enforce nothing; one that does not exist is 404.
 */
public final class OrgPolicySimulator implements Simulator {

    private static final String API = "orgpolicy";
    private static final String SERVICE = "orgpolicy.googleapis.com";
    private static final Pattern EFFECTIVE =
            Pattern.compile("/v2/(projects/([^/:]+)/policies/([^/:]+)):getEffectivePolicy");
    private static final Pattern POLICY = Pattern.compile("/v2/(projects/([^/:]+)/policies/([^/:]+))");
    private static final Pattern CONSTRAINTS = Pattern.compile("/v2/(projects/[^/:]+)/constraints");
    private static final Pattern POLICIES = Pattern.compile("/v2/projects/([^/:]+)/policies");
    private static final String DOMAINS = "iam.allowedPolicyMemberDomains";
    private static final String MEMBERS = "iam.managed.allowedPolicyMembers";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LISTS = Set.of(
            "iam.allowedPolicyMemberDomains",
            "cloudkms.allowedProtectionLevels",
            "cloudkms.minimumDestroyScheduledDuration",
            "gcp.resourceLocations");
    private static final Set<String> SWITCHES =
            Set.of("iam.managed.allowedPolicyMembers", "cloudkms.disableBeforeDestroy");

    private final Journal journal;
    private final GoogleFrontEnd frontEnd;
    private final Map<String, JsonNode> rulesByConstraint = new HashMap<>();
    private final Map<String, JsonNode> ownByPolicy = new HashMap<>();
    private final Set<String> withoutApi = new HashSet<>();
    private Predicate<String> there = project -> true;
    private boolean denied;
    private int changes;

    public OrgPolicySimulator(Journal journal) {
        this.journal = journal;
        this.frontEnd = new GoogleFrontEnd(ApiStructure.ORG_POLICY, journal, API, this::served);
    }

    /**
     * Sets the effective policy of a constraint in every project.
     *
     * @param rules what stands in {@code spec.rules}, an array
     */
    public synchronized OrgPolicySimulator rules(String constraint, JsonNode rules) {
        rulesByConstraint.put(constraint, rules.deepCopy());
        return this;
    }

    /** A list constraint that allows these values alone. */
    public synchronized OrgPolicySimulator allow(String constraint, String... values) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        var allowed = rule.putObject("values").putArray("allowedValues");
        for (String value : values) {
            allowed.add(value);
        }
        return rules(constraint, JsonNodeFactory.instance.arrayNode().add(rule));
    }

    /** A list constraint of a project's own, in place of what it inherits. */
    public synchronized OrgPolicySimulator own(String project, String constraint, String... values) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        var allowed = rule.putObject("values").putArray("allowedValues");
        for (String value : values) {
            allowed.add(value);
        }
        ownByPolicy.put(
                "projects/" + project + "/policies/" + constraint,
                JsonNodeFactory.instance.arrayNode().add(rule));
        changes++;
        return this;
    }

    /** What a list constraint allows in a project, by its effective policy. */
    public synchronized List<String> allowed(String project, String constraint) {
        List<String> allowed = new ArrayList<>();
        rules("projects/" + project + "/policies/" + constraint, constraint)
                .forEach(rule ->
                        rule.path("values").path("allowedValues").forEach(value -> allowed.add(value.asText())));
        return allowed;
    }

    /** A constraint that is enforced as it is. */
    public synchronized OrgPolicySimulator enforce(String constraint) {
        return rules(
                constraint,
                JsonNodeFactory.instance
                        .arrayNode()
                        .add(JsonNodeFactory.instance.objectNode().put("enforce", true)));
    }

    /** The constraint goes back to its default. */
    public synchronized OrgPolicySimulator unset(String constraint) {
        rulesByConstraint.remove(constraint);
        return this;
    }

    /** Asks another API which projects there are. */
    synchronized OrgPolicySimulator thereWhere(Predicate<String> elsewhere) {
        there = elsewhere;
        return this;
    }

    /** The caller may not read policies. */
    public synchronized OrgPolicySimulator deny() {
        denied = true;
        return this;
    }

    /** The API is not enabled in a project. */
    public synchronized OrgPolicySimulator disableApi(String project) {
        withoutApi.add(project);
        return this;
    }

    /**
     * The constraint, as an error names it, that keeps a member of another organization out of a project's policies.
     *
     * @param member as in a binding
     */
    synchronized Optional<String> keepingOut(String project, String member) {
        String front = "projects/" + project + "/policies/";
        for (JsonNode rule : rules(front + MEMBERS, MEMBERS)) {
            boolean listed = false;
            for (JsonNode subject : rule.path("parameters").path("allowedMemberSubjects")) {
                listed |= subject.asText().equals(member);
            }
            if (rule.path("enforce").asBoolean() && !listed) {
                return Optional.of("constraints/" + MEMBERS);
            }
        }
        for (JsonNode rule : rules(front + DOMAINS, DOMAINS)) {
            if (!rule.path("allowAll").asBoolean() && rule.has("values")) {
                return Optional.of("constraints/" + DOMAINS);
            }
        }
        return Optional.empty();
    }

    /** Whether a project is bound by anything, its own exceptions taken into account. */
    public synchronized boolean isRestricted(String project, String constraint) {
        JsonNode rules = rules("projects/" + project + "/policies/" + constraint, constraint);
        return !rules.isEmpty() && !rules.path(0).path("allowAll").asBoolean();
    }

    @Override
    public synchronized Reply answer(Call call) {
        return frontEnd.answer(call);
    }

    private Reply served(Call call) {
        Matcher effective = EFFECTIVE.matcher(call.path());
        if (call.method().equals("GET") && effective.matches()) {
            return noted(
                    "GetEffectivePolicy " + effective.group(1),
                    effective(effective.group(1), effective.group(2), effective.group(3)));
        }
        Matcher constraints = CONSTRAINTS.matcher(call.path());
        if (call.method().equals("GET") && constraints.matches()) {
            return noted("ListConstraints " + constraints.group(1), constraints(constraints.group(1)));
        }
        Matcher policies = POLICIES.matcher(call.path());
        if (call.method().equals("POST") && policies.matches()) {
            String name = bodyOf(call).path("name").asText();
            return written("CreatePolicy " + name, name, call, !ownByPolicy.containsKey(name));
        }
        Matcher policy = POLICY.matcher(call.path());
        if (policy.matches()) {
            String name = policy.group(1);
            switch (call.method()) {
                case "GET" -> {
                    return noted("GetPolicy " + name, own(name));
                }
                case "PATCH" -> {
                    return written("UpdatePolicy " + name, name, call, ownByPolicy.containsKey(name));
                }
                case "DELETE" -> {
                    Reply reply = own(name);
                    ownByPolicy.remove(name);
                    return noted("DeletePolicy " + name, true, reply.status() == 200 ? Reply.json(200, "{}") : reply);
                }
                default -> {
                    // Not a method of this API, as below.
                }
            }
        }
        return noted(
                call.method() + " " + call.path(),
                GoogleFailure.unimplemented(call.method() + " " + call.path()).reply());
    }

    private static Reply constraints(String parent) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        new TreeSet<>(LISTS).forEach(name -> constraint(body, parent, name).putObject("listConstraint"));
        new TreeSet<>(SWITCHES).forEach(name -> constraint(body, parent, name).putObject("booleanConstraint"));
        return Reply.json(200, body.toString());
    }

    private static ObjectNode constraint(ObjectNode body, String parent, String name) {
        return body.withArrayProperty("constraints").addObject().put("name", parent + "/constraints/" + name);
    }

    /** What a project says itself; what it inherits is not here. */
    private Reply own(String policy) {
        JsonNode rules = ownByPolicy.get(policy);
        return rules == null
                ? GoogleReply.error(404, "NOT_FOUND", "Requested entity was not found.")
                : shown(policy, rules, etag(policy));
    }

    private Reply written(String operation, String policy, Call call, boolean fits) {
        JsonNode spec = bodyOf(call).path("spec");
        JsonNode rules = spec.path("inheritFromParent").asBoolean() ? spec : spec.path("rules");
        String etag = bodyOf(call).path("etag").asText("");
        if (!etag.isEmpty() && !etag.equals(etag(policy))) {
            return noted(operation, true, GoogleReply.error(409, "ABORTED", "The policy was changed in between."));
        }
        if (!rules.isArray() && !rules.isObject()) {
            return noted(operation, true, GoogleReply.error(400, "INVALID_ARGUMENT", "The rules are missing."));
        }
        if (!fits) {
            return noted(operation, true, GoogleReply.error(409, "ALREADY_EXISTS", "It is there, or it is not."));
        }
        ownByPolicy.put(policy, rules);
        changes++;
        return noted(operation, true, own(policy));
    }

    private String etag(String policy) {
        return ownByPolicy.containsKey(policy) ? "CI" + changes + "=" : "";
    }

    private JsonNode rules(String policy, String constraint) {
        JsonNode own = ownByPolicy.get(policy);
        JsonNode inherited = rulesByConstraint.get(constraint);
        return own != null && own.isArray()
                ? own
                : inherited != null ? inherited : JsonNodeFactory.instance.arrayNode();
    }

    private Reply effective(String policy, String project, String constraint) {
        if (withoutApi.contains(project)) {
            return GoogleReply.error(
                    403,
                    "PERMISSION_DENIED",
                    "Organization Policy API has not been used in project " + project + " before or it is disabled.",
                    GoogleReply.errorInfo(
                            "SERVICE_DISABLED",
                            "googleapis.com",
                            Map.of("service", SERVICE, "consumer", "projects/" + project)));
        }
        if (denied || !there.test(project)) {
            return GoogleReply.error(
                    403,
                    "PERMISSION_DENIED",
                    "Permission 'orgpolicy.policy.get' denied on resource '" + policy + "' (or it may not exist).",
                    GoogleReply.errorInfo(
                            "IAM_PERMISSION_DENIED",
                            "iam.googleapis.com",
                            Map.of("permission", "orgpolicy.policy.get", "resource", policy)));
        }
        JsonNode rules = rules(policy, constraint);
        if (rules.isEmpty()) {
            ObjectNode rule = JsonNodeFactory.instance.objectNode();
            if (LISTS.contains(constraint)) {
                rule.put("allowAll", true);
            } else if (SWITCHES.contains(constraint)) {
                rule.put("enforce", false);
            } else {
                return GoogleReply.error(404, "NOT_FOUND", "Requested entity was not found.");
            }
            rules = JsonNodeFactory.instance.arrayNode().add(rule);
        }
        return shown(policy, rules, "");
    }

    private static Reply shown(String policy, JsonNode rules, String etag) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", policy);
        ObjectNode spec = body.putObject("spec");
        if (rules.isArray()) {
            spec.set("rules", rules);
        } else {
            spec.put("inheritFromParent", true);
        }
        if (!etag.isEmpty()) {
            body.put("etag", etag);
            spec.put("etag", etag).put("updateTime", "2026-01-01T00:00:00Z");
        }
        return Reply.json(200, body.toString());
    }

    private static JsonNode bodyOf(Call call) {
        try {
            return JSON.readTree(call.body());
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private Reply noted(String operation, Reply reply) {
        return noted(operation, false, reply);
    }

    private Reply noted(String operation, boolean write, Reply reply) {
        journal.add(new Journal.Entry(API, operation, write, reply.status()));
        return reply;
    }
}
