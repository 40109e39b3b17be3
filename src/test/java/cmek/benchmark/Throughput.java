package cmek.benchmark;

import cmek.sandbox.Results;
import cmek.simulator.Journal;
import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many onboardings a second one instance of the service brings to their end, and what each costs. */
final class Throughput {

    private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);

    /** Onboardings of each measurement. */
    private static final int ONBOARDINGS = 200;

    /** What an instance meets: how many are outstanding, and how long a call takes. */
    private record Load(int outstanding, int latencyMillis) {}

    private static final List<Load> LOADS =
            List.of(new Load(1, 0), new Load(10, 0), new Load(100, 0), new Load(10, 100), new Load(100, 100));

    /** The calls to one API at a time that an instance makes: by default, and where an operator allows more. */
    private static final List<Integer> LIMITS = List.of(20, 64);

    private final Surroundings surroundings;
    private final int times;

    private Throughput(Surroundings surroundings, int times) {
        this.surroundings = surroundings;
        this.times = times;
    }

    static List<Table> measure(Built built, int times) throws IOException {
        Path folder = Files.createDirectories(built.target().resolve("benchmark"));
        Table table = new Table(
                "Whole onboardings through one instance (medians of " + times + "; " + Machine.description()
                        + ", which the simulated APIs share)",
                List.of(
                        "functions",
                        "calls to one API at a time",
                        "a call takes, ms",
                        "outstanding",
                        "onboardings/s",
                        "outside calls each",
                        "of them to the evidence bucket",
                        "CPU s each",
                        "CPU s each of the simulated APIs"));
        List<Variant> variants = new ArrayList<>();
        built.executable().map(Variant::executable).ifPresent(variants::add);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        variants.add(Variant.service(java, "JDK " + Runtime.version().feature(), built.service(), List.of()));
        for (Variant variant : variants) {
            for (int limit : LIMITS) {
                try (Surroundings surroundings = new Surroundings(Map.of("cmek.concurrency", String.valueOf(limit)));
                        Running running = surroundings.serve(variant, folder.resolve("throughput.log"))) {
                    new Throughput(surroundings, times).measure(variant, limit, running, table);
                }
            }
        }
        return List.of(table);
    }

    private void measure(Variant variant, int limit, Running running, Table table) {
        long own = ProcessHandle.current().pid();
        // Warm, as an instance is that has work to do.
        onboard(2 * ONBOARDINGS, 10);
        for (Load load : LOADS) {
            surroundings.slowDownTheService(load.latencyMillis());
            List<Double> rates = new ArrayList<>();
            List<Double> calls = new ArrayList<>();
            List<Double> kept = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            List<Double> simulators = new ArrayList<>();
            for (int time = 0; time < times; time++) {
                // Anthropic shows a hundred registrations a page: thousands of earlier ones would be read again and
                // again.
                surroundings.apis().admin().foundAnew();
                Journal journal = surroundings.apis().journal();
                journal.clear();
                double before = Machine.cpuSeconds(running.pid());
                double ownBefore = Machine.cpuSeconds(own);
                long begun = System.nanoTime();
                onboard(ONBOARDINGS, load.outstanding());
                rates.add(ONBOARDINGS / ((System.nanoTime() - begun) / 1e9));
                cpu.add((Machine.cpuSeconds(running.pid()) - before) / ONBOARDINGS);
                simulators.add((Machine.cpuSeconds(own) - ownBefore) / ONBOARDINGS);
                calls.add((double) journal.entries().size() / ONBOARDINGS);
                kept.add((double) journal.entries().stream()
                                .filter(entry -> entry.apis().equals("storage"))
                                .count()
                        / ONBOARDINGS);
            }
            List<String> cells = List.of(
                    variant.name(),
                    String.valueOf(limit),
                    String.valueOf(load.latencyMillis()),
                    String.valueOf(load.outstanding()),
                    Table.number(Table.median(rates), 1),
                    Table.number(Table.median(calls), 1),
                    Table.number(Table.median(kept), 1),
                    Table.number(Table.median(cpu), 3),
                    Table.number(Table.median(simulators), 3));
            table.row(cells);
            System.err.println(String.join("  ", cells));
        }
    }

    /** Brings so many onboardings to their ends; as soon as one has ended, the next one begins. */
    private void onboard(int onboardings, int outstanding) {
        Deque<String> waiting = new ArrayDeque<>();
        for (int i = 0; i < onboardings; i++) {
            waiting.add(surroundings.request(surroundings.freshName()));
        }
        Set<String> open = new HashSet<>();
        while (open.size() < outstanding && !waiting.isEmpty()) {
            open.add(surroundings.publish(waiting.remove()));
        }
        Results results = new Results(surroundings.pubsub(), SimulatedApis.PROJECT, InstantSource.system());
        boolean ended = results.follow(
                ENDS_WITHIN,
                result -> {
                    if (open.removeIf(result::ends) && !waiting.isEmpty()) {
                        open.add(surroundings.publish(waiting.remove()));
                    }
                },
                open::isEmpty);
        if (!ended) {
            throw new IllegalStateException("not all have ended within " + ENDS_WITHIN);
        }
    }
}
