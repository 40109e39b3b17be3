package cmek.scan.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The accessibility checks of axe-core, which npm fetches once into {@code target/}. Nothing of it is shipped.
 *
 * @see <a href="https://github.com/dequelabs/axe-core">axe-core</a>
 */
final class AxeCore {

    private static final String VERSION = "4.11.0";
    private static final Path FOLDER = Path.of("target", "axe-core");

    private AxeCore() {}

    /** The script; the test is skipped where it cannot be had. */
    static String script() throws IOException, InterruptedException {
        Path script = FOLDER.resolve("package").resolve("axe.min.js");
        if (!Files.exists(script)) {
            Files.createDirectories(FOLDER);
            assumeTrue(
                    runs("npm", "pack", "axe-core@" + VERSION)
                            && runs("tar", "-xzf", "axe-core-" + VERSION + ".tgz", "package/axe.min.js"),
                    "axe-core cannot be had: npm pack axe-core@" + VERSION + " failed");
        }
        return Files.readString(script, StandardCharsets.UTF_8);
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
