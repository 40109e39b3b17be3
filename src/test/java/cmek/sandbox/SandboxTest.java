package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sandbox says before and while the service starts. */
class SandboxTest {

    private static final int USAGE = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does it.
    private Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void checkOut() throws IOException {
        Path examples = Files.createDirectories(root.resolve("deployment/examples"));
        Files.copy(Path.of("deployment/examples/provision.json"), examples.resolve("provision.json"));
    }

    /** Runs it with a service that is a script. */
    private int run(String script, Map<String, String> environment, String... arguments) {
        try {
            Path service = Files.writeString(root.resolve("service"), "#!/bin/sh\n" + script + "\n");
            Files.setPosixFilePermissions(service, PosixFilePermissions.fromString("rwx------"));
            return Sandbox.run(
                    new Sandbox.Surroundings(
                            root,
                            service,
                            environment,
                            new ByteArrayInputStream(new byte[0]),
                            new PrintStream(out, true, UTF_8),
                            new PrintStream(err, true, UTF_8)),
                    List.of(arguments));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int run(Map<String, String> environment, String... arguments) {
        return run("echo it was started; exit 1", environment, arguments);
    }

    private void assertRefusedInTwoLines(String why, String whatToDo) {
        assertThat(err.toString(UTF_8).lines()).hasSize(2).noneMatch(line -> line.startsWith("\tat "));
        assertThat(err.toString(UTF_8).lines().findFirst().orElseThrow())
                .startsWith("sandbox: ")
                .contains(why);
        assertThat(err.toString(UTF_8).lines().skip(1).findFirst().orElseThrow())
                .contains(whatToDo);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(Files.exists(root.resolve("target/sandbox.log"))).isFalse();
    }

    // --- what a shell has ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CMEK_ANTHROPIC_ADMIN_KEY",
                "CMEK_ANTHROPIC_ADMIN_KEY_FILE",
                "CMEK_ANTHROPIC_BASE_URL",
                "CMEK_ANTHROPIC_FEDERATION_RULE_ID",
                "CMEK_ANTHROPIC_ORGANIZATION_ID",
                "CMEK_EVIDENCE_BUCKET",
                "CMEK_GOOGLE_KMS_URL",
                "CMEK_GOOGLE_METADATA_URL",
                "CMEK_GOOGLE_PROJECT",
                "CMEK_GOOGLE_PUBSUB_URL",
                "CMEK_HOST_SERVES",
                "CMEK_TOPICS_PREFIX",
                "cmek.anthropic.base-url",
                "cmek_google_kms_url"
            })
    void whatBelongsToADeploymentIsRefusedByNameAndNotShown(String name) {
        assertThat(run(Map.of(name, "sk-ant-admin01-of-somebody"))).isEqualTo(USAGE);

        assertRefusedInTwoLines(name + " is set in this shell", "env -u " + name + " deployment/sandbox.sh");
        assertThat(err.toString(UTF_8)).doesNotContain("of-somebody");
    }

    @Test
    void allOfThemAreNamedAtOnce() {
        assertThat(run(Map.of("CMEK_GOOGLE_PROJECT", "acme", "CMEK_ANTHROPIC_ADMIN_KEY", "x")))
                .isEqualTo(USAGE);

        assertRefusedInTwoLines(
                "CMEK_ANTHROPIC_ADMIN_KEY, CMEK_GOOGLE_PROJECT are set",
                "env -u CMEK_ANTHROPIC_ADMIN_KEY -u CMEK_GOOGLE_PROJECT deployment/sandbox.sh");
    }

    @Test
    void theServiceGetsThePolicyOfTheShellAndNothingElseOfIt() {
        run(
                "env; exit 1",
                Map.of(
                        "CMEK_POLICY_ALLOWED_PROJECTS", "beta-*",
                        "GOOGLE_APPLICATION_CREDENTIALS", "/home/me/key.json",
                        "JAVA_TOOL_OPTIONS", "-Dcmek.anthropic.base-url=https://example.com"));

        assertThat(log().lines())
                .contains("CMEK_POLICY_ALLOWED_PROJECTS=beta-*")
                .noneMatch(line -> line.startsWith("GOOGLE_") || line.startsWith("JAVA_"));
        assertThat(log().lines().filter(line -> line.startsWith("CMEK_") && line.contains("://")))
                .isNotEmpty()
                .allMatch(line -> line.contains("=http://127.0.0.1:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pubsub.example.com:443", "10.0.0.7:8085", "localhost", "127.0.0.1.example.com:80", "x"})
    void anEmulatorElsewhereIsRefused(String host) {
        assertThat(run(Map.of("PUBSUB_EMULATOR_HOST", host))).isEqualTo(USAGE);

        assertRefusedInTwoLines("PUBSUB_EMULATOR_HOST is " + host, "env -u PUBSUB_EMULATOR_HOST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:%d", "localhost:%d", "http://127.0.0.1:%d/"})
    void anEmulatorThatIsNotThereIsSaidToBeMissing(String host) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(run(Map.of("PUBSUB_EMULATOR_HOST", String.format(host, port))))
                .isEqualTo(USAGE);

        assertRefusedInTwoLines(port + ", where nothing answers", "start the emulator there");
    }

    // --- what is on the command line -----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "--no-such-option, unknown option --no-such-option",
        "--fault, --fault needs a value",
        "--fault flood, unknown fault flood",
        "--fault crash-after-nothing, unknown fault crash-after-nothing",
        "--times 0, --times is a number from 1 to 100",
        "--scan request.json, --scan takes no request: request.json",
        "--serve --calls, --serve does not end"
    })
    void whatIsNotUnderstoodIsSaidInTwoLines(String arguments, String why) {
        assertThat(run(Map.of(), arguments.split(" "))).isEqualTo(USAGE);

        assertRefusedInTwoLines(why, "run deployment/sandbox.sh --help");
    }

    @ParameterizedTest
    @CsvSource({
        "empty, is empty",
        "folder, cannot be read",
        "nowhere, cannot be read",
        "-, is empty",
        "a\u0000b, cannot be read"
    })
    void aRequestThatIsNotThereIsSaidInTwoLines(String name, String why) throws IOException {
        Files.createFile(root.resolve("empty"));
        Files.createDirectory(root.resolve("folder"));
        String file = name.matches("[a-z]+") ? root.resolve(name).toString() : name;

        assertThat(run(Map.of(), file)).isEqualTo(USAGE);

        assertRefusedInTwoLines(file + " " + why, "deployment/examples/provision.json");
    }

    @Test
    void aFolderThatCannotBeWrittenToIsSaid() throws IOException {
        Files.createFile(root.resolve("target"));

        assertThat(run(Map.of())).isEqualTo(USAGE);

        assertRefusedInTwoLines("cannot write to " + root.resolve("target"), "a copy of this folder");
    }

    @Test
    void theHelpNamesEveryFault() {
        assertThat(run(Map.of(), "--help")).isZero();

        assertThat(out.toString(UTF_8))
                .startsWith("usage: deployment/sandbox.sh")
                .contains("--serve", "no-label", "lost-create", "crash-after-STEP");
    }

    // --- a service that does not start ---------------------------------------------------------------------------

    @Test
    void theServicesLastCauseIsSaidAtOnceWithoutItsStack() {
        String script = """
                cat <<'END'
                2026-11-28 10:51:40 ERROR Failed to start application: java.lang.RuntimeException: Failed to start quarkus
                	at io.quarkus.runtime.Application.start(Application.java:112)
                Caused by: java.lang.IllegalStateException: cannot start: CMEK_POLICY is not a setting
                	at cmek.config.StartUp.check(StartUp.java:75)
                	... 7 more

                END
                exit 1""";

        assertThat(run(script, Map.of())).isEqualTo(1);

        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "sandbox: the functions did not start", "    cannot start: CMEK_POLICY is not a setting");
    }

    @Test
    void wordsWithoutACauseAreSaidAsTheyAre() {
        String script = """
                echo 'Configuration validation failed:'
                printf '\\tjava.lang.IllegalArgumentException: cmek.concurrency is "abc"\\n'
                printf '\\tjava.util.NoSuchElementException: cmek.repair is "no"\\n'
                exit 1""";

        assertThat(run(script, Map.of(), "--serve")).isEqualTo(1);

        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "sandbox: the functions did not start",
                        "    Configuration validation failed:",
                        "    cmek.concurrency is \"abc\"",
                        "    cmek.repair is \"no\"");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    private String log() {
        try {
            return Files.readString(root.resolve("target/sandbox.log"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
