package cmek.sandbox;

import cmek.simulator.PubSubRest;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scans of the sandbox, one after another: each is started as the scheduler would and followed to its end. */
final class SandboxScan {

    private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);
    private static final Set<String> ENDS = Set.of("SCAN_COMPLETED", "SCAN_INCOMPLETE");

    private final PubSubRest pubsub;
    private final InstantSource clock;
    private final PrintStream out;
    private final Narrator narrator;
    private final Set<String> over = new HashSet<>();

    SandboxScan(PubSubRest pubsub, InstantSource clock, PrintStream out, Narrator narrator) {
        this.pubsub = pubsub;
        this.clock = clock;
        this.out = out;
        this.narrator = narrator;
    }

    /**
     * Has every key checked.
     *
     * @return what the scan came to; empty when it came to nothing
     */
    Optional<JsonNode> run() {
        pubsub.publish(SimulatedApis.PROJECT, Topology.NIGHT, new byte[0], Map.of("trigger", "schedule"));
        JsonNode[] end = new JsonNode[1];
        boolean[] refused = {false};
        boolean ended = new Results(pubsub, SimulatedApis.PROJECT, clock)
                .follow(
                        ENDS_WITHIN,
                        result -> {
                            out.println(result.json());
                            out.flush();
                            // The looks come in any order; their rows are told at the end, in the report's.
                            if (ENDS.contains(result.status())) {
                                if (over.add(result.id())) {
                                    narrator.tellScan(result);
                                    end[0] = result.json();
                                }
                            } else if (result.status().equals("SCAN_STARTED") || result.isBadEnd()) {
                                narrator.tell(result);
                                refused[0] |= result.isBadEnd();
                            }
                        },
                        () -> end[0] != null || refused[0]);
        if (!ended) {
            narrator.say("sandbox: the scan did not end within " + ENDS_WITHIN.toMinutes() + " minutes");
        }
        return Optional.ofNullable(end[0]);
    }

    /** Whether every key was checked, however it is. */
    static boolean isComplete(JsonNode end) {
        return end.path("status").asText().equals("SCAN_COMPLETED");
    }
}
