package cmek.benchmark;

import cmek.onboarding.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** How long a process takes from its beginning to its first answered event, and how much memory. */
final class Start {

    /** An event that touches Pub/Sub alone, and one that reads and writes Cloud KMS too. */
    private static final List<Step> EVENTS = List.of(Step.ONBOARD, Step.CREATE_KEY);

    private static final int ONBOARDINGS_OF_A_THOUSAND_EVENTS = 125;

    /** After so many the simulated APIs answer in hardly any time of their own. */
    private static final int ONBOARDINGS_THAT_WARM = 200;

    /** A chain is eight starts. */
    private static final int CHAINS_AT_MOST = 3;

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
            return List.of(
                    start.coldStarts(variants),
                    start.coldChains(variants),
                    start.memory(variants),
                    new CommandStart(built, folder).measure(start.ownStart(variants), times));
        }
    }

    /** The simulated APIs shall be warm before anything is measured against them. */
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
        return answer(running, variant, step, surroundings.event(step));
    }

    private double answer(Running running, Variant variant, Step step, String data) {
        String id = surroundings.freshName();
        String body = Surroundings.pushed(id, data);
        return variant.invoker()
                ? running.firstAnswer("/", Surroundings.cloudEvent(id), body)
                : running.firstAnswer("/" + step.function(), Map.of(), body);
    }

    /** One round after another, each with every way to run them: what slows the machine down slows all of them down. */
    private Table coldStarts(List<Variant> variants) {
        Table table = new Table(
                "Process start to first answered event (" + Timings.FORM + " of " + times + "; " + Machine.description()
                        + ")",
                List.of(
                        "functions",
                        "onboard, 2 cores, s",
                        "createKey, 2 cores, s",
                        "onboard, 1 core, s",
                        "createKey, 1 core, s",
                        "peak resident after createKey, MB"));
        Map<Variant, Map<String, Timings>> seconds = new LinkedHashMap<>();
        Map<Variant, List<Double>> memory = new HashMap<>();
        for (int time = 0; time < times; time++) {
            for (Variant variant : variants) {
                List<Double> resident = memory.computeIfAbsent(variant, any -> new ArrayList<>());
                for (Variant where : List.of(variant, variant.pinned())) {
                    for (Step step : EVENTS) {
                        seconds.computeIfAbsent(variant, any -> new LinkedHashMap<>())
                                .computeIfAbsent(step + " " + where.command(), any -> new Timings())
                                .add(coldStart(where, step, resident));
                    }
                }
            }
        }
        seconds.forEach((variant, timings) -> {
            List<String> cells = new ArrayList<>(List.of(variant.name()));
            timings.values().forEach(timing -> cells.add(timing.toString()));
            cells.add(Table.number(Table.median(memory.getOrDefault(variant, List.of())), 0));
            table.row(cells);
        });
        return table;
    }

    /** A first onboarding that finds no process of any function: each step waits for the start of its own. */
    private Table coldChains(List<Variant> variants) {
        int rounds = Math.min(times, CHAINS_AT_MOST);
        Table table = new Table(
                "A first onboarding whose eight functions all start for it, one after the other (" + Timings.FORM
                        + " of " + rounds + ")",
                List.of("functions", "request to ATTACHED, s"));
        Map<Variant, Timings> seconds = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Variant variant : variants) {
                if (variant.isWhole()) {
                    seconds.computeIfAbsent(variant, any -> new Timings()).add(coldChain(variant));
                }
            }
        }
        seconds.forEach((variant, timings) -> table.row(List.of(variant.name(), timings.toString())));
        return table;
    }

    private double coldChain(Variant variant) {
        surroundings.pushNowhere();
        String name = surroundings.freshName();
        String data = surroundings.request(name);
        double seconds = 0;
        for (Step step : Step.values()) {
            if (step != Step.ONBOARD) {
                data = surroundings.published(step, name);
            }
            try (Running running = variant.start(surroundings, step.function(), folder.resolve("start.log"))) {
                seconds += answer(running, variant, step, data);
            }
        }
        if (surroundings.apis().admin().attachedKey("wrkspc_01" + name).isEmpty()) {
            throw new IllegalStateException(name + " was not attached; see " + folder.resolve("start.log"));
        }
        return seconds;
    }

    /** How long the service itself takes to start, on the JDK that the command runs on. */
    private DoubleSupplier ownStart(List<Variant> variants) {
        String jdk = "service, JDK " + Runtime.version().feature();
        Variant own = variants.stream()
                .filter(variant -> variant.name().equals(jdk))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no " + jdk));
        return () -> coldStart(own, Step.ONBOARD, new ArrayList<>());
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
