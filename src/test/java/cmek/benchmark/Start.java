package cmek.benchmark;

import cmek.onboarding.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long a process takes from its beginning to its first answered event, and how much memory. */
final class Start {

    /** An event that touches Pub/Sub alone, and one that reads and writes Cloud KMS too. */
    private static final List<Step> EVENTS = List.of(Step.ONBOARD, Step.CREATE_KEY);

    private static final int ONBOARDINGS_OF_A_THOUSAND_EVENTS = 125;

    /** After so many the simulated APIs answer in hardly any time of their own. */
    private static final int ONBOARDINGS_THAT_WARM = 200;

    private final Surroundings surroundings;
    private final Path folder;
    private final int times;

    private Start(Surroundings surroundings, Path folder, int times) {
        this.surroundings = surroundings;
        this.folder = folder;
        this.times = times;
    }

    static List<Table> measure(Built built, int times) throws IOException {
        Path folder = Files.createDirectories(built.target().resolve("benchmark"));
        try (Surroundings surroundings = new Surroundings()) {
            Start start = new Start(surroundings, folder, times);
            start.warmUp(built);
            List<Variant> variants = start.variants(built);
            return List.of(start.coldStarts(variants), start.memory(variants));
        }
    }

    /** The the simulated APIs shall be warm before anything is measured against them. */
    @SuppressWarnings("try") // It serves while it is open.
    private void warmUp(Built built) {
        Variant service = Variant.service(anyJava(), "warm-up", built.service(), List.of());
        try (Running running = surroundings.serve(service, folder.resolve("warm-up.log"))) {
            surroundings.prepareEvents();
            surroundings.onboard(ONBOARDINGS_THAT_WARM);
        }
    }

    private static Path anyJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private List<Variant> variants(Built built) {
        List<Variant> variants = new ArrayList<>();
        built.executable().map(Variant::executable).ifPresent(variants::add);
        Optional<Path> java17 = Built.java(17);
        Optional<Path> java25 = Built.java(25);
        java17.ifPresent(java -> {
            Variant service = Variant.service(java, "JDK 17", built.service(), List.of());
            variants.add(service);
            variants.add(
                    trained(service, "trained class archive", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="));
        });
        java25.ifPresent(java -> {
            Variant service = Variant.service(java, "JDK 25", built.service(), List.of());
            variants.add(service);
            variants.add(trained(service, "trained AOT cache", "-XX:AOTCacheOutput=", "-XX:AOTCache="));
        });
        java17.ifPresent(java -> {
            variants.add(Variant.invokerAlone(java, "JDK 17", built.invoker(), built.testClasses(), List.of()));
            Variant invoker = Variant.invoker(java, "JDK 17", built.invoker(), built.functions(), List.of());
            variants.add(invoker);
            variants.add(
                    trained(invoker, "trained class archive", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="));
        });
        java25.ifPresent(java -> {
            // The invoker's Jetty reaches into java.lang.
            Variant invoker = Variant.invoker(
                    java,
                    "JDK 25",
                    built.invoker(),
                    built.functions(),
                    List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"));
            variants.add(invoker);
            variants.add(trained(invoker, "trained AOT cache", "-XX:AOTCacheOutput=", "-XX:AOTCache="));
        });
        return variants;
    }

    /** The same with what a run with real events left for the next. */
    private Variant trained(Variant variant, String what, String writes, String reads) {
        String name = variant.name().replaceAll("[^A-Za-z0-9]+", "-");
        Path archive = folder.resolve(name + ".archive");
        Path log = folder.resolve(name + "-training.log");
        Variant training = variant.with(what, List.of(writes + archive));
        if (variant.invoker()) {
            // The invoker serves one function; what it trains with is the one that needs most.
            surroundings.pushNowhere();
            try (Running running = training.start(surroundings, Step.CREATE_KEY.function(), log)) {
                answer(running, variant, Step.CREATE_KEY);
                answer(running, variant, Step.CREATE_KEY);
                running.end();
            }
        } else {
            Training.train(training, surroundings, log);
        }
        if (!Files.exists(archive)) {
            throw new IllegalStateException(
                    "the training of " + variant.name() + " left nothing; " + log + " says why");
        }
        return variant.with(what, List.of(reads + archive));
    }

    private double answer(Running running, Variant variant, Step step) {
        String id = surroundings.freshName();
        String body = Surroundings.pushed(id, surroundings.event(step));
        return variant.invoker()
                ? running.firstAnswer("/", Surroundings.cloudEvent(id), body)
                : running.firstAnswer("/" + step.function(), Map.of(), body);
    }

    private Table coldStarts(List<Variant> variants) {
        Table table = new Table(
                "Process start to first answered event (medians of " + times + "; " + Machine.description() + ")",
                List.of(
                        "functions",
                        "onboard, 2 cores, s",
                        "createKey, 2 cores, s",
                        "onboard, 1 core, s",
                        "createKey, 1 core, s",
                        "peak resident after createKey, MB"));
        for (Variant variant : variants) {
            List<String> cells = new ArrayList<>(List.of(variant.name()));
            List<Double> memory = new ArrayList<>();
            for (Variant where : List.of(variant, variant.pinned())) {
                for (Step step : EVENTS) {
                    List<Double> seconds = new ArrayList<>();
                    for (int time = 0; time < times; time++) {
                        seconds.add(coldStart(where, step, memory));
                    }
                    cells.add(Table.number(Table.median(seconds), 3));
                }
            }
            cells.add(Table.number(Table.median(memory), 0));
            table.row(cells);
            System.err.println(String.join("  ", cells));
        }
        return table;
    }

    private double coldStart(Variant variant, Step step, List<Double> memory) {
        surroundings.pushNowhere();
        try (Running running = variant.start(surroundings, step.function(), folder.resolve("start.log"))) {
            double seconds = answer(running, variant, step);
            if (step == Step.CREATE_KEY) {
                memory.add(Machine.peakResident(running.pid()));
            }
            return seconds;
        }
    }

    private Table memory(List<Variant> variants) {
        Table table = new Table(
                "Memory of the service after 1,000 events, 125 onboardings from end to end",
                List.of("functions", "resident, MB", "peak resident, MB"));
        for (Variant variant : variants) {
            if (!variant.invoker()) {
                try (Running running = surroundings.serve(variant, folder.resolve("memory.log"))) {
                    surroundings.onboard(ONBOARDINGS_OF_A_THOUSAND_EVENTS);
                    table.row(List.of(
                            variant.name(),
                            Table.number(Machine.resident(running.pid()), 0),
                            Table.number(Machine.peakResident(running.pid()), 0)));
                }
            }
        }
        return table;
    }
}
