package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the service on this machine; see {@code deployment/sandbox.sh}. */
public final class Sandbox {

    private static final int ENDED_WELL = 0;
    private static final int ENDED_BADLY = 1;
    private static final int USAGE = 2;

    private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
    private static final String REQUEST = "a request is a file with JSON, such as deployment/examples/provision.json";
    private static final Pattern PROJECT = Pattern.compile("^(?:projects/)?([a-z][a-z0-9-]{4,28}[a-z0-9])(?:/|$)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Surroundings around;
    private final Options options;
    private final ShellEnvironment shell;
    private final Narrator narrator;
    private final InstantSource clock = InstantSource.system();

    private Sandbox(Surroundings around, Options options, ShellEnvironment shell, Narrator narrator) {
        this.around = around;
        this.options = options;
        this.shell = shell;
        this.narrator = narrator;
    }

    /**
     * What the command has around it.
     *
     * @param root the project's folder
     * @param artifact the packaged service
     * @param environment the shell's variables
     */
    record Surroundings(
            Path root,
            Path artifact,
            Map<String, String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err) {

        Surroundings {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * The command.
     *
     * @param arguments the project's folder, then what {@link Options#usage()} says
     */
    public static void main(String[] arguments) {
        Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
        Surroundings around =
                new Surroundings(root, Host.onClassPath("-runner"), System.getenv(), System.in, System.out, System.err);
        Thread running = Thread.currentThread();
        AtomicBoolean over = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (over.compareAndSet(false, true)) {
                running.interrupt();
                try {
                    running.join(STOPS_WITHIN.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }));
        int status = run(around, List.of(arguments).subList(1, arguments.length));
        // Whoever is in the hook waits for this thread, which must not wait for the hook.
        if (over.compareAndSet(false, true)) {
            System.exit(status);
        }
    }

    static int run(Surroundings around, List<String> arguments) {
        // Only the shell knows whether a person checks the error stream.
        boolean terminal = Boolean.getBoolean("cmek.sandbox.terminal");
        try (Narrator narrator = new Narrator(around.err(), terminal)) {
            Options options = Options.parse(arguments);
            if (options.help()) {
                around.out().print(Options.usage());
                return ENDED_WELL;
            }
            ShellEnvironment shell = ShellEnvironment.parse(around.environment());
            return new Sandbox(around, options, shell, narrator).run();
        } catch (Options.UsageException e) {
            around.err().println(e.getMessage());
            return USAGE;
        }
    }

    private int run() throws Options.UsageException {
        List<byte[]> requests = requests();
        shell.requireEmulator();
        Path log = log();
        try (SimulatedApis apis = SimulatedApis.start(clock);
                Messaging messaging = new Messaging(clock, PubSubSimulator.Pusher.overHttp())) {
            URI pubsubUrl = shell.emulator().orElseGet(messaging::url);
            requests.forEach(request -> prepare(apis, request));
            if (options.serve()) {
                prepare(apis, example());
            }
            try (Host host = Host.service(around.artifact(), environment(apis, pubsubUrl), log);
                    Gateway gateway = new Gateway(host)) {
                host.url();
                PubSubRest pubsub = new PubSubRest(pubsubUrl);
                new Topology(pubsub, SimulatedApis.PROJECT).create(gateway::urlOf);
                List<Supplier<String>> survived = options.faults().stream()
                        .map(fault -> fault.breakIn(apis, gateway))
                        .toList();
                if (options.serve()) {
                    ServedEnvironment.exports(apis, pubsubUrl, around.root().resolve("target/sandbox-gcloud"))
                            .forEach(around.out()::println);
                    around.out().flush();
                }
                boolean good = options.scan() ? scans(apis, pubsub) : onboardings(pubsub, host, requests);
                if (good && (options.scan() || !requests.isEmpty())) {
                    survived.forEach(fault -> narrator.say(fault.get()));
                }
                if (options.serve()) {
                    serve(pubsub, host);
                }
                if (options.calls()) {
                    apis.journal().entries().forEach(around.out()::println);
                }
                return good ? ENDED_WELL : ENDED_BADLY;
            }
        } catch (IOException | IllegalStateException | UncheckedIOException | PubSubRest.PermanentException e) {
            boolean stopped = Thread.interrupted();
            narrator.say("sandbox: " + (stopped ? "stopped" : e.getMessage()));
            return stopped && options.serve() ? ENDED_WELL : ENDED_BADLY;
        }
    }

    private List<byte[]> requests() throws Options.UsageException {
        List<byte[]> requests = new ArrayList<>();
        for (String name : options.requests()) {
            byte[] request = read(name);
            if (request.length == 0) {
                throw new Options.UsageException(name + " is empty", REQUEST);
            }
            requests.add(request);
        }
        if (requests.isEmpty() && !options.scan() && !options.serve()) {
            requests.add(example());
        }
        return requests;
    }

    private byte[] read(String name) throws Options.UsageException {
        try {
            return name.equals("-") ? around.in().readAllBytes() : Files.readAllBytes(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new Options.UsageException(name + " cannot be read", REQUEST);
        }
    }

    private byte[] example() throws Options.UsageException {
        return read(around.root().resolve("deployment/examples/provision.json").toString());
    }

    /** Where the service's output goes. */
    private Path log() throws Options.UsageException {
        Path folder = around.root().resolve("target");
        try {
            Path log = Files.createDirectories(folder).resolve("sandbox.log");
            return Files.write(log, new byte[0]);
        } catch (IOException e) {
            throw new Options.UsageException(
                    "cannot write to " + folder, "run the sandbox in a copy of this folder that you may write to");
        }
    }

    /** Shows what is published until somebody ends it. */
    private void serve(PubSubRest pubsub, Host host) {
        narrator.say("serving until Ctrl-C");
        while (host.isAlive()) {
            new Results(pubsub, SimulatedApis.PROJECT, clock)
                    .follow(ENDS_WITHIN, narrator::tellAny, () -> !host.isAlive());
        }
        throw new IllegalStateException("the service has ended; target/sandbox.log says why");
    }

    /** One scan over an estate that is almost well, and then those in which the harm is seen. */
    private boolean scans(SimulatedApis apis, PubSubRest pubsub) throws IOException {
        SeededInventory estate = SeededInventory.in(apis);
        SandboxScan scan = new SandboxScan(pubsub, clock, results(), narrator);
        boolean good = scan.run().isPresent();
        estate.harm();
        for (int time = 0; time < options.times(); time++) {
            Optional<JsonNode> end = scan.run();
            if (end.isPresent()) {
                Path folder = Files.createDirectories(around.root().resolve("target/scan"));
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

    /** Where results go; what is served prints its environment there, for a shell to read. */
    private PrintStream results() {
        return options.serve() ? new PrintStream(OutputStream.nullOutputStream(), false, UTF_8) : around.out();
    }

    private boolean onboardings(PubSubRest pubsub, Host host, List<byte[]> requests) {
        boolean good = true;
        for (int time = 0; time < options.times(); time++) {
            good &= onboard(pubsub, host, requests);
        }
        return good;
    }

    /** Publishes the requests and follows them to their ends. */
    private boolean onboard(PubSubRest pubsub, Host host, List<byte[]> requests) {
        Set<String> open = new LinkedHashSet<>();
        for (byte[] request : requests) {
            open.add(pubsub.publish(SimulatedApis.PROJECT, Topology.requests(), request, Map.of()));
        }
        AtomicBoolean good = new AtomicBoolean(true);
        PrintStream results = results();
        new Results(pubsub, SimulatedApis.PROJECT, clock)
                .follow(
                        ENDS_WITHIN,
                        result -> {
                            results.println(result.json());
                            results.flush();
                            narrator.tell(result);
                            good.compareAndSet(true, !result.isBadEnd());
                            open.removeIf(result::ends);
                        },
                        () -> open.isEmpty() || !host.isAlive());
        if (!open.isEmpty()) {
            narrator.say("sandbox: "
                    + (host.isAlive()
                            ? "no terminal status within " + ENDS_WITHIN.toMinutes() + " minutes"
                            : "the service has ended; target/sandbox.log says why"));
        }
        return open.isEmpty() && good.get();
    }

    /** A person's own request names a project and a workspace of their own; these APIs have them. */
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

    private Map<String, String> environment(SimulatedApis apis, URI pubsubUrl) {
        Map<String, String> settings = new HashMap<>(options.keyless() ? apis.keylessSettings() : apis.settings());
        settings.put("cmek.google.pubsub-url", pubsubUrl.toString());
        settings.put("cmek.policy.allowed-workspaces", "*");
        settings.put("cmek.timing.propagation-window", "PT15S");
        // Half of it is spent on trying again, which must be less than a message's attempts take here.
        settings.put("cmek.scan.deadline", "PT30S");
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.http.host", "127.0.0.1");
        Map<String, String> environment = Host.environment(settings);
        // Whoever sets one of these means it.
        environment.putAll(shell.settings());
        return environment;
    }
}
