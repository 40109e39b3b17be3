package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The real {@code gcloud}, without credentials and without a way to anywhere but a simulator. */
public final class Gcloud {

    private final Map<String, String> urls;
    private final Path directory;

    /**
     * Prepares to run commands.
     *
     * @param directory for its configuration and output
     */
    Gcloud(String kmsUrl, Path directory) {
        this(Map.of("cloudkms", URI.create(kmsUrl)), directory);
    }

    /**
     * Prepares to run commands.
     *
     * @param urls of the APIs that are simulated; all others are nowhere
     */
    public Gcloud(Map<String, URI> urls, Path directory) {
        this.urls = new TreeMap<>();
        for (String api : List.of("cloudkms", "serviceusage", "cloudresourcemanager", "orgpolicy", "iam")) {
            this.urls.put(api, urls.getOrDefault(api, URI.create("http://127.0.0.1:9")) + "/");
        }
        this.urls.put("storage", urls.getOrDefault("storage", URI.create("http://127.0.0.1:9")) + "/storage/v1/");
        this.directory = directory;
    }

    public static boolean isInstalled() {
        return isOnPath("gcloud");
    }

    /** Whether a command that a remedy needs is there. */
    public static boolean isOnPath(String command) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, command))) {
                return true;
            }
        }
        return false;
    }

    /** Runs a command that must succeed, and returns what it printed on its standard output. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gcloud"));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    /** Runs a line as a person pastes it into a shell: with its quotes, pipes and files. It must succeed. */
    public String paste(String line) throws IOException, InterruptedException {
        return execute(List.of("bash", "-euo", "pipefail", "-c", line));
    }

    private String execute(List<String> command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(directory.toFile());
        urls.forEach((api, url) ->
                builder.environment().put("CLOUDSDK_API_ENDPOINT_OVERRIDES_" + api.toUpperCase(Locale.ROOT), url));
        builder.environment().put("CLOUDSDK_CONFIG", directory.toString());
        builder.environment().put("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true");
        builder.environment().put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + Files.readString(errors, UTF_8));
        }
        return Files.readString(output, UTF_8);
    }
}
