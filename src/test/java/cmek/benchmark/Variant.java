package cmek.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One way to run the functions.
 *
 * @param command that starts them; {@code PORT} stands for the port
 * @param invoker whether it is Google's functions invoker, with one function and CloudEvents, or the HTTP service
 */
record Variant(String name, List<String> command, boolean invoker) {

    /** Short lives: what the deployment sets. The first compiler is enough, and one collector thread that has nothing to do. */
    private static final List<String> SHORT =
            List.of("-XX:TieredStopAtLevel=1", "-XX:MetaspaceSize=96m", "-XX:+UseSerialGC");

    static Variant executable(Path executable) {
        return new Variant("service, native", List.of(executable.toString(), "-Dquarkus.http.port=PORT"), false);
    }

    static Variant service(Path java, String jdk, Path jar, List<String> options) {
        return new Variant(
                "service, " + jdk,
                command(java, options, List.of("-Dquarkus.http.port=PORT", "-jar", jar.toString())),
                false);
    }

    static Variant invoker(Path java, String jdk, Path invoker, Path jar, List<String> options) {
        return invoker("invoker, " + jdk, java, invoker, jar, "cmek.function.CmekFunction", options);
    }

    /** The invoker with a function that does nothing: what no function can be faster than. */
    static Variant invokerAlone(Path java, String jdk, Path invoker, Path classes, List<String> options) {
        return invoker("invoker alone, " + jdk, java, invoker, classes, Nothing.class.getName(), options);
    }

    private static Variant invoker(
            String name, Path java, Path invoker, Path classes, String function, List<String> options) {
        return new Variant(
                name,
                command(
                        java,
                        options,
                        List.of(
                                "-jar",
                                invoker.toString(),
                                "--classpath",
                                classes.toString(),
                                "--target",
                                function,
                                "--port",
                                "PORT")),
                true);
    }

    private static List<String> command(Path java, List<String> options, List<String> rest) {
        return Stream.of(List.of(java.toString()), SHORT, options, rest)
                .flatMap(List::stream)
                .toList();
    }

    /** The same with more options for the JVM. */
    Variant with(String more, List<String> options) {
        List<String> all = new ArrayList<>(command);
        all.addAll(1, options);
        return new Variant(name + ", " + more, all, invoker);
    }

    /** Whether it serves the chain, as it is deployed: with all its functions, and without anything of a run before. */
    boolean isWhole() {
        return !name.contains("trained") && !name.contains("alone");
    }

    /** The same on one core. */
    Variant pinned() {
        List<String> all = new ArrayList<>(List.of("taskset", "-c", "0"));
        all.addAll(command);
        return new Variant(name, all, invoker);
    }

    Running start(Surroundings surroundings, String function, Path log) {
        Map<String, String> environment = surroundings.environment(function);
        if (!invoker) {
            environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        }
        return Running.start(command, environment, log);
    }
}
