package cmek.benchmark;

import cmek.onboarding.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
        try (Running running = service.start(surroundings, "", log)) {
            surroundings.pushTo(running);
            running.firstAnswer("/onboard", Map.of(), Surroundings.pushed("0", surroundings.event(Step.ONBOARD)));
            for (int i = 0; i < ONBOARDINGS; i++) {
                surroundings.onboard(surroundings.freshName());
            }
            running.end();
        }
    }
}
