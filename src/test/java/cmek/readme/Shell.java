package cmek.readme;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The shell that readers paste commands into. */
final class Shell {

    private static final long ENDS_WITHIN_SECONDS = 60;

    private Shell() {}

    /**
     * Runs a script and returns what it printed on both streams.
     *
     * @param options of the shell itself
     */
    static String output(Path folder, Map<String, String> environment, String script, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash"));
        command.addAll(List.of(options));
        command.addAll(List.of("-c", script));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end: " + script);
        }
        return output;
    }
}
