package cmek.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the HTTP service with real events, so that the JVM can leave what it learned to the next start. */
public final class Training {

    private static final int ONBOARDINGS = 5;

    private Training() {}

    /**
     * The command: writes an AOT cache of the JDK that runs it.
     *
     * @param arguments the service's jar, where it will run from; the cache's file
     */
    public static void main(String[] arguments) {
        Path jar = Path.of(arguments[0]);
        Path cache = Path.of(arguments[1]);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Variant service = Variant.service(java, "training", jar, List.of("-XX:AOTCacheOutput=" + cache));
        try (Surroundings surroundings = new Surroundings()) {
            train(service, surroundings, Path.of(cache + ".log"));
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("no cache was left; " + cache + ".log says why");
        }
        System.exit(0);
    }

    static void train(Variant service, Surroundings surroundings, Path log) {
        try (Running running = surroundings.serve(service, log)) {
            surroundings.onboard(ONBOARDINGS);
            running.end();
        }
    }
}
