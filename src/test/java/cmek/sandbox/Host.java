package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions in a process of their own, under one of their two hosts; can be killed and started again. */
public final class Host implements AutoCloseable {

    private static final String LOCAL = "http://localhost:";

    /** Where it believes to be in the cloud, the invoker keeps its address to itself, and only its server tells a port. */
    private static final Pattern INVOKER_READY = Pattern.compile("URL: (http://\\S+)|\\{0\\.0\\.0\\.0:(\\d+)}");

    private static final long WITHIN_SECONDS = 60;

    /** What a process gets of this one's environment: the functions should not depend on whoever starts them. */
    private static final Set<String> INHERITED = Set.of("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ");

    private static final Pattern FRAME = Pattern.compile("\\s+(at |\\.\\.\\. ).*|\\s*");
    private static final String CAUSE = "Caused by: ";
    private static final Pattern KIND = Pattern.compile("^(?:[\\w.$]+(?:Exception|Error): )+");
    private static final int WORDS_AT_MOST = 10;

    private final Supplier<List<String>> command;
    private final Pattern ready;
    private final Map<String, String> environment;
    private final Path log;
    private final Consumer<String> listener;
    private Run run;

    private Host(
            Supplier<List<String>> command,
            Pattern ready,
            Map<String, String> environment,
            Path log,
            Consumer<String> listener) {
        this.command = command;
        this.ready = ready;
        this.environment = Map.copyOf(environment);
        this.log = log;
        this.listener = listener;
        this.run = launch();
    }

    /** One life of the process; the address is known once it says that it listens. */
    private record Run(Process process, Thread output, CompletableFuture<URI> address) {}

    /**
     * Starts the HTTP service, as Cloud Run would run it: all functions in one process.
     *
     * @param artifact a jar, or a native executable
     * @param environment what it runs with
     * @param log where its output goes, appended
     */
    public static Host service(Path artifact, Map<String, String> environment, Path log) {
        return service(artifact, environment, log, line -> {});
    }

    /** The same, with somebody who is told every line of its output as soon as it is read. */
    static Host service(Path artifact, Map<String, String> environment, Path log, Consumer<String> listener) {
        return new Host(
                () -> serviceCommand(artifact),
                Pattern.compile("Listening on: (http://\\S+)"),
                environment,
                log,
                listener);
    }

    private static List<String> serviceCommand(Path artifact) {
        return artifact.toString().endsWith(".jar")
                // A short life: the first of the two compilers is enough.
                ? List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", artifact.toString())
                : List.of(artifact.toString());
    }

    /** Starts one function under Google's functions invoker; the environment names which. */
    public static Host invoker(Path jar, Map<String, String> environment, Path log) {
        return new Host(() -> invokerCommand(jar), INVOKER_READY, environment, log, line -> {});
    }

    /** Settings by property as the variables of an environment. */
    public static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        settings.forEach((property, value) ->
                environment.put(property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), value));
        return environment;
    }

    /**
     * Where the functions answer now; another place after every start. Waits until they do.
     *
     * @throws IllegalStateException with their own words where they did not start
     */
    public synchronized URI url() {
        try {
            return run.address().get(WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the functions did not start"
                            + Objects.requireNonNull(e.getCause()).getMessage(),
                    e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the functions did not start within " + WITHIN_SECONDS + " seconds; see " + log, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends the process at once, whatever it is doing, and starts another. */
    public synchronized void crash() {
        run.process().destroyForcibly();
        run = launch();
    }

    /** Asks the process to end, as a platform does that takes an instance away. */
    public synchronized void terminate() {
        // By its handle: the process itself would close the pipe as well, and what it says at its end were lost.
        run.process().toHandle().destroy();
    }

    /** Whether the process has not ended yet. */
    public synchronized boolean isAlive() {
        return run.process().isAlive();
    }

    /** Starts the process again after it ended. */
    public synchronized void restart() {
        run = launch();
    }

    /** The process as the operating system knows it now. */
    public synchronized long pid() {
        return run.process().pid();
    }

    /** Waits for the end of a process that shall end by itself, and of what it prints. */
    public synchronized int exitStatus() {
        try {
            if (!run.process().waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the process lives on; see " + log);
            }
            run.output().join();
            return run.process().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        run.process().destroyForcibly();
    }

    private Run launch() {
        ProcessBuilder builder = new ProcessBuilder(command.get()).redirectErrorStream(true);
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Whoever ends this program with a signal ends the functions with it.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        CompletableFuture<URI> address = new CompletableFuture<>();
        Thread output = new Thread(() -> copy(process, address), "host output");
        output.setDaemon(true);
        output.start();
        return new Run(process, output, address);
    }

    private void copy(Process process, CompletableFuture<URI> address) {
        List<String> said = new ArrayList<>();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
                PrintWriter copy = new PrintWriter(
                        Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                copy.println(line);
                listener.accept(line);
                if (!address.isDone() && !FRAME.matcher(line).matches()) {
                    said.add(line);
                }
                Matcher matcher = ready.matcher(line);
                if (matcher.find()) {
                    address.complete(
                            URI.create(matcher.group(1) == null ? LOCAL + matcher.group(2) : matcher.group(1)));
                }
            }
        } catch (IOException e) {
            // The process was killed in the middle of a line; there is nothing more to copy.
        }
        address.completeExceptionally(new IllegalStateException(words(said)));
    }

    /** Why a process ended, of all that it said: its last cause, without the names of exceptions. */
    private static String words(List<String> said) {
        int from = Math.max(0, said.size() - WORDS_AT_MOST);
        for (int i = from; i < said.size(); i++) {
            if (said.get(i).startsWith(CAUSE)) {
                from = i;
            }
        }
        StringBuilder words = new StringBuilder();
        for (String line : said.subList(from, said.size())) {
            String word = KIND.matcher(line.replace(CAUSE, "").strip()).replaceFirst("");
            words.append(System.lineSeparator()).append("    ").append(word);
        }
        return words.toString();
    }

    private static List<String> invokerCommand(Path jar) {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= 24) {
            // The invoker's Jetty reaches into java.lang, which these versions no longer allow by themselves.
            command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-jar",
                onClassPath("java-function-invoker").toString(),
                "--classpath",
                jar.toString(),
                "--target",
                "cmek.function.CmekFunction",
                "--port",
                Integer.toString(freePort())));
        return command;
    }

    /** A jar of this process's own class path. */
    public static Path onClassPath(String name) {
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            if (entry.contains(name) && entry.endsWith(".jar")) {
                return Path.of(entry);
            }
        }
        throw new IllegalStateException("not on the class path: " + name);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
