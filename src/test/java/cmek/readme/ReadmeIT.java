package cmek.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what the README shows and compares what comes out, but for times and ids. */
class ReadmeIT {

    static Stream<Readme.Shown> shown() {
        List<Readme.Shown> shown = Readme.read().shown();
        assertThat(shown).isNotEmpty();
        return shown.stream();
    }

    @ParameterizedTest
    @MethodSource("shown")
    void theCommandPrintsWhatTheReadmeShows(Readme.Shown shown) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", shown.command()).redirectErrorStream(true);
        builder.environment().remove("PUBSUB_EMULATOR_HOST");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(comparable(output)).isEqualTo(comparable(shown.output()));
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
