package cmek.sandbox;

import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the service on this machine; see {@code deployment/sandbox.sh}. */
public final class Sandbox {

    private static final int ENDED_WELL = 0;
    private static final int ENDED_BADLY = 1;
    private static final int USAGE = 2;

    private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);
    private static final Pattern PROJECT = Pattern.compile("^(?:projects/)?([a-z][a-z0-9-]{4,28}[a-z0-9])(?:/|$)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Options options;
    private final Path root;
    private final PrintStream out;
    private final Narrator narrator;
    private final InstantSource clock = InstantSource.system();

    private Sandbox(Options options, Path root, PrintStream out, Narrator narrator) {
        this.options = options;
        this.root = root;
        this.out = out;
        this.narrator = narrator;
    }

    /**
     * The command.
     *
     * @param arguments the project's folder, then what {@link Options#usage()} says
     */
    public static void main(String[] arguments) {
        Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
        System.exit(run(root, List.of(arguments).subList(1, arguments.length), System.in, System.out, System.err));
    }

    static int run(Path root, List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        Options options;
        List<byte[]> requests;
        try {
            options = Options.parse(arguments);
            if (options.help()) {
                out.print(Options.usage());
                return ENDED_WELL;
            }
            requests = read(options, root, in);
        } catch (Options.UsageException e) {
            err.println("sandbox: " + e.getMessage());
            err.print(Options.usage());
            return USAGE;
        }
        // Only the shell knows whether a person checks the error stream.
        boolean terminal = Boolean.getBoolean("cmek.sandbox.terminal");
        try (Narrator narrator = new Narrator(err, terminal)) {
            return new Sandbox(options, root, out, narrator).run(requests);
        }
    }

    private static List<byte[]> read(Options options, Path root, InputStream in) throws Options.UsageException {
        if (options.scan()) {
            return List.of();
        }
        List<String> names = options.requests().isEmpty()
                ? List.of(root.resolve("deployment/examples/provision.json").toString())
                : options.requests();
        List<byte[]> requests = new ArrayList<>();
        for (String name : names) {
            try {
                requests.add(name.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(name)));
            } catch (IOException e) {
                throw new Options.UsageException("cannot read " + name);
            }
        }
        return requests;
    }

    private int run(List<byte[]> requests) {
        String emulator = System.getenv("PUBSUB_EMULATOR_HOST");
        boolean simulated = emulator == null || emulator.isBlank();
        try (SimulatedApis apis = SimulatedApis.start(clock);
                Messaging messaging = new Messaging(clock, PubSubSimulator.Pusher.overHttp())) {
            URI pubsubUrl = simulated ? messaging.url() : URI.create("http://" + emulator);
            requests.forEach(request -> prepare(apis, request));
            Path log = Files.createDirectories(root.resolve("target")).resolve("sandbox.log");
            Files.deleteIfExists(log);
            try (Host host = Host.service(
                            Host.onClassPath("-runner"), environment(apis, options.keyless(), pubsubUrl), log);
                    Gateway gateway = new Gateway(host)) {
                PubSubRest pubsub = new PubSubRest(pubsubUrl);
                if (!simulated) {
                    narrator.say("sandbox: messages are not ordered here: the emulator would stop at a dead letter");
                }
                (simulated
                                ? new Topology(pubsub, SimulatedApis.PROJECT)
                                : Topology.onTheEmulator(pubsub, SimulatedApis.PROJECT))
                        .create(gateway::urlOf);
                options.faults().forEach(fault -> fault.breaking().accept(apis, gateway));
                boolean good = options.scan() ? scans(apis, pubsub) : onboardings(pubsub, requests);
                if (options.calls()) {
                    apis.journal().entries().forEach(out::println);
                }
                return good ? ENDED_WELL : ENDED_BADLY;
            }
        } catch (IOException | IllegalStateException e) {
            narrator.say("sandbox: " + e.getMessage());
            return ENDED_BADLY;
        }
    }

    /** One scan over an estate that is almost well, and then those in which the harm is seen. */
    private boolean scans(SimulatedApis apis, PubSubRest pubsub) throws IOException {
        SeededInventory estate = SeededInventory.in(apis);
        SandboxScan scan = new SandboxScan(pubsub, clock, out, narrator);
        boolean good = scan.run().isPresent();
        estate.harm();
        for (int time = 0; time < options.times(); time++) {
            Optional<JsonNode> end = scan.run();
            if (end.isPresent()) {
                Path folder = Files.createDirectories(root.resolve("target/scan"));
                String kept = end.get().path("run").path("report").asText();
                for (String file : List.of("report.json", "report.csv", "report.html")) {
                    Files.writeString(
                            folder.resolve(file),
                            apis.storage()
                                    .text(SimulatedApis.BUCKET, kept + file)
                                    .orElseThrow());
                }
                Path here = Path.of("").toAbsolutePath();
                narrator.say("report: " + here.relativize(folder.resolve("report.html")) + ", .csv and .json");
            }
            good &= end.filter(SandboxScan::isComplete).isPresent();
        }
        return good;
    }

    private boolean onboardings(PubSubRest pubsub, List<byte[]> requests) {
        boolean good = true;
        for (int time = 0; time < options.times(); time++) {
            good &= onboard(pubsub, requests);
        }
        return good;
    }

    /** Publishes the requests and follows them to their ends. */
    private boolean onboard(PubSubRest pubsub, List<byte[]> requests) {
        Set<String> messageIds = new LinkedHashSet<>();
        for (byte[] request : requests) {
            messageIds.add(pubsub.publish(SimulatedApis.PROJECT, Topology.requests(), request, Map.of()));
        }
        AtomicBoolean good = new AtomicBoolean(true);
        boolean ended = new Results(pubsub, SimulatedApis.PROJECT, clock).follow(messageIds, ENDS_WITHIN, result -> {
            out.println(result.json());
            out.flush();
            narrator.tell(result);
            good.compareAndSet(true, !result.isBadEnd());
        });
        if (!ended) {
            narrator.say("sandbox: no terminal status within " + ENDS_WITHIN.toMinutes() + " minutes");
        }
        return ended && good.get();
    }

    /** A person's own request names a project and a workspace of their own; this APIs has them. */
    private static void prepare(SimulatedApis apis, byte[] request) {
        JsonNode json = json(request);
        JsonNode key = json.path("key");
        Matcher project = PROJECT.matcher(key.path("project").asText(key.asText("")));
        if (project.find()) {
            apis.withProject(project.group(1));
        }
        String workspace = json.path("workspaceId").asText("");
        if (workspace.matches("wrkspc_[a-zA-Z0-9]{1,64}")) {
            apis.admin().withWorkspace(workspace, "Sandbox");
        }
    }

    private static JsonNode json(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return json == null ? JSON.missingNode() : json;
        } catch (IOException e) {
            // What cannot be read is published as it is: refusing it is the service's work.
            return JSON.missingNode();
        }
    }

    private static Map<String, String> environment(SimulatedApis apis, boolean keyless, URI pubsubUrl) {
        Map<String, String> settings = new HashMap<>(keyless ? apis.keylessSettings() : apis.settings());
        settings.put("cmek.google.pubsub-url", pubsubUrl.toString());
        settings.put("cmek.policy.allowed-workspaces", "*");
        settings.put("cmek.timing.propagation-window", "PT15S");
        // Half of it is spent on trying again, which must be less than a message's attempts take here.
        settings.put("cmek.scan.deadline", "PT30S");
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.http.host", "127.0.0.1");
        Map<String, String> environment = Host.environment(settings);
        // Whoever sets one of these means it.
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("CMEK_")) {
                environment.put(name, value);
            }
        });
        return environment;
    }
}
