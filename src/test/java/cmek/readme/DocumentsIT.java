package cmek.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import cmek.simulator.Gcloud;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what documents show and compares what comes out, but for times and ids. */
@Tag("thorough")
class DocumentsIT {

    /** The first one may have to build the service first. */
    private static final long ENDS_WITHIN_SECONDS = 300;

    /** A command, up to where the shell begins another one. */
    private static final Pattern GCLOUD =
            Pattern.compile("gcloud (?:'[^']*'|\"[^\"]*\"|\\$\\([^)]*\\)|[^'\"|&;#)\\n])+");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does it.
    private Path folder;

    static Stream<Document.Shown> shown() {
        List<Document.Shown> shown = Document.all().stream()
                .flatMap(document -> document.shown().stream())
                .toList();
        assertThat(shown).hasSizeGreaterThan(4);
        return shown.stream();
    }

    @ParameterizedTest
    @MethodSource("shown")
    void theCommandPrintsWhatTheDocumentShows(Document.Shown shown) throws IOException, InterruptedException {
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

    static Stream<String> scripts() {
        List<String> scripts = Document.all().stream()
                .flatMap(document -> Stream.concat(document.scripts().stream(), document.spans().stream()))
                .flatMap(code -> Pattern.compile("deployment/(?:(?:sandbox|benchmark)\\.sh|cmek)\\b")
                        .matcher(code)
                        .results()
                        .map(found -> found.group()))
                .distinct()
                .sorted()
                .toList();
        assertThat(scripts).isNotEmpty();
        return scripts.stream();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptSaysHowItIsUsed(String script) throws IOException, InterruptedException {
        assertThat(Shell.output(Path.of("."), Map.of(), script + " --help && echo DONE"))
                .containsIgnoringCase("usage: ")
                .endsWith("DONE\n");
    }

    @Test
    void gcloudKnowsEveryCommandAndItsOptions() throws IOException, InterruptedException {
        assumeThat(Gcloud.isInstalled()).isTrue();
        ObjectMapper json = new ObjectMapper();
        ArrayNode commands = json.createArrayNode();
        // In a sentence a command without options is only spoken of.
        Document.all().stream()
                .flatMap(document -> Stream.concat(
                        document.scripts().stream(), document.spans().stream().filter(span -> span.contains("--"))))
                .flatMap(code -> GCLOUD.matcher(code)
                        .results()
                        .map(found -> found.group().strip()))
                // Of such a command a part is left out.
                .filter(command -> !command.contains("…"))
                .distinct()
                .forEach(command -> commands.addObject()
                        .put("id", String.valueOf(commands.size()))
                        .put("command_string", filledIn(command)));
        assertThat(commands).hasSizeGreaterThan(20);
        Path file = Files.writeString(folder.resolve("commands.json"), commands.toString());

        String answer = Shell.output(
                folder,
                Map.of("CLOUDSDK_CONFIG", folder.toString()),
                "gcloud meta lint-gcloud-commands --serialize --commands-file=" + file + " 2>/dev/null");

        List<String> refused = json.readTree(answer).findParents("success").stream()
                .filter(command -> !command.path("success").asBoolean())
                .map(DocumentsIT::told)
                // Of 2025: a gcloud that is older does not know it.
                .filter(told -> !told.contains("unrecognized arguments: --no-build"))
                .toList();
        assertThat(refused).isEmpty();
    }

    private static String told(JsonNode command) {
        return command.path("command_string").asText() + ": "
                + command.path("error_message").asText();
    }

    /** The same with what a reader puts in place of names; the analysis takes what follows a long option for its value. */
    private static String filledIn(String command) {
        return command.replaceAll("\\$\\([^)]*\\)", "x")
                .replaceAll("\\$(\\w+|\\{\\w+})", "acme-cmek")
                .replace("--project=PROJECT", "--project=acme-cmek")
                .replace("--recursive ", "-r ");
    }
}
