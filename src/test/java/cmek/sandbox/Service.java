package cmek.sandbox;

import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The packaged HTTP service in a process of its own, and what is around it.
 *
 * @param deployment what is around it
 * @param host the process
 */
record Service(Deployment deployment, Host host) implements AutoCloseable {

    /** What this build made: a native executable or a jar. */
    static final Path ARTIFACT = Path.of(System.getProperty("cmek.artifact"));

    /**
     * Starts it; {@link Host#url} waits until it listens.
     *
     * @param name of whoever wants it, for its log
     * @param more settings of it in that APIs, by property, before those of the profile and of any APIs
     */
    static Service start(String name, InTheSandbox profile, Function<SimulatedApis, Map<String, String>> more) {
        Deployment deployment = new Deployment();
        deployment.init(profile.surroundings());
        Map<String, String> settings = new HashMap<>(profile.settings());
        settings.putAll(deployment.settings());
        // A process of its own really waits five seconds between two validations, which must not use up the window.
        settings.put("cmek.timing.propagation-window", "PT8S");
        settings.put("quarkus.http.port", "0");
        settings.putAll(more.apply(deployment.apis()));
        return new Service(deployment, Host.service(ARTIFACT, Host.environment(settings), log(name), deployment::hear));
    }

    /** The port on which it listens now. */
    int port() {
        return host.url().getPort();
    }

    @Override
    public void close() {
        host.close();
        deployment.close();
    }

    private static Path log(String name) {
        try {
            return Files.createDirectories(ARTIFACT.toAbsolutePath().resolveSibling("service"))
                    .resolve(name + ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
