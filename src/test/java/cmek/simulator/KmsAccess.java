package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Who may do what. The deployment's own service account may do all that it is not denied; anybody else what the key's
 * own policy permits, as it was a while ago (a change takes its time to get around), or one that it inherits.
 */
final class KmsAccess {

    private static final String SERVICE = "cloudkms.googleapis.com";

    /** Whether something outside of Cloud KMS denies what a policy grants. */
    interface Denial {
        boolean denies(String project, String member, String permission);
    }

    private final KmsState state;
    private final Set<String> withoutApi = new HashSet<>();
    private final Set<String> withoutBilling = new HashSet<>();
    private final Set<String> denied = new HashSet<>();
    private Function<String, List<ObjectNode>> inherited = project -> List.of();
    private Predicate<String> disabled = project -> false;
    private Predicate<String> shutDown = project -> false;
    private Predicate<String> there = project -> true;
    private final Map<String, String> consumers = new HashMap<>();
    private Denial deniedBy = (project, member, permission) -> false;
    private Duration propagation = Duration.ZERO;
    private boolean perimeter;

    KmsAccess(KmsState state) {
        this.state = state;
    }

    void propagation(Duration delay) {
        propagation = delay;
    }

    void api(String project, boolean enabled) {
        change(withoutApi, project, !enabled);
    }

    void disabledWhere(Predicate<String> elsewhere) {
        disabled = elsewhere;
    }

    void shutDownWhere(Predicate<String> elsewhere) {
        shutDown = elsewhere;
    }

    void thereWhere(Predicate<String> elsewhere) {
        there = elsewhere;
    }

    /** Calls about a project are counted to another one, in which the API is not enabled. */
    void disabledInConsumer(String project, String consumer) {
        consumers.put(project, consumer);
    }

    void deniedBy(Denial denial) {
        deniedBy = denial;
    }

    void billing(String project, boolean enabled) {
        change(withoutBilling, project, !enabled);
    }

    void permission(String permission, boolean permitted) {
        change(denied, permission, !permitted);
    }

    void inheriting(Function<String, List<ObjectNode>> fromProject) {
        inherited = fromProject;
    }

    void perimeter(boolean on) {
        perimeter = on;
    }

    private static void change(Set<String> set, String element, boolean in) {
        if (in) {
            set.add(element);
        } else {
            set.remove(element);
        }
    }

    /** Lets a call pass or refuses it. */
    void check(KmsMethod method, KmsCall call) {
        String project = call.id("projects");
        Map<String, String> consumer = Map.of("consumer", "projects/" + project, "service", SERVICE);
        if (perimeter) {
            throw outsidePerimeter(consumer);
        }
        if (!there.test(project)) {
            throw consumerInvalid("Permission denied on resource project " + project + ".", consumer);
        }
        if (shutDown.test(project)) {
            throw consumerInvalid("Project '" + project + "' is shut down.", consumer);
        }
        if (consumers.containsKey(project)) {
            throw serviceDisabled(consumers.getOrDefault(project, project));
        }
        if (withoutApi.contains(project) || disabled.test(project)) {
            throw serviceDisabled(project);
        }
        if (withoutBilling.contains(project)) {
            throw new GoogleFailure(GoogleReply.error(
                    403,
                    "PERMISSION_DENIED",
                    "This API method requires billing to be enabled.",
                    GoogleReply.errorInfo("BILLING_DISABLED", "googleapis.com", consumer)));
        }
        if (!method.permission().isEmpty() && !holds(call, method.permission())) {
            throw GoogleFailure.permissionDenied(method.permission(), call.resource());
        }
    }

    /** Of the permissions asked for, those that the caller has. */
    ObjectNode testIamPermissions(KmsCall call) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode held = JsonNodeFactory.instance.arrayNode();
        for (JsonNode permission : call.body().path("permissions")) {
            if (permission.asText().contains("*")) {
                throw GoogleFailure.invalidArgument("Permissions with wildcards are not allowed.");
            }
            // Ring and key have permissions of their own, and others are no question to them.
            if (!KmsPermissions.isOf(call.resource(), permission.asText())) {
                throw GoogleFailure.invalidArgument(
                        "Permission " + permission.asText() + " is not valid for this resource.");
            }
            if (state.has(call.resource()) && holds(call, permission.asText())) {
                held.add(permission.asText());
            }
        }
        if (!held.isEmpty()) {
            answer.set("permissions", held);
        }
        return answer;
    }

    /** A key as the caller gets to see it. */
    ObjectNode view(KmsCall call, KmsKey key) {
        return call.principal().isPresent() ? key.toJsonAt(heardUntil()) : key.toJson();
    }

    private boolean holds(KmsCall call, String permission) {
        Optional<String> principal = call.principal();
        if (principal.isEmpty()) {
            return !denied.contains(permission);
        }
        if (deniedBy.denies(call.id("projects"), principal.get(), permission)) {
            return false;
        }
        boolean byKey = state.find(call.key())
                .filter(key -> IamPolicySimulator.permits(key.policyAt(heardUntil()), principal.get(), permission))
                .isPresent();
        return byKey
                || above(call).stream()
                        .anyMatch(policy -> IamPolicySimulator.permits(policy, principal.get(), permission));
    }

    /** What a key has from its ring, its project and everything above it. */
    private List<ObjectNode> above(KmsCall call) {
        List<ObjectNode> policies = new ArrayList<>(inherited.apply(call.id("projects")));
        int keys = call.resource().indexOf("/cryptoKeys");
        String ring = keys < 0 ? call.resource() : call.resource().substring(0, keys);
        if (state.has(ring)) {
            policies.add(state.keyRingPolicy(ring));
        }
        return policies;
    }

    private Instant heardUntil() {
        return state.now().minus(propagation);
    }

    private static GoogleFailure consumerInvalid(String message, Map<String, String> consumer) {
        return new GoogleFailure(GoogleReply.error(
                403,
                "PERMISSION_DENIED",
                message,
                GoogleReply.errorInfo("CONSUMER_INVALID", "googleapis.com", consumer)));
    }

    private static GoogleFailure serviceDisabled(String project) {
        return new GoogleFailure(GoogleReply.error(
                403,
                "PERMISSION_DENIED",
                "Cloud Key Management Service (KMS) API has not been used in project " + project
                        + " before or it is disabled.",
                GoogleReply.errorInfo(
                        "SERVICE_DISABLED",
                        "googleapis.com",
                        Map.of("consumer", "projects/" + project, "service", SERVICE))));
    }

    private static GoogleFailure outsidePerimeter(Map<String, String> consumer) {
        String id = "hEmZq3fDVk2zJbJH0hW1kKk2oYc9yVn0";
        Map<String, String> metadata = new java.util.TreeMap<>(consumer);
        metadata.put("uid", id);
        metadata.put("vpcServiceControlsUniqueIdentifier", id);
        return new GoogleFailure(GoogleReply.error(
                403,
                "PERMISSION_DENIED",
                "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: " + id,
                GoogleReply.preconditionFailure("VPC_SERVICE_CONTROLS", "", id),
                GoogleReply.errorInfo("SECURITY_POLICY_VIOLATED", "googleapis.com", metadata)));
    }
}
