package cmek.benchmark;

import cmek.sandbox.Host;
import cmek.sandbox.Topology;
import cmek.simulator.Journal;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatorServer;
import cmek.simulator.World;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/**
 * How long a night takes beside the shortest time it could take, and how much memory: the functions as an HTTP service in
 * a process with one and the same small heap, woken by Pub/Sub pushes, over estates of growing size. The vendor takes its
 * time over each round trip; Cloud KMS, Cloud Storage and Pub/Sub answer as fast as this machine lets them.
 */
public final class NightBenchmark {

    private static final Duration VENDOR_LATENCY = Duration.ofSeconds(1);
    private static final int CONCURRENCY = 50;
    private static final int WARMING_KEYS = 100;
    private static final String HEAP = "96m";
    private static final String PROJECT = "acme-kms-prod";

    private final Path root;
    private final InstantSource clock = InstantSource.system();

    private NightBenchmark(Path root) {
        this.root = root;
    }

    /**
     * One measured night.
     *
     * @param looked from its beginning to the last look at a key
     * @param reported from its beginning to its report
     * @param heapMegabytes the most that was alive at once in the functions' process
     */
    private record Measured(int keys, Duration looked, Duration reported, int rows, int heapMegabytes) {

        Duration ideal() {
            return VENDOR_LATENCY.multipliedBy(keys).dividedBy(CONCURRENCY);
        }

        double above() {
            return 100.0 * (looked.toMillis() - ideal().toMillis()) / ideal().toMillis();
        }
    }

    /**
     * The command.
     *
     * @param arguments the project's folder, then sizes of estates; 100, 1,000 and 10,000 keys where none is named
     */
    public static void main(String[] arguments) throws IOException {
        List<Integer> sizes = Stream.of(arguments).skip(1).map(Integer::valueOf).toList();
        NightBenchmark benchmark =
                new NightBenchmark(Path.of(arguments[0]).toAbsolutePath().normalize());
        List<Measured> measured = new ArrayList<>();
        System.out.printf(
                "%8s %8s %10s %10s %9s %12s %9s%n",
                "keys", "rows", "ideal s", "looked s", "above %", "reported s", "heap MB");
        for (int size : sizes.isEmpty() ? List.of(100, 1_000, 10_000) : sizes) {
            Measured night = benchmark.measure(size);
            measured.add(night);
            System.out.printf(
                    Locale.ENGLISH,
                    "%8d %8d %10.1f %10.1f %9.1f %12.1f %9d%n",
                    night.keys(),
                    night.rows(),
                    seconds(night.ideal()),
                    seconds(night.looked()),
                    night.above(),
                    seconds(night.reported()),
                    night.heapMegabytes());
        }
        Path file = benchmark.write(measured);
        System.out.println("written to " + file);
        System.exit(0);
    }

    private Measured measure(int keys) throws IOException {
        Path folder = Files.createDirectories(root.resolve("target/benchmark"));
        Path heapLog = folder.resolve("night-" + keys + "-gc.log");
        Files.deleteIfExists(heapLog);
        ThreadFactory daemons = work -> {
            Thread thread = new Thread(work, "pubsub");
            thread.setDaemon(true);
            return thread;
        };
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemons);
        try (World world = World.start(clock).withProject(PROJECT);
                // Twice as many pushes under way as keys are looked at: there is always another one waiting for its
                // turn.
                PubSubSimulator pubsub = new PubSubSimulator(
                        new Journal(),
                        clock,
                        PubSubSimulator.Later.on(timer, Executors.newFixedThreadPool(2 * CONCURRENCY, daemons)),
                        PubSubSimulator.Pusher.overHttp());
                SimulatorServer server = SimulatorServer.start(pubsub);
                Host host = Host.service(
                        Host.onClassPath("-runner"),
                        environment(world, server, heapLog),
                        folder.resolve("night-" + keys + ".log"))) {
            PubSubRest messages = new PubSubRest(server.url());
            new Topology(messages, World.PROJECT).create(function -> host.url().resolve("/" + function));
            world.adminGate().put((call, vendor) -> {
                if (call.path().endsWith("/validate")) {
                    rest(VENDOR_LATENCY);
                }
                return vendor.answer(call);
            });
            register(world, 0, Math.min(keys, WARMING_KEYS));
            night(world, messages);
            register(world, Math.min(keys, WARMING_KEYS), keys);
            Measured night = night(world, messages);
            return new Measured(
                    keys, night.looked(), night.reported(), night.rows(), new HeapLog(heapLog).mostAliveMegabytes());
        } finally {
            timer.shutdownNow();
        }
    }

    /** Starts a night and follows it to its report. */
    private Measured night(World world, PubSubRest messages) {
        messages.publish(World.PROJECT, Topology.NIGHT, new byte[0], Map.of("trigger", "benchmark"));
        Instant begun = clock.instant();
        Instant lastLook = begun;
        int rows = 0;
        while (true) {
            List<PubSubRest.Received> received = messages.pull(World.PROJECT, Topology.RESULTS, 1000);
            Instant now = clock.instant();
            if (!received.isEmpty()) {
                messages.acknowledge(
                        World.PROJECT,
                        Topology.RESULTS,
                        received.stream().map(PubSubRest.Received::ackId).toList());
            }
            for (PubSubRest.Received message : received) {
                switch (message.attributes().getOrDefault("status", "")) {
                    case "HEALTHY" -> {
                        rows++;
                        lastLook = now;
                    }
                    case "NIGHT_STARTED" -> begun = now;
                    case "NIGHT_COMPLETED" -> {
                        return new Measured(
                                rows, Duration.between(begun, lastLook), Duration.between(begun, now), rows, 0);
                    }
                    default -> throw new IllegalStateException("a healthy estate is reported as " + message.text());
                }
            }
            world.journal().clear();
        }
    }

    private static void register(World world, int from, int to) {
        for (int i = from; i < to; i++) {
            String key = "projects/" + PROJECT + "/locations/us-east5/keyRings/anthropic/cryptoKeys/key-" + i;
            String workspace = "wrkspc_01n" + i;
            world.withReadyKey(key);
            String registration = world.admin()
                    .register(
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("type", "gcp")
                                    .put("key_name", key),
                            "Key " + i);
            world.admin().withWorkspace(workspace, "Workspace " + i).attach(workspace, registration);
        }
        world.journal().clear();
    }

    private static Map<String, String> environment(World world, SimulatorServer pubsub, Path heapLog) {
        Map<String, String> settings = new HashMap<>(world.settings());
        settings.put("cmek.google.pubsub-url", pubsub.url().toString());
        settings.put("cmek.night.concurrency", Integer.toString(CONCURRENCY));
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.http.host", "127.0.0.1");
        Map<String, String> environment = new HashMap<>();
        settings.forEach((property, value) ->
                environment.put(property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), value));
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx" + HEAP + " -Xlog:gc:file=" + heapLog.toAbsolutePath());
        return environment;
    }

    private static void rest(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path write(List<Measured> nights) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("vendorLatencyMillis", VENDOR_LATENCY.toMillis())
                .put("concurrency", CONCURRENCY)
                .put("maximumHeap", HEAP)
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("java", Runtime.version().toString());
        nights.forEach(night -> json.withArray("nights")
                .addObject()
                .put("keys", night.keys())
                .put("rows", night.rows())
                .put("idealMillis", night.ideal().toMillis())
                .put("lookedMillis", night.looked().toMillis())
                .put("reportedMillis", night.reported().toMillis())
                .put("heapMegabytes", night.heapMegabytes()));
        Path file = root.resolve("target/benchmark/night.json");
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json);
        return file;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
