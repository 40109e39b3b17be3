package cmek.sandbox;

import cmek.model.AnthropicPrincipal;
import cmek.onboarding.Step;
import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A APIs broken on purpose, by the name a person gives on the command line.
 *
 * @param breaking does it, before the first request is published
 */
record NamedFault(String name, BiConsumer<SimulatedApis, Gateway> breaking) {

    private static final String CRASH = "crash-after-";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Predicate<Call> REGISTRATION = Faults.calls("POST", "/v1/organizations/external_keys");
    private static final Map<String, NamedFault> KNOWN = new LinkedHashMap<>();
    private static final Map<String, String> DESCRIPTIONS = new LinkedHashMap<>();

    static {
        add(
                "no-label",
                "somebody takes the organization's label off the key before it is validated",
                (apis, gateway) -> atRegistration(apis, key -> apis.kms().setLabels(key, withoutLabel(apis, key))));
        add(
                "no-binding",
                "somebody takes Anthropic's bindings off the key before it is validated",
                (apis, gateway) -> atRegistration(apis, key -> apis.kms().setPolicy(key, withoutAnthropic(apis, key))));
        add(
                "version-disabled",
                "somebody disables the key's primary version before it is validated",
                (apis, gateway) -> atRegistration(apis, key -> apis.kms().setVersionState(key, 1, "DISABLED")));
        add(
                "domain-restricted",
                "an organization policy keeps Anthropic's principal out",
                (apis, gateway) -> apis.kms().restrictDomains("constraints/iam.allowedPolicyMemberDomains"));
        add("api-disabled", "the Cloud KMS API is not enabled in project acme-kms-prod", (apis, gateway) -> {
            apis.serviceUsage().disable("acme-kms-prod", "cloudkms.googleapis.com");
            apis.kms().disableApi("acme-kms-prod");
        });
        add(
                "no-permission",
                "the service may not write IAM policies on keys",
                (apis, gateway) -> apis.kms().deny("cloudkms.cryptoKeys.setIamPolicy"));
        add(
                "perimeter",
                "a VPC Service Controls perimeter stands before Cloud KMS",
                (apis, gateway) -> apis.kms().perimeter(true));
        add(
                "kms-500",
                "Cloud KMS answers 500 to its first 6 calls",
                (apis, gateway) -> apis.kmsGate().put(Faults.next(6, Faults.anyCall(), Faults.html(500))));
        add(
                "anthropic-429",
                "Anthropic answers 429 to its first 4 calls and asks for a second",
                (apis, gateway) -> apis.adminGate()
                        .put(Faults.next(4, Faults.anyCall(), anthropic(429, "rate_limit_error", "1"))));
        add(
                "anthropic-500",
                "Anthropic answers 500 to its first 8 calls",
                (apis, gateway) -> apis.adminGate().put(Faults.next(8, Faults.anyCall(), Faults.html(500))));
        add(
                "anthropic-down",
                "Anthropic answers 529 to every call",
                (apis, gateway) -> apis.adminGate().put(anthropic(529, "overloaded_error", "0")));
        add(
                "wrong-credential",
                "Anthropic does not accept the credential",
                (apis, gateway) -> apis.adminGate().put(anthropic(401, "authentication_error", "0")));
        add(
                "lost-create",
                "Anthropic registers the key and its answer is lost",
                (apis, gateway) -> apis.adminGate().put(Faults.next(1, REGISTRATION, Faults.lostAnswer())));
        add(
                "slow-propagation",
                "IAM and label changes take 4 seconds to reach Anthropic",
                (apis, gateway) -> apis.kms().propagation(Duration.ofSeconds(4)));
        DESCRIPTIONS.put(CRASH + "STEP", "the process dies after that step's work, before its message is acknowledged");
    }

    static NamedFault parse(String name) throws Options.UsageException {
        NamedFault known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        if (name.startsWith(CRASH)) {
            String step = name.substring(CRASH.length());
            if (Step.ofFunction(step).isPresent()) {
                return new NamedFault(name, (apis, gateway) -> gateway.crashAfter(step));
            }
        }
        throw new Options.UsageException("unknown fault " + name);
    }

    /** Every fault's name with what it does, in the order of the help. */
    static Map<String, String> descriptions() {
        return Collections.unmodifiableMap(DESCRIPTIONS);
    }

    private static void add(String name, String description, BiConsumer<SimulatedApis, Gateway> breaking) {
        KNOWN.put(name, new NamedFault(name, breaking));
        DESCRIPTIONS.put(name, description);
    }

    /** Does something to the key, once, in the moment in which it is registered: it has been granted by then. */
    private static void atRegistration(SimulatedApis apis, Consumer<String> act) {
        apis.adminGate().put(Faults.next(1, REGISTRATION, (call, behind) -> {
            act.accept(
                    json(call.text()).path("provider_config").path("key_name").asText());
            return behind.answer(call);
        }));
    }

    private static Fault anthropic(int status, String type, String retryAfter) {
        return Faults.status(
                status,
                Map.of("request-id", "req_sandbox", "retry-after", retryAfter),
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"as the sandbox was told\"},"
                        + "\"request_id\":\"req_sandbox\"}");
    }

    private static Map<String, String> withoutLabel(SimulatedApis apis, String key) {
        Map<String, String> labels = new LinkedHashMap<>(apis.kms().labels(key));
        labels.keySet().removeIf(name -> name.startsWith("anthropic-org-"));
        return labels;
    }

    private static JsonNode withoutAnthropic(SimulatedApis apis, String key) {
        ObjectNode policy = apis.kms().policy(key).deepCopy();
        policy.withArray("bindings").forEach(binding -> {
            ArrayNode members = ((ObjectNode) binding).withArray("members");
            for (int i = members.size() - 1; i >= 0; i--) {
                if (members.get(i).asText().equals(AnthropicPrincipal.MEMBER)) {
                    members.remove(i);
                }
            }
        });
        return policy;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
