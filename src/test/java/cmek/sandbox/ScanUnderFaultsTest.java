package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A large scan over HTTP while much goes wrong, calls that are never answered and functions that die included. */
@Tag("thorough")
@QuarkusTest
@TestProfile(UnderFaults.class)
class ScanUnderFaultsTest extends FromOutside {

    private static final int KEYS = 1_000;
    private static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/";

    /** Far more than it takes; only whoever waits in vain waits so long. */
    private static final Duration WITHIN = Duration.ofMinutes(5);

    @Test
    void aThousandKeysAreAThousandRightRowsAndTheSameScanAgainChangesNothing() {
        SimulatedApis apis = deployment.apis();
        SortedMap<String, String> right = estate(apis);
        AtomicInteger unanswered = new AtomicInteger();
        Fault silence = Faults.silent();
        for (Gate gate : List.of(apis.kmsGate(), apis.adminGate(), apis.storageGate())) {
            gate.put(Faults.every(20, Faults.anyCall(), Faults.html(429)));
            gate.put(Faults.every(50, Faults.anyCall(), Faults.html(503)));
            gate.put(Faults.every(100, Faults.anyCall(), (call, behind) -> {
                unanswered.incrementAndGet();
                return silence.answer(call, behind);
            }));
        }
        deployment.dieAfterEvery(100);

        deployment.publish(Topology.NIGHT, "");
        List<Results.Published> scan = deployment.follow(WITHIN, ScanUnderFaultsTest::endsTheScan);

        Results.Published ended = end(scan);
        JsonNode end = ended.json();
        assertThat(end.path("status").asText()).isEqualTo("SCAN_COMPLETED");
        assertThat(rows(end)).isEqualTo(right);
        assertThat(end.path("run").path("seen").asInt()).isEqualTo(KEYS);
        assertThat(apis.journal().writesTo("kms", "admin")).isEmpty();
        assertThat(unanswered.get()).isGreaterThan(KEYS / 20);
        assertThat(deployment.pushes()).filteredOn(push -> push.status() == -1).hasSizeGreaterThanOrEqualTo(KEYS / 100);

        SortedMap<String, String> kept = objects(apis);
        begin();
        deployment.startScanAgain();
        List<Results.Published> again = deployment.follow(WITHIN, everyKeyAndTheEnd());

        assertThat(objects(apis)).isEqualTo(kept);
        assertThat(facts(again)).isSubsetOf(facts(scan)).contains(Map.entry(ended.id(), end));
        assertThat(apis.journal().writesTo("kms", "admin")).isEmpty();
    }

    /** Most keys well; some not attached, some without their bindings, some without their label. */
    private static SortedMap<String, String> estate(SimulatedApis apis) {
        SortedMap<String, String> right = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            String key = RING + "key-" + i;
            String workspace = "wrkspc_01n" + i;
            apis.withReadyKey(key);
            String registration = apis.admin().register(key, "Key " + i);
            if (i % 97 == 0) {
                right.put(key, "UNUSED REGISTERED_NOT_ATTACHED");
                continue;
            }
            apis.admin().withWorkspace(workspace, "Workspace " + i).attach(workspace, registration);
            if (i % 41 == 0) {
                apis.kms().setPolicy(key, JsonNodeFactory.instance.objectNode());
                right.put(key, "UNHEALTHY BINDING_MISSING");
            } else if (i % 53 == 0) {
                apis.kms().setLabels(key, Map.of());
                right.put(key, "UNHEALTHY LABEL_MISSING");
            } else {
                right.put(key, "HEALTHY ");
            }
        }
        apis.journal().clear();
        return right;
    }

    private static boolean endsTheScan(Results.Published result) {
        return result.status().matches("SCAN_(COMPLETED|INCOMPLETE)");
    }

    /** Until each key was told of again, and the end. */
    private static Predicate<Results.Published> everyKeyAndTheEnd() {
        Set<String> open = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            open.add(RING + "key-" + i);
        }
        open.add("the end");
        return result -> {
            open.remove(
                    endsTheScan(result) ? "the end" : result.json().path("key").asText());
            return open.isEmpty();
        };
    }

    private static SortedMap<String, String> rows(JsonNode end) {
        SortedMap<String, String> rows = new TreeMap<>();
        JsonNode keys = end.path("run").path("keys");
        keys.forEach(row -> rows.put(
                row.path("key").asText(),
                row.path("status").asText() + " " + row.path("reason").asText("")));
        assertThat(keys).hasSize(rows.size());
        return rows;
    }

    private static SortedMap<String, String> objects(SimulatedApis apis) {
        SortedMap<String, String> objects = new TreeMap<>();
        apis.storage()
                .names(SimulatedApis.BUCKET)
                .forEach(name -> objects.put(
                        name, apis.storage().text(SimulatedApis.BUCKET, name).orElseThrow()));
        return objects;
    }

    private static Set<Map.Entry<String, JsonNode>> facts(List<Results.Published> published) {
        Set<Map.Entry<String, JsonNode>> facts = new HashSet<>();
        published.forEach(result -> facts.add(Map.entry(result.id(), result.json())));
        return facts;
    }

    private static Results.Published end(List<Results.Published> published) {
        return published.stream()
                .filter(ScanUnderFaultsTest::endsTheScan)
                .findFirst()
                .orElseThrow();
    }
}
