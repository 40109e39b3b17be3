package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.cli.Typed;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Faults;
import cmek.simulator.Journal;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command for people against the functions: what a team sees, and what is written for it. */
abstract class CommandFacts extends FromOutside {

    private static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/";

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    @Test
    void aRequestIsFollowedToItsEndAndARepeatWritesNothing() throws IOException {
        request("cli-one", true);

        Typed.Ended first = command(folder).run("onboard", "--yes", "cli-one.json");
        assertThat(first.status()).as(first.out() + first.err()).isZero();
        assertThat(first.out()).contains("ATTACHED", RING + "ring-cli-one/cryptoKeys/cli-one");
        deployment.apis().journal().clear();

        Typed.Ended again = command(folder).run("onboard", "--yes", "--json", "cli-one.json");

        assertThat(again.status()).isZero();
        assertThat(again.json())
                .extracting(result -> result.path("status").asText())
                .containsExactly("ATTACHED");
        assertThat(writes()).isEmpty();
    }

    @Test
    void aRefusalNamesWhoMustActAndTheFixAndIsThereLater() throws IOException {
        Files.writeString(folder.resolve("r.json"), """
                {"requestId":"cli-refused","mode":"validate",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"nobody","name":"nobody"}}
                """);

        Typed.Ended ended = command(folder).run("onboard", "r.json");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("REFUSED", "KEY_NOT_FOUND", "KEY_OWNER", "    fix: gcloud kms ");
        Typed.Ended status = command(folder).run("status", "cli-refused");
        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).contains("KEY_NOT_FOUND", "who must act: KEY_OWNER", "    fix: gcloud kms ");
    }

    @Test
    void whereARequestWasNeverPublishedItIsSaid() {
        Typed.Ended ended = command(folder).run("status", "cli-nobody");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("there is no result of cli-nobody in gs://" + SimulatedApis.BUCKET);
    }

    @Test
    void aPlanSaysWhetherThereIsAnythingToDoAndWritesNothing() throws IOException {
        request("cli-plan", true);

        Typed.Ended before = command(folder).run("plan", ".");
        assertThat(before.status()).as(before.out() + before.err()).isEqualTo(5);
        assertThat(before.out()).contains("createKey WOULD_CREATE", "attachWorkspace WOULD_ATTACH");
        assertThat(writes()).isEmpty();

        assertThat(command(folder).run("onboard", "--yes", ".").status()).isZero();
        deployment.apis().journal().clear();
        Typed.Ended after = command(folder).run("plan", ".");
        assertThat(after.status()).as(after.out() + after.err()).isZero();
        assertThat(after.out()).contains("cli-plan: nothing to do");
        assertThat(writes()).isEmpty();
    }

    @Test
    void aKeyOfOthersThatLacksSomethingIsNotSaidToBeThere() throws IOException {
        Files.writeString(folder.resolve("r.json"), """
                {"requestId":"cli-others","mode":"validate",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"none","name":"none"}}
                """);

        Typed.Ended ended = command(folder).run("plan", "r.json");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("mode validate changes nothing in Cloud KMS, so it would be refused");
    }

    @Test
    void twentyRequestsOfOneFileEndWithASummary() throws IOException {
        many("cli-few", 20);
    }

    @Test
    @Tag("thorough")
    void twoHundredRequestsOfOneFileEndWithASummary() throws IOException {
        many("cli-many", 200);
    }

    private void many(String name, int count) throws IOException {
        StringBuilder file = new StringBuilder("""
                defaults:
                  key: {project: acme-kms-prod, location: us-east5, keyRing: %s}
                requests:
                """.formatted(name));
        for (int i = 0; i < count; i++) {
            file.append("  - {requestId: %1$s-%2$d, key: {name: %1$s-%2$d}}\n".formatted(name, i));
        }
        Files.writeString(folder.resolve("many.yaml"), file.toString());

        Typed.Ended first = command(folder).run("onboard", "--json", "many.yaml");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.json())
                .hasSize(count)
                .allSatisfy(end -> assertThat(end.path("status").asText()).isEqualTo("VALIDATED"))
                .extracting(end -> end.path("requestId").asText())
                .startsWith(name + "-0", name + "-1");
        assertThat(writes()).hasSize(1 + 3 * count);
        deployment.apis().journal().clear();

        Typed.Ended again = command(folder).run("onboard", "many.yaml");
        assertThat(again.status()).isZero();
        assertThat(again.out()).contains("[" + count + "/" + count + "] VALIDATED");
        assertThat(writes()).isEmpty();
    }

    @Test
    void aScanIsListedAdoptedAndExported() throws IOException {
        request("cli-scan", true);
        Files.writeString(folder.resolve("loose.json"), """
                {"requestId":"cli-loose",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-loose","name":"cli-loose"}}
                """);
        assertThat(command(folder).run("onboard", "--yes", ".").status()).isZero();

        Typed.Ended scan = command(folder).run("scan", "--json");
        assertThat(scan.status()).as(scan.out() + scan.err()).isZero();
        String key = RING + "ring-cli-scan/cryptoKeys/cli-scan";
        assertThat(command(folder).run("list", "--json").json())
                .filteredOn(row -> row.path("key").asText().equals(key))
                .extracting(row -> row.path("status").asText() + " " + row.path("workspaces"))
                .containsExactly("HEALTHY [\"wrkspc_01cli-scan\"]".replace("cli-scan", "cliscan"));

        assertThat(command(folder).run("adopt", "adopted").status()).isZero();
        JsonNode attached = adopted(key);
        assertThat(attached.path("mode").asText()).isEqualTo("validate");
        assertThat(attached.path("workspaceId").asText()).isEqualTo("wrkspc_01cliscan");
        assertThat(attached.path("acknowledgePermanent").asBoolean()).isTrue();
        JsonNode registered = adopted(RING + "ring-loose/cryptoKeys/cli-loose");
        assertThat(registered.has("workspaceId")).isFalse();
        assertThat(registered.has("acknowledgePermanent")).isFalse();
        Typed.Ended all = command(folder).run("plan", "--all", "loose.json");
        assertThat(all.status()).isEqualTo(5);
        assertThat(all.out()).contains(key + " is attached to wrkspc_01cliscan and not declared");

        Typed.Ended export = command(folder).run("export", "--since", "2026-01-01", "./evidence/.");
        assertThat(export.status()).as(export.err()).isZero();
        String run = scan.json().get(0).path("run").asText();
        assertThat(folder.resolve("evidence/runs/" + run + "/report.csv")).isNotEmptyFile();
        assertThat(folder.resolve("evidence/requests/cli-scan")).isNotEmptyDirectory();
        assertThat(command(folder)
                        .run("export", "--since", "2999-01-01", "nothing")
                        .out())
                .startsWith("0 results and 0 reports");
    }

    @Test
    void aKeyThatNoRequestMayNameIsNamedAndNotAdopted() throws IOException {
        String key = "projects/acme-kms-prod/locations/europe-west3/keyRings/far/cryptoKeys/far";
        String id = deployment.apis().admin().register(key, "by hand");
        try {
            command(folder).run("scan");

            Typed.Ended ended = command(folder).run("adopt", "adopted");

            assertThat(ended.status()).isZero();
            assertThat(ended.out())
                    .contains("did not write acme-kms-prod.europe-west3.far.far.json, which would be refused: ")
                    .contains("1 not possible");
            assertThat(folder.resolve("adopted/acme-kms-prod.europe-west3.far.far.json"))
                    .doesNotExist();
        } finally {
            deployment.apis().admin().forget(id);
        }
    }

    @Test
    void aScanThatCouldNotListAllKeysIsNotAllWell() {
        deployment
                .apis()
                .adminGate()
                .put(Faults.every(1, Faults.calls("GET", ".*/external_keys"), AdminSimulator.refusing(403)));

        Typed.Ended scan = command(folder).run("scan");

        assertThat(scan.status()).as(scan.out() + scan.err()).isEqualTo(1);
        assertThat(scan.err()).contains("the scan is incomplete");
        Typed.Ended list = command(folder).run("list");
        assertThat(list.status()).isEqualTo(1);
        assertThat(list.out()).contains("which is incomplete: keys may be missing here");
    }

    /** What the README shows, in its order, with files of the repository. */
    @Test
    void theReadmesUseOfTheCommandWorks() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String section = readme.substring(readme.indexOf("### Use the command"));
        List<String> commands = section.substring(0, section.indexOf("\n## "))
                .lines()
                .filter(line -> line.startsWith("deployment/cmek "))
                .map(line -> line.substring("deployment/cmek ".length()))
                .toList();
        assertThat(commands).hasSize(6);

        for (String command : commands) {
            Typed.Ended ended = command(Path.of("")).run(command.split(" "));
            // A plan has something to do; other tests leave keys that nobody uses.
            assertThat(ended.status())
                    .as(command + "\n" + ended.out() + ended.err())
                    .isIn(
                            command.startsWith("plan")
                                    ? List.of(5)
                                    : command.equals("list") ? List.of(0, 1) : List.of(0));
        }
    }

    /** The one request file for a key among those that were written. */
    private JsonNode adopted(String key) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("adopted"))) {
            List<JsonNode> found = files.map(
                            file -> new Typed.Ended(0, text(file).replace("\n", ""), "")
                                    .json()
                                    .get(0))
                    .filter(request -> request.path("key").asText().equals(key))
                    .toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void request(String name, boolean attached) throws IOException {
        String workspace = "wrkspc_01" + name.replace("-", "");
        deployment.apis().admin().withWorkspace(workspace, "Of " + name);
        Files.writeString(folder.resolve(name + ".json"), """
                {"requestId":"%1$s",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-%1$s","name":"%1$s"}%2$s}
                """.formatted(
                        name, attached ? ",\"workspaceId\":\"" + workspace + "\",\"acknowledgePermanent\":true" : ""));
    }

    private List<String> writes() {
        return deployment.apis().journal().writesTo("kms", "admin").stream()
                .map(Journal.Entry::operation)
                .toList();
    }
}
