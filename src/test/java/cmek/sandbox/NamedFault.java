package cmek.sandbox;

import cmek.model.AnthropicPrincipal;
import cmek.onboarding.Step;
import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Simulated APIs broken on purpose, by the name a person gives on the command line.
 *
 * @param description what happens, as a sentence
 * @param breaking does it, before the first request is published
 */
record NamedFault(String name, String description, Breaking breaking) {

    private static final String CRASH = "crash-after-";
    private static final String CRASHED = "the process dies after that step's work, before its message is acknowledged";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Predicate<Call> REGISTRATION = Faults.calls("POST", "/v1/organizations/external_keys");
    private static final Map<String, NamedFault> KNOWN = new LinkedHashMap<>();

    /** Breaks something; tells later how often that happened, or nothing where it is a state and not an event. */
    interface Breaking {

        Supplier<OptionalInt> in(SimulatedApis apis, Gateway gateway);
    }

    static {
        onRegistration(
                "no-label",
                "somebody takes the organization's label off the key before it is validated",
                (apis, key) -> apis.kms().setLabels(key, withoutLabel(apis, key)));
        onRegistration(
                "no-binding",
                "somebody takes Anthropic's bindings off the key before it is validated",
                (apis, key) -> apis.kms().setPolicy(key, withoutAnthropic(apis, key)));
        onRegistration(
                "version-disabled",
                "somebody disables the key's primary version before it is validated",
                (apis, key) -> apis.kms().setVersionState(key, 1, "DISABLED"));
        state(
                "domain-restricted",
                "an organization policy keeps Anthropic's principal out",
                apis -> apis.kms().restrictDomains("constraints/iam.allowedPolicyMemberDomains"));
        state("api-disabled", "the Cloud KMS API is not enabled in project acme-kms-prod", apis -> {
            apis.serviceUsage().disable("acme-kms-prod", "cloudkms.googleapis.com");
            apis.kms().disableApi("acme-kms-prod");
        });
        state(
                "no-permission",
                "the service may not write IAM policies on keys",
                apis -> apis.kms().deny("cloudkms.cryptoKeys.setIamPolicy"));
        state(
                "perimeter",
                "a VPC Service Controls perimeter stands before Cloud KMS",
                apis -> apis.kms().perimeter(true));
        calls(
                "kms-500",
                "Cloud KMS answers 500 to its first 6 calls",
                SimulatedApis::kmsGate,
                felt -> Faults.next(6, Faults.anyCall(), felt.around(Faults.html(500))));
        calls(
                "anthropic-429",
                "Anthropic answers 429 to its first 4 calls and asks for a second",
                SimulatedApis::adminGate,
                felt -> Faults.next(4, Faults.anyCall(), felt.around(anthropic(429, "rate_limit_error", "1"))));
        calls(
                "anthropic-500",
                "Anthropic answers 500 to its first 8 calls",
                SimulatedApis::adminGate,
                felt -> Faults.next(8, Faults.anyCall(), felt.around(Faults.html(500))));
        calls(
                "anthropic-down",
                "Anthropic answers 529 to every call",
                SimulatedApis::adminGate,
                felt -> felt.around(anthropic(529, "overloaded_error", "0")));
        calls(
                "wrong-credential",
                "Anthropic does not accept the credential",
                SimulatedApis::adminGate,
                felt -> felt.around(anthropic(401, "authentication_error", "0")));
        calls(
                "lost-create",
                "Anthropic registers the key and its answer is lost",
                SimulatedApis::adminGate,
                felt -> Faults.next(1, REGISTRATION, felt.around(Faults.lostAnswer())));
        state(
                "slow-propagation",
                "IAM and label changes take 4 seconds to reach Anthropic",
                apis -> apis.kms().propagation(Duration.ofSeconds(4)));
    }

    /** How many calls a fault has hit. */
    private static final class Felt implements Supplier<OptionalInt> {

        private final AtomicInteger times = new AtomicInteger();

        Fault around(Fault fault) {
            return (call, behind) -> {
                times.incrementAndGet();
                return fault.answer(call, behind);
            };
        }

        @Override
        public OptionalInt get() {
            return OptionalInt.of(times.get());
        }
    }

    static NamedFault parse(String name) throws Options.UsageException {
        NamedFault known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        if (name.startsWith(CRASH)) {
            String step = name.substring(CRASH.length());
            if (Step.ofFunction(step).isPresent()) {
                return new NamedFault(name, CRASHED, (apis, gateway) -> {
                    gateway.crashAfter(step);
                    return () -> OptionalInt.of(gateway.stillCrashesAfter(step) ? 0 : 1);
                });
            }
        }
        throw new Options.UsageException("unknown fault " + name);
    }

    /** Breaks the APIs; returns what to say about it once all has ended well. */
    Supplier<String> breakIn(SimulatedApis apis, Gateway gateway) {
        Supplier<OptionalInt> times = breaking.in(apis, gateway);
        return () -> {
            OptionalInt felt = times.get();
            if (felt.isPresent() && felt.getAsInt() == 0) {
                return "did not happen: " + name + ": " + description;
            }
            String count = felt.isEmpty() ? "" : felt.getAsInt() == 1 ? " (once)" : " (" + felt.getAsInt() + " times)";
            return "survived: " + name + ": " + description + count;
        };
    }

    /** Every fault's name with what it does, in the order of the help. */
    static Map<String, String> descriptions() {
        Map<String, String> descriptions = new LinkedHashMap<>();
        KNOWN.forEach((name, fault) -> descriptions.put(name, fault.description()));
        descriptions.put(CRASH + "STEP", CRASHED);
        return descriptions;
    }

    private static void add(String name, String description, Breaking breaking) {
        KNOWN.put(name, new NamedFault(name, description, breaking));
    }

    private static void state(String name, String description, Consumer<SimulatedApis> act) {
        add(name, description, (apis, gateway) -> {
            act.accept(apis);
            return OptionalInt::empty;
        });
    }

    private static void calls(
            String name, String description, Function<SimulatedApis, Gate> gate, Function<Felt, Fault> fault) {
        add(name, description, (apis, gateway) -> {
            Felt felt = new Felt();
            gate.apply(apis).put(fault.apply(felt));
            return felt;
        });
    }

    /** Does something to the key, once, in the moment in which it is registered: it has been granted by then. */
    private static void onRegistration(String name, String description, BiConsumer<SimulatedApis, String> act) {
        add(name, description, (apis, gateway) -> {
            Felt felt = new Felt();
            apis.adminGate().put(Faults.next(1, REGISTRATION, felt.around((call, behind) -> {
                act.accept(
                        apis,
                        json(call.text())
                                .path("provider_config")
                                .path("key_name")
                                .asText());
                return behind.answer(call);
            })));
            return felt;
        });
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
