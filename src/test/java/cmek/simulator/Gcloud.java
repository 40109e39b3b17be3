package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real {@code gcloud}, without credentials and without a way to anywhere but a simulator. */
final class Gcloud {

    private final String kmsUrl;
    private final Path directory;

    /**
     * Prepares to run commands.
     *
     * @param directory for its configuration and output
     */
    Gcloud(String kmsUrl, Path directory) {
        this.kmsUrl = kmsUrl;
        this.directory = directory;
    }

    static boolean isInstalled() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, "gcloud"))) {
                return true;
            }
        }
        return false;
    }

    /** Runs a command that must succeed, and returns what it printed on its standard output. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gcloud"));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS", kmsUrl + "/");
        builder.environment().put("CLOUDSDK_CONFIG", directory.toString());
        builder.environment().put("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true");
        builder.environment().put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + Files.readString(errors, UTF_8))
                .isZero();
        return Files.readString(output, UTF_8);
    }
}
