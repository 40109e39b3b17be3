package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox with the packaged service. */
class SandboxServiceIT {

    private static final Path EXAMPLE = Path.of("deployment/examples/provision.json");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does it.
    private Path root;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void checkOut() throws IOException {
        Path examples = Files.createDirectories(root.resolve("deployment/examples"));
        Files.copy(EXAMPLE, examples.resolve("provision.json"));
    }

    private Sandbox.Surroundings around(Map<String, String> environment, OutputStream out, OutputStream err) {
        return new Sandbox.Surroundings(
                root,
                Service.ARTIFACT.toAbsolutePath(),
                environment,
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    @Test
    void aSettingThatTheServiceDoesNotKnowIsSaidInItsOwnWords() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status = Sandbox.run(
                around(Map.of("CMEK_POLICY_ALLOWED_PROJECT", "beta-*"), OutputStream.nullOutputStream(), err),
                List.of());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "sandbox: the functions did not start",
                        "    cannot start: CMEK_POLICY_ALLOWED_PROJECT is not a setting; perhaps"
                                + " CMEK_POLICY_ALLOWED_PROJECTS is meant");
    }

    @Test
    void whatASurvivedFaultDidIsSaid() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status = Sandbox.run(
                around(Map.of(), OutputStream.nullOutputStream(), err),
                List.of("--fault", "lost-create", "--fault", "crash-after-createKey", "--times", "2"));

        assertThat(status).isZero();
        assertThat(err.toString(UTF_8).lines().filter(line -> line.startsWith("survived: ")))
                .containsExactly(
                        "survived: lost-create: Anthropic registers the key and its answer is lost (once)",
                        "survived: crash-after-createKey: the process dies after that step's work, before its message is"
                                + " acknowledged (once)");
    }

    @Test
    void aFaultThatDidNotHappenIsNotSaidToBeSurvived() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status = Sandbox.run(
                around(Map.of(), OutputStream.nullOutputStream(), err),
                List.of("--fault", "lost-create", "deployment/examples/plan.json"));

        assertThat(status).isZero();
        assertThat(err.toString(UTF_8)).contains("did not happen: lost-create").doesNotContain("survived");
    }

    @Test
    void whatIsServedIsReachedByItsEnvironmentUntilItIsStopped() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PipedInputStream printed = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(printed);
        FutureTask<Integer> serving =
                new FutureTask<>(() -> Sandbox.run(around(Map.of(), out, err), List.of("--serve", "--keyless")));
        Thread thread = new Thread(serving, "serving");
        thread.start();
        Map<String, String> environment = environment(printed);

        assertThat(answer(environment.get("ANTHROPIC_BASE_URL") + "/v1/organizations/me", environment))
                .contains("\"organization\"");
        assertThat(answer(
                        environment.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS")
                                + "v1/projects/acme-kms-prod/locations/us-east5/keyRings",
                        environment))
                .startsWith("{");
        assertThat(answer(
                        "http://" + environment.get("PUBSUB_EMULATOR_HOST") + "/v1/projects/"
                                + environment.get("PUBSUB_PROJECT_ID") + "/topics",
                        environment))
                .contains("cmek-onboarding-requests");
        assertThat(environment.values().stream().filter(value -> value.contains("://")))
                .hasSizeGreaterThan(7)
                .allMatch(value -> value.startsWith("http://127.0.0.1:"));

        thread.interrupt();
        assertThat(serving.get(1, TimeUnit.MINUTES)).isZero();
        assertThat(err.toString(UTF_8).lines()).endsWith("sandbox: stopped");
    }

    private String answer(String url, Map<String, String> environment) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("x-api-key", String.valueOf(environment.get("ANTHROPIC_API_KEY")))
                .header("anthropic-version", "2023-06-01")
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** Reads what is for a shell, up to its last line. */
    private static Map<String, String> environment(PipedInputStream printed) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(printed, UTF_8));
        while (!environment.containsKey("STORAGE_EMULATOR_HOST")) {
            String[] variable = lines.readLine().substring("export ".length()).split("=", 2);
            environment.put(variable[0], variable[1]);
        }
        return environment;
    }
}
