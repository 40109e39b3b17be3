package cmek.benchmark;

import cmek.sandbox.Host;
import cmek.sandbox.Topology;
import cmek.simulator.Journal;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import cmek.simulator.SimulatorServer;
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
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/**
 * How long a scan takes beside the shortest time it could take, and how much memory: the functions as an HTTP service in
 * a process with one and the same small heap, woken by Pub/Sub pushes, over estates of growing size. Anthropic takes its
 * time over each round trip; Cloud KMS, Cloud Storage and Pub/Sub answer as fast as this machine lets them.
 *
 * <p>What a collection leaves is no measure of what was alive: the larger a scan, the more of them there are, and each
 * leaves something over. So the smallest heap is looked for in which a scan comes to its end.
 */
public final class ScanBenchmark {

    private static final Duration VENDOR_LATENCY = Duration.ofSeconds(1);
    private static final int CONCURRENCY = 50;
    private static final int WARMING_KEYS = 100;
    private static final int HEAP_MEGABYTES = 128;
    private static final int SMALLEST_HEAP_MEGABYTES = 16;
    private static final int HEAP_STEP_MEGABYTES = 2;

    /** A scan that takes longer does nothing but collect. */
    private static final Duration A_KEY_TAKES_AT_MOST = Duration.ofMillis(30);

    private static final Duration A_SCAN_TAKES_AT_MOST = Duration.ofSeconds(30);
    private static final String PROJECT = "acme-kms-prod";

    private final Path root;
    private final InstantSource clock = InstantSource.system();

    private ScanBenchmark(Path root) {
        this.root = root;
    }

    /**
     * One measured scan.
     *
     * @param looked from its beginning to the last look at a key
     * @param reported from its beginning to its report
     * @param heapMegabytes the most that a collection left in the functions' process
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
     * @param arguments the project's folder, {@code scan} or {@code heap}, then sizes of estates; 100, 1,000 and 10,000
     *     keys where none is named
     */
    public static void main(String[] arguments) throws IOException {
        List<Integer> named = Stream.of(arguments).skip(2).map(Integer::valueOf).toList();
        List<Integer> sizes = named.isEmpty() ? List.of(100, 1_000, 10_000) : named;
        ScanBenchmark benchmark =
                new ScanBenchmark(Path.of(arguments[0]).toAbsolutePath().normalize());
        Path file = arguments[1].equals("heap") ? benchmark.heap(sizes) : benchmark.time(sizes);
        System.out.println("written to " + file);
        System.exit(0);
    }

    /** Looks for the smallest heap, upwards from that of the size before. */
    private Path heap(List<Integer> sizes) throws IOException {
        ObjectNode json = surroundings();
        System.out.printf("%8s %17s%n", "keys", "smallest heap MB");
        int heap = SMALLEST_HEAP_MEGABYTES;
        for (int size : sizes.stream().sorted().toList()) {
            heap = smallestHeap(size, heap);
            System.out.printf("%8d %17d%n", size, heap);
            json.withArray("scans").addObject().put("keys", size).put("smallestHeapMegabytes", heap);
        }
        return write("scan-heap", json);
    }

    /** In ever longer strides to a heap that is large enough, and back by halves. */
    private int smallestHeap(int size, int from) throws IOException {
        int tooSmall = from - HEAP_STEP_MEGABYTES;
        int enough = from;
        for (int stride = HEAP_STEP_MEGABYTES;
                measure(size, enough, Duration.ZERO).isEmpty();
                stride *= 2) {
            tooSmall = enough;
            enough += stride;
        }
        while (enough - tooSmall > HEAP_STEP_MEGABYTES) {
            int steps = (enough - tooSmall) / HEAP_STEP_MEGABYTES;
            int between = tooSmall + steps / 2 * HEAP_STEP_MEGABYTES;
            if (measure(size, between, Duration.ZERO).isEmpty()) {
                tooSmall = between;
            } else {
                enough = between;
            }
        }
        return enough;
    }

    private Path time(List<Integer> sizes) throws IOException {
        List<Measured> measured = new ArrayList<>();
        System.out.printf(
                "%8s %8s %10s %10s %9s %12s %9s%n",
                "keys", "rows", "ideal s", "looked s", "above %", "reported s", "heap MB");
        for (int size : sizes) {
            Measured scan = measure(size, HEAP_MEGABYTES, VENDOR_LATENCY)
                    .orElseThrow(() -> new IllegalStateException("a scan of " + size + " keys came to no end"));
            measured.add(scan);
            System.out.printf(
                    Locale.ENGLISH,
                    "%8d %8d %10.1f %10.1f %9.1f %12.1f %9d%n",
                    scan.keys(),
                    scan.rows(),
                    seconds(scan.ideal()),
                    seconds(scan.looked()),
                    scan.above(),
                    seconds(scan.reported()),
                    scan.heapMegabytes());
        }
        return write("scan", json(measured));
    }

    /** A scan after one that warms the process; empty when the process ended first, or did hardly anything. */
    private Optional<Measured> measure(int keys, int heapMegabytes, Duration anthropicLatency) throws IOException {
        Path folder = Files.createDirectories(root.resolve("target/benchmark"));
        Path heapLog = folder.resolve("scan-" + keys + "-gc.log");
        Files.deleteIfExists(heapLog);
        ThreadFactory daemons = work -> {
            Thread thread = new Thread(work, "pubsub");
            thread.setDaemon(true);
            return thread;
        };
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemons);
        try (SimulatedApis apis = SimulatedApis.start(clock).withProject(PROJECT);
                // Twice as many pushes under way as keys are checked: there is always another one waiting for its
                // turn.
                PubSubSimulator pubsub = new PubSubSimulator(
                        new Journal(),
                        clock,
                        PubSubSimulator.Later.on(timer, Executors.newFixedThreadPool(2 * CONCURRENCY, daemons)),
                        PubSubSimulator.Pusher.overHttp());
                SimulatorServer server = SimulatorServer.start(pubsub);
                Host host = Host.service(
                        Host.onClassPath("-runner"),
                        environment(apis, server, heapMegabytes, heapLog),
                        folder.resolve("scan-" + keys + ".log"))) {
            PubSubRest messages = new PubSubRest(server.url());
            new Topology(messages, SimulatedApis.PROJECT)
                    .create(function -> host.url().resolve("/" + function));
            apis.adminGate().put((call, anthropic) -> {
                if (call.path().endsWith("/validate")) {
                    rest(anthropicLatency);
                }
                return anthropic.answer(call);
            });
            register(apis, 0, Math.min(keys, WARMING_KEYS));
            Optional<Measured> warming = scan(apis, messages, host, Math.min(keys, WARMING_KEYS));
            if (warming.isEmpty()) {
                return warming;
            }
            register(apis, Math.min(keys, WARMING_KEYS), keys);
            Optional<Measured> scan = scan(apis, messages, host, keys);
            int most = new HeapLog(heapLog).mostAliveMegabytes();
            return scan.map(all -> new Measured(keys, all.looked(), all.reported(), all.rows(), most));
        } catch (IllegalStateException e) {
            // It did not even start.
            if (anthropicLatency.isZero()) {
                return Optional.empty();
            }
            throw e;
        } finally {
            timer.shutdownNow();
        }
    }

    /** Starts a scan and follows it to its report; empty when it comes to none. */
    private Optional<Measured> scan(SimulatedApis apis, PubSubRest messages, Host host, int keys) {
        messages.publish(SimulatedApis.PROJECT, Topology.NIGHT, new byte[0], Map.of("trigger", "benchmark"));
        Instant begun = clock.instant();
        Instant lastLook = begun;
        int rows = 0;
        Instant atMost = begun.plus(A_SCAN_TAKES_AT_MOST).plus(A_KEY_TAKES_AT_MOST.multipliedBy(keys));
        while (host.isAlive() && clock.instant().isBefore(atMost)) {
            List<PubSubRest.Received> received = messages.pull(SimulatedApis.PROJECT, Topology.RESULTS, 1000);
            Instant now = clock.instant();
            if (!received.isEmpty()) {
                messages.acknowledge(
                        SimulatedApis.PROJECT,
                        Topology.RESULTS,
                        received.stream().map(PubSubRest.Received::ackId).toList());
            }
            for (PubSubRest.Received message : received) {
                switch (message.attributes().getOrDefault("status", "")) {
                    case "HEALTHY" -> {
                        rows++;
                        lastLook = now;
                    }
                    case "SCAN_STARTED" -> begun = now;
                    case "SCAN_COMPLETED" -> {
                        return Optional.of(new Measured(
                                rows, Duration.between(begun, lastLook), Duration.between(begun, now), rows, 0));
                    }
                    default -> throw new IllegalStateException("a healthy estate is reported as " + message.text());
                }
            }
            apis.journal().clear();
        }
        return Optional.empty();
    }

    private static void register(SimulatedApis apis, int from, int to) {
        for (int i = from; i < to; i++) {
            String key = "projects/" + PROJECT + "/locations/us-east5/keyRings/anthropic/cryptoKeys/key-" + i;
            String workspace = "wrkspc_01n" + i;
            apis.withReadyKey(key);
            String registration = apis.admin().register(key, "Key " + i);
            apis.admin().withWorkspace(workspace, "Workspace " + i).attach(workspace, registration);
        }
        apis.journal().clear();
    }

    private static Map<String, String> environment(
            SimulatedApis apis, SimulatorServer pubsub, int heapMegabytes, Path heapLog) {
        Map<String, String> settings = new HashMap<>(apis.settings());
        settings.put("cmek.google.pubsub-url", pubsub.url().toString());
        settings.put("cmek.concurrency", Integer.toString(CONCURRENCY));
        settings.put("cmek.scan.concurrency", Integer.toString(CONCURRENCY));
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.http.host", "127.0.0.1");
        Map<String, String> environment = Host.environment(settings);
        environment.put(
                "JAVA_TOOL_OPTIONS",
                "-Xmx" + heapMegabytes + "m -XX:+ExitOnOutOfMemoryError -Xlog:gc:file=" + heapLog.toAbsolutePath());
        return environment;
    }

    private static void rest(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode surroundings() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("concurrency", CONCURRENCY)
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("java", Runtime.version().toString());
    }

    private static ObjectNode json(List<Measured> scans) {
        ObjectNode json = surroundings()
                .put("anthropicLatencyMillis", VENDOR_LATENCY.toMillis())
                .put("maximumHeapMegabytes", HEAP_MEGABYTES);
        scans.forEach(scan -> json.withArray("scans")
                .addObject()
                .put("keys", scan.keys())
                .put("rows", scan.rows())
                .put("idealMillis", scan.ideal().toMillis())
                .put("lookedMillis", scan.looked().toMillis())
                .put("reportedMillis", scan.reported().toMillis())
                .put("heapMegabytes", scan.heapMegabytes()));
        return json;
    }

    private Path write(String name, ObjectNode json) throws IOException {
        Path file = root.resolve("target/benchmark/" + name + ".json");
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json);
        return file;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
