package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.simulator.Emulator;
import cmek.simulator.PubSubRest;
import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Two hundred requests at once over Google's own Pub/Sub emulator, and the functions' process killed again and again
 * while they are outstanding; see {@code deployment/kill.sh}. Every tenth request is for the key and the workspace of the
 * one before it, so that two of them race.
 */
public final class KillRun {

    private static final int HELD = 0;
    private static final int BROKEN = 1;

    private static final int REQUESTS = 200;
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(5);

    /** After so many results; the first while not one request has ended. */
    private static final List<Integer> KILLS_AFTER = List.of(1, 150, 400, 700, 1000);

    private final InstantSource clock = InstantSource.system();
    private final PrintStream out;
    private final Path root;

    /** What was published at an end of each request, by the id of its message. */
    private final Map<String, Set<String>> ends = new TreeMap<>();

    private KillRun(Path root, PrintStream out) {
        this.root = root;
        this.out = out;
    }

    /**
     * The command.
     *
     * @param arguments the project's folder
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Optional<Emulator> installed = Emulator.start();
        if (installed.isEmpty()) {
            System.out.println("kill: SKIPPED, " + Emulator.NOT_INSTALLED);
            return;
        }
        int status;
        try (Emulator emulator = installed.get();
                SimulatedApis apis = SimulatedApis.start(InstantSource.system()).withProject("acme-kms-prod")) {
            status = new KillRun(Path.of(arguments[0]), System.out).run(apis, emulator.url());
        }
        System.exit(status);
    }

    private int run(SimulatedApis apis, URI pubsubUrl) throws IOException {
        PubSubRest pubsub = new PubSubRest(pubsubUrl);
        Path log = Files.createDirectories(root.resolve("target")).resolve("kill.log");
        Files.deleteIfExists(log);
        Map<String, String> settings = new LinkedHashMap<>(apis.settings());
        settings.put("cmek.google.pubsub-url", pubsubUrl.toString());
        settings.put("cmek.timing.propagation-window", "PT15S");
        // What is killed here is dead at once, and a message has a few attempts only.
        settings.put("cmek.timing.abandoned-after", "PT5S");
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.http.host", "127.0.0.1");
        try (Host host = Host.service(Host.onClassPath("-runner"), Host.environment(settings), log);
                Gateway gateway = new Gateway(host)) {
            Topology.onTheEmulator(pubsub, SimulatedApis.PROJECT).create(gateway::urlOf);
            host.url();
            Instant begun = clock.instant();
            Map<String, Integer> requests = publish(apis, pubsub);
            Deque<Integer> kills = new ArrayDeque<>(KILLS_AFTER);
            Set<String> results = new HashSet<>();
            boolean ended = new Results(pubsub, SimulatedApis.PROJECT, clock)
                    .follow(requests.keySet(), ENDS_WITHIN, result -> {
                        results.add(result.id());
                        note(requests.keySet(), result);
                        if (!kills.isEmpty() && results.size() >= kills.peek()) {
                            kills.remove();
                            out.println("kill -9 after " + results.size() + " results, "
                                    + (requests.size() - ends.size()) + " of " + requests.size()
                                    + " requests outstanding");
                            host.crash();
                        }
                    });
            out.println((ended ? "every request ended" : "NOT every request ended") + " within "
                    + Duration.between(begun, clock.instant()).toSeconds() + " s: " + counted());
            List<String> broken = broken(apis, requests);
            if (!kills.isEmpty()) {
                broken.add("only " + (KILLS_AFTER.size() - kills.size()) + " kills happened");
            }
            broken.forEach(line -> out.println("BROKEN: " + line));
            out.println(broken.isEmpty() ? "every promise held" : "see " + log);
            return broken.isEmpty() ? HELD : BROKEN;
        }
    }

    /** The requests by the ids of their messages, and the number of the key that each asks for. */
    private Map<String, Integer> publish(SimulatedApis apis, PubSubRest pubsub) {
        Map<String, Integer> requests = new LinkedHashMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            int number = i % 10 == 9 ? i - 1 : i;
            apis.admin().withWorkspace(workspace(number), "Killed " + number);
            String request = """
                {"requestId":"kill-%d","key":"%s","workspaceId":"%s","acknowledgePermanent":true}
                """.formatted(i, key(number), workspace(number));
            requests.put(
                    pubsub.publish(SimulatedApis.PROJECT, Topology.requests(), request.getBytes(UTF_8), Map.of()),
                    number);
        }
        return requests;
    }

    private void note(Set<String> requests, Results.Published result) {
        requests.stream()
                .filter(result::ends)
                .forEach(id -> ends.computeIfAbsent(id, none -> new TreeSet<>())
                        .add(result.status() + " (" + result.id() + ")"));
    }

    private List<String> broken(SimulatedApis apis, Map<String, Integer> requests) {
        List<String> broken = new ArrayList<>();
        requests.forEach((id, number) -> {
            Set<String> of = ends.getOrDefault(id, Set.of());
            if (of.size() != 1 || !of.iterator().next().startsWith("ATTACHED ")) {
                broken.add("message " + id + " for key " + number + " ended in " + of);
            }
        });
        Map<String, Long> registrations = apis.admin().externalKeys().stream()
                .map(registered ->
                        registered.path("provider_config").path("key_name").asText())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        new TreeSet<>(requests.values()).forEach(number -> {
            if (registrations.getOrDefault(key(number), 0L) != 1) {
                broken.add(key(number) + " has " + registrations.getOrDefault(key(number), 0L) + " registrations");
            }
            if (apis.admin().attachedKey(workspace(number)).isEmpty()) {
                broken.add(workspace(number) + " has no key");
            }
        });
        apis.journal().writesTo("admin").stream()
                .map(write -> write.operation())
                .filter(write -> write.contains("/workspaces/"))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()))
                .forEach((write, times) -> {
                    if (times > 1) {
                        broken.add(write + " was done " + times + " times");
                    }
                });
        return broken;
    }

    private Map<String, Long> counted() {
        return ends.values().stream()
                .flatMap(Set::stream)
                .map(end -> end.substring(0, end.indexOf(' ')))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private static String key(int number) {
        return "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/kill-" + number;
    }

    private static String workspace(int number) {
        return "wrkspc_01kill" + number;
    }
}
