package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.PubSubRest;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests, approvals and replays for some time, while processes are killed, messages are shuffled, doubled and dropped, and
 * lists lag and repeat themselves; see {@code deployment/chaos.sh}. Then all comes to rest, and the state of the simulated
 * APIs and everything that was published must be as promised.
 */
public final class ChaosRun {

    private static final int HELD = 0;
    private static final int BROKEN = 1;

    private static final String ALLOWED = "wrkspc_01chaos";
    private static final String NOT_ALLOWED = "wrkspc_02chaos";
    private static final String KEYS = "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/";
    private static final int KEYS_OF_OTHERS = 5;

    /** How long the lists of registrations lag; much shorter than the lock below. */
    private static final Duration LAG = Duration.ofSeconds(1);

    private static final Duration LOCK = Duration.ofSeconds(8);
    private static final Duration REST_WITHIN = Duration.ofMinutes(3);
    private static final Duration KILL_EVERY = Duration.ofMillis(2200);
    private static final Duration ASK_EVERY = Duration.ofMillis(1100);

    private final InstantSource clock = InstantSource.system();
    private final Random dice;
    private final PrintStream out;
    private final Path root;
    private final Duration length;
    private final SimulatedApis apis;
    private final ScheduledExecutorService people = Executors.newScheduledThreadPool(3, work -> {
        Thread thread = new Thread(work, "chaos");
        thread.setDaemon(true);
        return thread;
    });

    private final ChaosLedger ledger;
    private final AtomicInteger kills = new AtomicInteger();
    private volatile boolean quiet;

    private ChaosRun(Path root, PrintStream out, Duration length, long seed, SimulatedApis apis) {
        this.root = root;
        this.out = out;
        this.length = length;
        this.dice = new Random(seed);
        this.apis = apis;
        this.ledger = new ChaosLedger(apis);
    }

    /**
     * The command.
     *
     * @param arguments the project's folder, then how many seconds it is rough, then a seed
     */
    public static void main(String[] arguments) throws IOException {
        Duration length = Duration.ofSeconds(Long.parseLong(arguments[1]));
        long seed = arguments.length > 2
                ? Long.parseLong(arguments[2])
                : InstantSource.system().millis();
        int status;
        try (SimulatedApis apis = SimulatedApis.start(InstantSource.system()).withProject("acme-kms-prod")) {
            status = new ChaosRun(Path.of(arguments[0]), System.out, length, seed, apis).run(seed);
        }
        System.exit(status);
    }

    private int run(long seed) throws IOException {
        Files.createDirectories(root.resolve("target"));
        List<Host> hosts = new ArrayList<>();
        ChaosDeliverer deliverer = new ChaosDeliverer(hosts, dice, () -> quiet);
        try (Messaging messaging = new Messaging(clock, deliverer)) {
            PubSubRest pubsub = new PubSubRest(messaging.url());
            new Topology(pubsub, SimulatedApis.PROJECT).create(deliverer::urlOf);
            prepare();
            for (int i = 0; i < 2; i++) {
                Path log = root.resolve("target/chaos-" + i + ".log");
                Files.deleteIfExists(log);
                hosts.add(Host.service(
                        Host.onClassPath("-runner"),
                        Host.environment(settings(messaging.url().toString())),
                        log));
            }
            hosts.forEach(Host::url);
            boolean rested = rough(hosts, pubsub, messaging);
            List<String> broken = ledger.broken(messaging);
            if (!rested) {
                broken.add(messaging.outstanding() + " messages were never acknowledged");
            }
            figures(seed, deliverer).forEach((what, figure) -> out.printf("%-28s %s%n", what, figure));
            require(broken, ledger.requests(), length.toSeconds() * 2 / 3, "requests");
            require(broken, kills.get(), length.toSeconds() / 3, "kills");
            broken.forEach(line -> out.println("VIOLATION: " + line));
            out.printf("%-28s %d%n", "violations", broken.size());
            return broken.isEmpty() ? HELD : BROKEN;
        } finally {
            people.shutdownNow();
            hosts.forEach(Host::close);
        }
    }

    private static void require(List<String> broken, long actual, long atLeast, String what) {
        if (actual < atLeast) {
            broken.add("only " + actual + " " + what + ", which says little: at least " + atLeast + " are wanted");
        }
    }

    private Map<String, Object> figures(long seed, ChaosDeliverer deliverer) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", seed);
        figures.put("rough for", length.toSeconds() + " s");
        figures.put("kills", kills.get());
        figures.putAll(ledger.figures());
        figures.putAll(deliverer.figures());
        return figures;
    }

    /** What stands before the APIs, and what lies in them of others. */
    private void prepare() {
        apis.admin().listLag(LAG).pageSize(20);
        apis.adminGate().put(Faults.every(41, Faults.anyCall(), unavailable()));
        apis.adminGate().put(Faults.every(83, Faults.anyCall(), Faults.lostAnswer()));
        apis.adminGate().put(new RepeatingLists());
        apis.kmsGate().put(Faults.every(47, Faults.anyCall(), unavailable()));
        apis.storageGate().put(Faults.every(101, Faults.anyCall(), Faults.lostAnswer()));
        for (int i = 0; i < KEYS_OF_OTHERS; i++) {
            apis.withKey(KEYS + "others-" + i, """
                    {"purpose":"ENCRYPT_DECRYPT","versionTemplate":{"protectionLevel":"HSM"}}
                    """, true);
        }
    }

    private static Fault unavailable() {
        return Faults.status(503, Map.of("content-type", "application/json"), """
                {"type":"error","error":{"code":503,"status":"UNAVAILABLE","type":"api_error","message":"chaos"}}
                """);
    }

    private Map<String, String> settings(String pubsubUrl) {
        Map<String, String> settings = new LinkedHashMap<>(apis.settings());
        settings.put("cmek.google.pubsub-url", pubsubUrl);
        settings.put("cmek.policy.attach-approval", "required");
        settings.put("cmek.timing.propagation-window", "PT15S");
        // What is killed here is dead at once, and a message has a few attempts only.
        settings.put("cmek.timing.abandoned-after", LOCK.toString());
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.http.host", "127.0.0.1");
        return settings;
    }

    // --- what happens --------------------------------------------------------------------------------------------

    /**
     * Lets everything happen, and then come to rest.
     *
     * @return whether it did
     */
    private boolean rough(List<Host> hosts, PubSubRest pubsub, Messaging messaging) {
        Instant until = clock.instant().plus(length);
        every(ASK_EVERY, () -> ask(pubsub));
        every(KILL_EVERY, () -> {
            hosts.get(dice.nextInt(hosts.size())).crash();
            kills.incrementAndGet();
        });
        every(Duration.ofSeconds(3), () -> replay(pubsub));
        Instant restedUntil = until.plus(REST_WITHIN);
        Results results = new Results(pubsub, SimulatedApis.PROJECT, clock);
        results.follow(length, result -> heard(pubsub, result), () -> false);
        quiet = true;
        endOfPeople();
        List.of(apis.adminGate(), apis.kmsGate(), apis.storageGate()).forEach(Gate::open);
        return results.follow(
                Duration.between(clock.instant(), restedUntil),
                result -> heard(pubsub, result),
                () -> ledger.allEnded(messaging) && messaging.outstanding() == 0);
    }

    /** Whoever is at it finishes; nobody begins anything. */
    private void endOfPeople() {
        people.shutdown();
        try {
            if (!people.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("somebody does not come to an end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void every(Duration period, Runnable work) {
        var unused = people.scheduleAtFixedRate(
                () -> {
                    try {
                        if (!quiet) {
                            work.run();
                        }
                    } catch (RuntimeException e) {
                        out.println("chaos: " + e);
                    }
                },
                0,
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Every tenth request is for the key and the workspace of the one before it, so that two of them race. */
    private void ask(PubSubRest pubsub) {
        int number = ledger.requests();
        int of = number % 10 == 9 ? number - 1 : number;
        String workspace = (of % 12 == 5 ? NOT_ALLOWED : ALLOWED) + of;
        apis.admin().withWorkspace(workspace, "Chaos " + of);
        String attach = of % 6 == 3 ? "" : ",\"workspaceId\":\"" + workspace + "\",\"acknowledgePermanent\":true";
        String request =
                "{\"requestId\":\"chaos-" + number + "\",\"key\":\"" + KEYS + "chaos-" + of + "\"" + attach + "}";
        ledger.asked(
                "chaos-" + number,
                KEYS + "chaos-" + of,
                attach.isEmpty() ? Optional.empty() : Optional.of(workspace),
                pubsub.publish(SimulatedApis.PROJECT, Topology.requests(), request.getBytes(UTF_8), Map.of()));
    }

    private void heard(PubSubRest pubsub, Results.Published result) {
        if (ledger.heard(result) && result.status().equals("AWAITING_APPROVAL")) {
            String digest = result.json().path("approval").path("digest").asText();
            int kind = dice.nextInt(10);
            if (kind > 0) {
                // The second one is somebody's who does not know of the first, or who may not approve.
                approve(pubsub, result.json(), digest, kind == 1 ? Topology.requests() : Topology.APPROVALS);
            }
            if (kind > 7 && !quiet) {
                var unused = people.schedule(
                        () -> approve(pubsub, result.json(), digest, Topology.APPROVALS),
                        5L + dice.nextInt(2000),
                        TimeUnit.MILLISECONDS);
            }
        }
    }

    private void approve(PubSubRest pubsub, JsonNode result, String digest, String topic) {
        byte[] data = ("{\"approve\":\"" + digest + "\"}").getBytes(UTF_8);
        ledger.approved(
                result, topic.equals(Topology.APPROVALS), pubsub.publish(SimulatedApis.PROJECT, topic, data, Map.of()));
    }

    /** Publishes what became a dead letter on its topic once more, as {@code cmek dead-letters --replay} does. */
    private void replay(PubSubRest pubsub) {
        for (PubSubRest.Received letter : pubsub.pullAtOnce(SimulatedApis.PROJECT, Topology.KEPT, 100)) {
            Map<String, String> attributes = new TreeMap<>(letter.attributes());
            attributes.keySet().removeIf(name -> name.startsWith("CloudPubSubDeadLetter"));
            attributes.merge("replay", "1", (before, one) -> String.valueOf(Integer.parseInt(before) + 1));
            attributes.putIfAbsent(
                    "replayOf", letter.attributes().getOrDefault("CloudPubSubDeadLetterSourceTopicPublishTime", ""));
            String source = letter.attributes().getOrDefault("CloudPubSubDeadLetterSourceSubscription", "");
            String id = pubsub.publish(SimulatedApis.PROJECT, source, letter.data(), attributes);
            pubsub.acknowledge(SimulatedApis.PROJECT, Topology.KEPT, List.of(letter.ackId()));
            ledger.replayed(letter, id);
        }
    }
}
