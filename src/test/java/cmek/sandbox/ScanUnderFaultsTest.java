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

/** A large night over HTTP while much goes wrong, calls that are never answered and functions that die included. */
@Tag("thorough")
@QuarkusTest
@TestProfile(UnderFaults.class)
class ScanUnderFaultsTest extends FromOutside {

    private static final int KEYS = 1_000;
    private static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/";

    /** Far more than it takes; only whoever waits in vain waits so long. */
    private static final Duration WITHIN = Duration.ofMinutes(5);

    @Test
    void aThousandKeysAreAThousandRightRowsAndTheSameNightAgainChangesNothing() {
        SimulatedApis world = deployment.world();
        SortedMap<String, String> right = estate(world);
        AtomicInteger unanswered = new AtomicInteger();
        Fault silence = Faults.silent();
        for (Gate gate : List.of(world.kmsGate(), world.adminGate(), world.storageGate())) {
            gate.put(Faults.every(20, Faults.anyCall(), Faults.html(429)));
            gate.put(Faults.every(50, Faults.anyCall(), Faults.html(503)));
            gate.put(Faults.every(100, Faults.anyCall(), (call, behind) -> {
                unanswered.incrementAndGet();
                return silence.answer(call, behind);
            }));
        }
        deployment.dieAfterEvery(100);

        deployment.publish(Topology.NIGHT, "");
        List<Results.Published> night = deployment.follow(WITHIN, ScanUnderFaultsTest::endsTheNight);

        Results.Published ended = end(night);
        JsonNode end = ended.json();
        assertThat(end.path("status").asText()).isEqualTo("NIGHT_COMPLETED");
        assertThat(rows(end)).isEqualTo(right);
        assertThat(end.path("run").path("seen").asInt()).isEqualTo(KEYS);
        assertThat(world.journal().writesTo("kms", "admin")).isEmpty();
        assertThat(unanswered.get()).isGreaterThan(KEYS / 20);
        assertThat(deployment.pushes()).filteredOn(push -> push.status() == -1).hasSizeGreaterThanOrEqualTo(KEYS / 100);

        SortedMap<String, String> kept = objects(world);
        begin();
        deployment.startNightAgain();
        List<Results.Published> again = deployment.follow(WITHIN, everyKeyAndTheEnd());

        assertThat(objects(world)).isEqualTo(kept);
        assertThat(facts(again)).isSubsetOf(facts(night)).contains(Map.entry(ended.id(), end));
        assertThat(world.journal().writesTo("kms", "admin")).isEmpty();
    }

    /** Most keys well; some not attached, some without their bindings, some without their label. */
    private static SortedMap<String, String> estate(SimulatedApis world) {
        SortedMap<String, String> right = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            String key = RING + "key-" + i;
            String workspace = "wrkspc_01n" + i;
            world.withReadyKey(key);
            String registration = world.admin().register(key, "Key " + i);
            if (i % 97 == 0) {
                right.put(key, "ORPHANED REGISTERED_NOT_ATTACHED");
                continue;
            }
            world.admin().withWorkspace(workspace, "Workspace " + i).attach(workspace, registration);
            if (i % 41 == 0) {
                world.kms().setPolicy(key, JsonNodeFactory.instance.objectNode());
                right.put(key, "AILING BINDING_MISSING");
            } else if (i % 53 == 0) {
                world.kms().setLabels(key, Map.of());
                right.put(key, "AILING LABEL_MISSING");
            } else {
                right.put(key, "HEALTHY ");
            }
        }
        world.journal().clear();
        return right;
    }

    private static boolean endsTheNight(Results.Published result) {
        return result.status().matches("NIGHT_(COMPLETED|INCOMPLETE)");
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
                    endsTheNight(result) ? "the end" : result.json().path("key").asText());
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

    private static SortedMap<String, String> objects(SimulatedApis world) {
        SortedMap<String, String> objects = new TreeMap<>();
        world.storage()
                .names(SimulatedApis.BUCKET)
                .forEach(name -> objects.put(
                        name, world.storage().text(SimulatedApis.BUCKET, name).orElseThrow()));
        return objects;
    }

    private static Set<Map.Entry<String, JsonNode>> facts(List<Results.Published> published) {
        Set<Map.Entry<String, JsonNode>> facts = new HashSet<>();
        published.forEach(result -> facts.add(Map.entry(result.id(), result.json())));
        return facts;
    }

    private static Results.Published end(List<Results.Published> published) {
        return published.stream()
                .filter(ScanUnderFaultsTest::endsTheNight)
                .findFirst()
                .orElseThrow();
    }
}
