package cmek.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.simulator.Gcloud;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every {@code gcloud} command of the documents and scripts is one that the installed {@code gcloud} understands. */
@Tag("thorough")
class DocumentedCommandsTest {

    private static final List<Path> ROOTS =
            Stream.of("deployment", "terraform").map(Path::of).toList();

    /** To the end of the line, or of what quotes it. A command may go on in the next line. */
    private static final Pattern COMMAND = Pattern.compile("(?<![\\w./-])gcloud ((?:[^`\\n\\\\]|\\\\\\n)*)");

    /** What is not an argument: the rest of a pipe, another command, a comment, an output. */
    private static final Pattern END = Pattern.compile(
            "\\s(\\||\\|\\||&&|;|#|>|2>|<|<<<)(\\s|$|/|&).*|\\s2?>/dev/null.*|[;)]\\s*(then|do|$).*|\\s{2,}#.*",
            Pattern.DOTALL);

    /** Of a version that need not be installed; the document says so. */
    private static final List<String> NEWER = List.of("--no-build");

    /** Commands of which {@code gcloud meta} says nothing at all, right or wrong. */
    private static final Pattern NOT_PARSED = Pattern.compile("storage (ls|rm) ");

    /** A command, as it is written somewhere. */
    private record Command(Path file, String text) {}

    @BeforeEach
    void needsGcloud() {
        assumeTrue(Gcloud.isInstalled(), "gcloud is not on the PATH: no command was parsed");
    }

    @Test
    void everyCommandIsUnderstood(@TempDir Path directory) throws Exception {
        List<Command> commands = documented();
        assertThat(commands).hasSizeGreaterThan(30);

        assertThat(faults(commands, directory)).isEmpty();
    }

    @Test
    void aCommandThatDoesNotExistIsFound(@TempDir Path directory) throws Exception {
        Path file = Path.of("planted.md");

        assertThat(faults(
                        List.of(
                                new Command(file, "pubsub topics publish t --attribute=trigger=manual"),
                                new Command(file, "pubsub topics pubblish t"),
                                new Command(file, "builds submit --service-acount=a")),
                        directory))
                .hasSize(2);
    }

    /** Pub/Sub refuses a message that has neither data nor attributes. */
    @Test
    void noEmptyMessageIsAdvised() throws IOException {
        assertThat(documented())
                .filteredOn(command -> command.text().startsWith("pubsub topics publish"))
                .isNotEmpty()
                .allMatch(command -> command.text().contains("--message=")
                        || command.text().contains("--attribute=")
                        || command.text().contains("${arguments"));
        for (Path file : files()) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContainIgnoringCase("empty message");
        }
    }

    private static List<String> faults(List<Command> commands, Path directory)
            throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (Command command : commands) {
            lines.append(lines.isEmpty() ? "[" : ",")
                    .append(new ObjectMapper()
                            .writeValueAsString(Map.of("command_string", "gcloud " + command.text())));
        }
        Path file = Files.writeString(directory.resolve("commands.json"), lines + "]");
        Process process = new ProcessBuilder("gcloud", "meta", "lint-gcloud-commands", "--commands-file=" + file)
                .redirectError(directory.resolve("errors").toFile())
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        process.waitFor();
        Map<String, JsonNode> answers = new HashMap<>();
        new ObjectMapper()
                .readTree(directory.resolve("output").toFile())
                .forEach(answer -> answers.put(answer.path("command_string").asText(), answer));
        List<String> faults = new ArrayList<>();
        for (Command command : commands) {
            JsonNode answer = answers.get("gcloud " + command.text());
            if (answer == null && NOT_PARSED.matcher(command.text()).lookingAt()) {
                continue;
            }
            if (answer == null) {
                faults.add(command + " was not parsed: " + Files.readString(directory.resolve("errors"), UTF_8));
                continue;
            }
            String error = answer.path("error_message").asText("");
            boolean newer = NEWER.stream().anyMatch(error::contains);
            if (!answer.path("success").asBoolean() && !newer) {
                faults.add(command + ": " + error.lines().findFirst().orElse(""));
            }
        }
        return faults;
    }

    private static List<Command> documented() throws IOException {
        List<Command> commands = new ArrayList<>();
        for (Path file : files()) {
            Matcher matcher = COMMAND.matcher(Files.readString(file).replaceAll("\\\\\\n(#\\s*)?\\s*", ""));
            while (matcher.find()) {
                String text = END.matcher(matcher.group(1)).replaceFirst("").strip();
                // A sentence speaks of gcloud; a command has a group and a command.
                if (text.matches("(alpha |beta )?[a-z-]+ [a-z-]+.*")
                        && !text.contains("…")
                        && !text.contains("--help")
                        && !isProse(text)) {
                    commands.add(new Command(file, filled(text)));
                }
            }
        }
        return commands;
    }

    private static boolean isProse(String text) {
        return !text.matches(
                "(alpha |beta )?(artifacts|auth|beta|billing|builds|config|eventarc|functions|iam|kms|logging|monitoring"
                        + "|organizations|projects|pubsub|run|scheduler|secrets|services|storage) .*");
    }

    /** With something in the place of what a shell or a template puts in. */
    private static String filled(String text) {
        return text.replaceAll("\"\\$\\(.*?\\)\"", "example")
                .replaceAll("\\$\\{[^}]*}", "example-")
                .replaceAll("\\$[A-Za-z_]+", "example")
                .replaceAll("=example-(?=`|$)", "=example")
                .replaceAll("\\bPROJECT\\b", "example");
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root : ROOTS) {
            try (Stream<Path> walk = Files.walk(root)) {
                walk.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.toString().contains(".terraform"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }
}
