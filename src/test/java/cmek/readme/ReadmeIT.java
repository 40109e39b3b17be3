package cmek.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what the README shows and compares what comes out, but for times and ids. */
@Tag("thorough")
class ReadmeIT {

    /** The first one may have to build the service first. */
    private static final long ENDS_WITHIN_SECONDS = 300;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does it.
    private Path folder;

    static Stream<Readme.Shown> shown() {
        List<Readme.Shown> shown = Readme.read().shown();
        assertThat(shown).isNotEmpty();
        return shown.stream();
    }

    @ParameterizedTest
    @MethodSource("shown")
    void theCommandPrintsWhatTheReadmeShows(Readme.Shown shown) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", shown.command())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().remove("PUBSUB_EMULATOR_HOST");
        Process process = builder.start();
        boolean ended = process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);

        assertThat(comparable(Files.readString(output))).isEqualTo(comparable(shown.output()));
        assertThat(ended).isTrue();
    }

    /** The same text with everything alike that differs from run to run. */
    private static String comparable(String text) {
        return text.replaceAll("(?m)^building the service.*\\n", "")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
                .replaceAll("ekey_\\w+", "EKEY")
                .replaceAll("req_\\w+", "REQ")
                .replaceAll("\\d+ ms", "N ms")
                .replaceAll("\"millis\":\\d+", "\"millis\":N")
                .replaceAll("[ \\t]+", " ")
                .strip();
    }
}
