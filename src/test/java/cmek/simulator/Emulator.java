package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Google's own Pub/Sub emulator in a process of its own, where it is installed. */
public final class Emulator implements AutoCloseable {

    /** What whoever skips something for want of it says. */
    public static final String NOT_INSTALLED =
            "the official Pub/Sub emulator is not installed (gcloud components install pubsub-emulator)";

    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final URI url;

    private Emulator(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it on a free port and waits until it listens.
     *
     * @return empty where it is not installed
     */
    public static Optional<Emulator> start() throws IOException, InterruptedException {
        Optional<Path> jar = jar();
        if (jar.isEmpty()) {
            return Optional.empty();
        }
        int port = freePort();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        jar.get().toString(),
                        "--host=127.0.0.1",
                        "--port=" + port)
                .redirectErrorStream(true)
                .start();
        // Whoever ends this program with a signal ends the emulator with it.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Emulator emulator = new Emulator(process, URI.create("http://127.0.0.1:" + port));
        if (!emulator.hasStarted()) {
            emulator.close();
            throw new IllegalStateException("the Pub/Sub emulator did not start");
        }
        return Optional.of(emulator);
    }

    public URI url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** Beside {@code gcloud}, wherever that is installed. */
    private static Optional<Path> jar() throws IOException {
        for (String folder :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1)) {
            Path gcloud = Path.of(folder, "gcloud");
            if (!folder.isEmpty() && Files.isExecutable(gcloud)) {
                Path lib = gcloud.toRealPath()
                        .resolve("../../platform/pubsub-emulator/lib")
                        .normalize();
                if (Files.isDirectory(lib)) {
                    try (Stream<Path> jars = Files.list(lib)) {
                        return jars.filter(jar -> jar.toString().endsWith("-all.jar"))
                                .findFirst();
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Reads its output to the end, lest it block; tells whether it got as far as listening. */
    private boolean hasStarted() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            if (line.contains("Server started")) {
                                started.countDown();
                            }
                        }
                    } catch (IOException e) {
                        // Its end.
                    }
                },
                "emulator output");
        reader.setDaemon(true);
        reader.start();
        return started.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
