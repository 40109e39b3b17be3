package cmek.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The last of all tests, run by the build when the others are done (the execution {@code secrets} of the pom): the test
 * credentials are in nothing that was reported, logged, published or printed.
 */
class SecretScan {

    private static final Path OUTPUT = Path.of("target");
    private static final long ENDS_WITHIN_SECONDS = 300;

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {"", "--keyless", "--keyless --fault anthropic-500"})
    void theSandboxPrintsAndLogsNone(String options) throws IOException, InterruptedException {
        Path output = Files.createDirectories(OUTPUT.resolve("secret-scan"))
                .resolve("sandbox" + options.replaceAll("[^a-z0-9]+", "-") + ".txt");
        Process process = new ProcessBuilder("bash", "-c", "deployment/sandbox.sh --calls " + options)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        Files.copy(
                OUTPUT.resolve("sandbox.log"),
                output.resolveSibling(output.getFileName() + ".log"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(ended).isTrue();
        assertThat(Files.readString(output)).contains("ATTACHED");
        assertThat(Files.readString(output).contains("token POST /v1/oauth/token -> 200"))
                .isEqualTo(options.contains("--keyless"));
        assertThat(SecretScanner.scan(OUTPUT.resolve("secret-scan"))).isEmpty();
    }

    @Test
    void theWholeRunLeftNone() throws IOException {
        // A scan of nothing finds nothing.
        assertThat(searched()).contains("surefire-reports", "failsafe-reports", "test-output", "published", "invoker");
        assertThat(List.of("KeylessChainTest", "WholeChainTest", "FaultMatrixTest"))
                .allSatisfy(SecretScan::wasRun);
        assertThat(SecretScanner.scan(OUTPUT)).isEmpty();
    }

    @Tag("thorough")
    @Test
    void theThoroughRunLeftNone() throws IOException {
        assertThat(searched()).contains("surefire-reports", "failsafe-reports", "test-output", "published", "invoker");
        assertThat(List.of("ScanUnderFaultsTest", "RemedyByGcloudTest")).allSatisfy(SecretScan::wasRun);
        assertThat(SecretScanner.scan(OUTPUT)).isEmpty();
    }

    private static Set<String> searched() throws IOException {
        return SecretScanner.outputs(OUTPUT).stream()
                .map(file -> OUTPUT.relativize(file).getName(0).toString().replaceAll("invoker-.*", "invoker"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void wasRun(String test) {
        assertThat(OUTPUT.resolve("surefire-reports/TEST-cmek.sandbox." + test + ".xml"))
                .exists();
    }
}
