package cmek.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckCommandTest {

    private static final String KEY = "\"projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/";

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    static Stream<Arguments> sound() {
        return Stream.of(
                Arguments.of("one.json", "{\"key\": " + KEY + "a\"}", 1),
                Arguments.of("array.json", "[{\"key\": " + KEY + "a\"}, {\"key\": " + KEY + "b\"}]", 2),
                Arguments.of("lines.jsonl", "{\"key\": " + KEY + "a\"}\n{\"key\": " + KEY + "b\"}\n", 2),
                Arguments.of("several.json", "{\"key\": " + KEY + "a\"}\n\n{\"key\":\n" + KEY + "b\"}", 2),
                Arguments.of("tabs.json", "{\n\t\"key\":\t" + KEY + "a\"\n}", 1),
                Arguments.of("one.yaml", "key: " + KEY + "a\"\n", 1),
                Arguments.of("array.yml", "- key: " + KEY + "a\"\n- key: " + KEY + "b\"\n", 2),
                Arguments.of("documents.yaml", "---\nkey: " + KEY + "a\"\n---\nkey: " + KEY + "b\"\n---\n", 2),
                Arguments.of("aliases.yaml", """
                        requests:
                          - requestId: a
                            key: &shared
                              {project: acme-kms-prod, location: us-east5, keyRing: anthropic, name: a}
                          - requestId: b
                            key: *shared
                        """, 2),
                Arguments.of("defaults.yaml", """
                        defaults:
                          mode: plan
                          key: {project: acme-kms-prod, location: us-east5, keyRing: anthropic, labels: {team: no}}
                        requests:
                          - requestId: a
                            key: {name: a}
                          - {requestId: b, key: {name: b, location: us-central1}, mode: provision}
                        """, 2));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void everyFormOfAFileIsRead(String name, String text, int requests) throws IOException {
        file(name, text);

        Typed.Ended ended = typed().run("check", name);

        assertThat(ended.out()).isEqualTo(requests + (requests == 1 ? " request" : " requests") + ", nothing wrong\n");
        assertThat(ended.status()).isZero();
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void aFileThatBeginsWithAByteOrderMarkIsRead() throws IOException {
        file("marked.json", "\uFEFF{\"key\": " + KEY + "a\"}");

        assertThat(typed().run("check", "marked.json").out()).isEqualTo("1 request, nothing wrong\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "requests: []", "{\"requests\": []}"})
    void aFileWithoutARequestIsAFault(String text) throws IOException {
        file("none.yaml", text);

        Typed.Ended ended = typed().run("check", "none.yaml");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out() + ended.err()).contains("it has no request");
    }

    @Test
    void whatIsNestedTooDeeplyIsAFaultAndNoStackTrace() throws IOException {
        file("deep.yaml", "[".repeat(20_000));

        Typed.Ended ended = typed().run("check", "deep.yaml");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out() + ended.err()).contains("deep.yaml:1").doesNotContain("\tat ");
    }

    @Test
    void aDefaultIsTakenWhereARequestSaysNothing() {
        RequestFiles.Read read = RequestFiles.read(java.util.List.of("-"), surroundings("""
                        defaults:
                          displayName: All
                          key: {project: acme-kms-prod, location: us-east5, keyRing: anthropic, labels: {team: no}}
                        requests:
                          - key: {name: a, labels: {cost: "1"}}
                          - key: {name: b, location: us-central1}
                            displayName: Own
                        """));

        assertThat(read.faults()).isEmpty();
        assertThat(read.requests())
                .extracting(declared -> declared.request().displayName() + " "
                        + declared.request().key().location() + " "
                        + new java.util.TreeMap<>(declared.request().labels()))
                .containsExactly("All us-east5 {cost=1, team=no}", "Own us-central1 {team=no}");
    }

    @Test
    void allFaultsOfAllFilesAreSaidAtOnceWithTheirLines() throws IOException {
        file("a.json", """
                {
                  "requestId": "a",
                  "key": {
                    "project": "acme-kms-prod",
                    "location": "europe-west1",
                    "keyRing": "anthropic",
                    "name": "pay ments"
                  },
                  "rotation": "P90D",
                  "workspaceId": "wrkspc_01a"
                }
                """);
        file("b.yaml", """
                requests:
                  - requestId: b
                    key:
                      project: acme-kms-prod
                      location: us-east5
                      keyRing: anthropic
                      labels:
                        Team: x
                    serviceAccount: me@example.com
                """);

        Typed.Ended ended = typed().run("check", "--json", ".");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.json())
                .extracting(fault -> fault.path("file").asText().replace("./", "") + ":"
                        + fault.path("line").asInt() + " " + fault.path("field").asText())
                .containsExactlyInAnyOrder(
                        "a.json:5 key.location",
                        "a.json:7 key.name",
                        "a.json:9 rotation",
                        "a.json:1 acknowledgePermanent",
                        "b.yaml:3 key.name",
                        "b.yaml:8 key.labels.Team",
                        "b.yaml:9 serviceAccount");
        assertThat(ended.json())
                .allSatisfy(fault -> assertThat(fault.path("fix").asText()).isNotEmpty());
        assertThat(typed().run("check", "a.json").out())
                .contains("a.json:5: key.location is europe-west1", "    fix: use one of us-central1, ", "4 faults");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("a.json", "{\n\"key\": \n}", 3),
                Arguments.of("a.json", "{\"key\": 1,\n\"key\": 2}", 2),
                Arguments.of("a.json", "[".repeat(100), 1),
                Arguments.of("a.json", "\n\n7", 3),
                Arguments.of("a.json", "", 1),
                Arguments.of("a.yaml", "key: a\nkey: b\n", 2),
                Arguments.of("a.yaml", "key: [1,\n", 2),
                Arguments.of("a.yaml", "a: &a [*a]\n", 1),
                Arguments.of("a.yaml", "- - - 1\n", 1),
                Arguments.of("a.yaml", "defaults: {acknowledgePermanent: true}\nrequests: []\n", 1),
                Arguments.of("a.yaml", "requests: 1\n", 1),
                Arguments.of("a.yaml", "request: []\n", 1),
                Arguments.of("a.yaml", "key: !!java.net.URL [\"http://127.0.0.1/\"]\n", 1));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNoRequestIsAFaultWithItsLine(String name, String text, int line) throws IOException {
        file(name, text);

        Typed.Ended ended = typed().run("check", "--json", name);

        assertThat(ended.status()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.json()).isNotEmpty();
        assertThat(ended.json().get(0).path("line").asInt()).as(ended.out()).isEqualTo(line);
    }

    @Test
    void anAliasOfAliasesIsNotFollowedForEver() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        file("bomb.yaml", bomb.toString());

        assertThat(typed().run("check", "bomb.yaml").status()).isEqualTo(1);
    }

    @Test
    void whatIsWrongOnlyBesideAnotherRequestIsSaid() throws IOException {
        file(
                "one.yaml",
                "- {requestId: a, key: " + KEY + "a\", workspaceId: wrkspc_01a, acknowledgePermanent: true}\n");
        file(
                "two.yaml",
                "- {requestId: a, key: " + KEY + "b\", workspaceId: wrkspc_01a, acknowledgePermanent: true}\n");

        assertThat(typed().run("check", "--json", "one.yaml", "two.yaml").json())
                .extracting(fault -> fault.path("message").asText())
                .containsExactly(
                        "requestId a is also that of the request at one.yaml:1",
                        "workspace wrkspc_01a is given another key by the request at one.yaml:1");
    }

    @Test
    void aRequestComesByStandardInput() {
        assertThat(typed().reading("{\"key\": " + KEY + "a\"}")
                        .run("check", "-")
                        .status())
                .isZero();
        assertThat(typed().reading("key: " + KEY + "a\"").run("check", "-").status())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"check", "check --everything a", "check absent.json", "", "chek a", "onboard a.json", "approve x"
            })
    void wrongUsageIsToldInTwoLines(String arguments) throws IOException {
        file("a.json", "{\"key\": " + KEY + "a\"}");

        Typed.Ended ended = typed().run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).hasSize(2).last().asString().startsWith("run cmek");
    }

    @Test
    void aShellCompletesEveryCommand() throws Exception {
        Typed.Ended script = typed().run("completion");
        assertThat(script.status()).isZero();
        Files.writeString(folder.resolve("completion.bash"), script.out());

        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source completion.bash; COMP_WORDS=(cmek ''); COMP_CWORD=1; $(complete -p cmek | sed 's/.* -F //; s/ .*//');"
                                + " printf '%s\\n' \"${COMPREPLY[@]}\"")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8).lines())
                .contains(
                        "check",
                        "plan",
                        "onboard",
                        "status",
                        "list",
                        "approve",
                        "scan",
                        "adopt",
                        "export",
                        "dead-letters",
                        "completion");
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void controlCharactersOfAFileDoNotReachTheTerminal() throws IOException {
        file("a.json", "{\"key\": \"\\u001b[2J\", \"\\u001b]0;x\": 1}");

        assertThat(typed().run("check", "a.json").out()).doesNotContain("\u001b");
    }

    @Test
    void theExamplesHaveNothingWrong() {
        assertThat(new Typed(Path.of(""))
                        .run(
                                "check",
                                "deployment/examples/provision.json",
                                "deployment/examples/validate.json",
                                "deployment/examples/plan.json",
                                "deployment/examples/keys.yaml")
                        .status())
                .isZero();
    }

    private Typed typed() {
        return new Typed(folder);
    }

    private Surroundings surroundings(String input) {
        return new Surroundings(
                java.util.Map.of(),
                new java.io.ByteArrayInputStream(input.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                System.out,
                System.err,
                folder,
                false,
                java.time.Clock.fixed(java.time.Instant.EPOCH, java.time.ZoneOffset.UTC),
                duration -> {});
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
