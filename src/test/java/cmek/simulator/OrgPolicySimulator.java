package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Org Policy API, v2, as far as the effective policies of projects. A constraint that nobody set answers with its
 * default, which is to allow everything and enforce nothing; one that does not exist is 404.
 */
public final class OrgPolicySimulator implements Simulator {

    private static final String WORLD = "orgpolicy";
    private static final String SERVICE = "orgpolicy.googleapis.com";
    private static final Pattern EFFECTIVE =
            Pattern.compile("/v2/(projects/([^/:]+)/policies/([^/:]+)):getEffectivePolicy");
    private static final Set<String> LISTS = Set.of(
            "iam.allowedPolicyMemberDomains",
            "cloudkms.allowedProtectionLevels",
            "cloudkms.minimumDestroyScheduledDuration",
            "gcp.resourceLocations");
    private static final Set<String> SWITCHES =
            Set.of("iam.managed.allowedPolicyMembers", "cloudkms.disableBeforeDestroy");

    private final Journal journal;
    private final Map<String, JsonNode> rulesByConstraint = new HashMap<>();
    private final Set<String> withoutApi = new HashSet<>();
    private boolean denied;

    public OrgPolicySimulator(Journal journal) {
        this.journal = journal;
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

    @Override
    public synchronized Reply answer(Call call) {
        Matcher name = EFFECTIVE.matcher(call.path());
        if (!call.method().equals("GET") || !name.matches()) {
            return noted(call.method() + " " + call.path(), GoogleReply.error(404, "NOT_FOUND", "Not found."));
        }
        return noted("GetEffectivePolicy " + name.group(1), effective(name.group(1), name.group(2), name.group(3)));
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
        if (denied) {
            return GoogleReply.error(
                    403,
                    "PERMISSION_DENIED",
                    "Permission 'orgpolicy.policy.get' denied on resource '" + policy + "' (or it may not exist).",
                    GoogleReply.errorInfo(
                            "IAM_PERMISSION_DENIED",
                            "iam.googleapis.com",
                            Map.of("permission", "orgpolicy.policy.get", "resource", policy)));
        }
        JsonNode rules = rulesByConstraint.get(constraint);
        if (rules == null) {
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
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", policy);
        body.putObject("spec").set("rules", rules);
        return Reply.json(200, body.toString());
    }

    private Reply noted(String operation, Reply reply) {
        journal.add(new Journal.Entry(WORLD, operation, false, reply.status()));
        return reply;
    }
}
