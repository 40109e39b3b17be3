package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.model.Json;
import cmek.schema.Schemas;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Two scans with harm between: what people ask is answered by what is published and kept, and by nothing else. */
@QuarkusTest
@TestProfile(InTheSandbox.class)
class EvidenceTest extends FromOutside {

    private static final String WORD_OF_A_RUN = "SCAN_(COMPLETED|INCOMPLETE)";

    @Test
    void whatPeopleAskIsAnsweredByTheArtefactsAlone() throws IOException {
        SeededInventory estate = SeededInventory.in(deployment.apis());
        JsonNode before = scan("");
        estate.harm();
        JsonNode end = scan(before.path("requestId").asText());
        JsonNode report = report(end);
        assertThat(Schemas.REPORT.faults(report)).isEmpty();

        // Which workspaces are down now, and since when?
        assertThat(rows(report).filter(row -> row.path("down").asBoolean()).map(EvidenceTest::name))
                .containsExactlyInAnyOrder("vault", "web", "mobile");
        JsonNode vault = row(report, "vault");
        assertThat(vault.path("workspaces").path(0).path("id").asText()).isEqualTo("wrkspc_01vault");
        assertThat(vault.path("workspaces").path(0).path("name").asText()).isEqualTo("Vault");
        assertThat(vault.path("downSince").asText())
                .isGreaterThan(report(before).path("run").path("reportedAt").asText())
                .isLessThan(report.path("run").path("reportedAt").asText());

        // Why, who must act, and how?
        JsonNode worst = vault.path("findings").path(0);
        assertThat(worst.path("reason").asText()).isEqualTo("KEY_VERSION_DISABLED");
        assertThat(worst.path("actor").asText()).isEqualTo("KEY_OWNER");
        assertThat(worst.path("remedy").path(0).asText()).startsWith("gcloud kms keys versions enable 1 --key=vault");

        // What will break?
        assertThat(row(report, "store").path("destroysAt").asText())
                .isGreaterThan(report.path("run").path("reportedAt").asText());

        // What was checked on the healthy ones?
        JsonNode search = row(report, "search");
        assertThat(search.path("status").asText()).isEqualTo("HEALTHY");
        assertThat(search.path("checks"))
                .extracting(check ->
                        check.path("what").asText() + " " + check.path("result").asText())
                .containsExactlyInAnyOrder(
                        "project PASSED",
                        "key PASSED",
                        "principals PASSED",
                        "lostVersions PASSED",
                        "destruction PASSED",
                        "primaryVersion PASSED",
                        "versions PASSED",
                        "label PASSED",
                        "rotation PASSED",
                        "bindings PASSED",
                        "roundTrip PASSED");

        // What is different from the last time?
        JsonNode changes = report.path("changes");
        assertThat(changes.path("since").asText())
                .isEqualTo(before.path("requestId").asText());
        assertThat(names(report, changes.path("newlyUnhealthy")))
                .containsExactlyInAnyOrder("store", "analytics", "vault", "web", "mobile", "archive");
        assertThat(names(report, changes.path("recovered"))).containsExactly("legal");
        assertThat(names(report, changes.path("added"))).containsExactly("onboarded");
        assertThat(end.path("run").path("changes")).isEqualTo(changes);

        // The page begins with what is down.
        String page = text(end, "report.html");
        assertThat(page)
                .containsPattern("<h1>[0-9]+ workspaces are down</h1>")
                .contains("<b>Vault</b> <code>wrkspc_01vault</code>", "down since <time");
    }

    /** An alert is made of one result: what the person on call needs is in it. */
    @Test
    void whatAnAlertNeedsIsInTheResultOfTheKey() {
        String key = "projects/acme-kms-prod/locations/us-east5/keyRings/alerts/cryptoKeys/night";
        SimulatedApis apis = deployment.apis();
        apis.withReadyKey(key);
        apis.admin()
                .withWorkspace("wrkspc_01night", "Night shift")
                .attach("wrkspc_01night", apis.admin().register(key, "Night"));
        apis.kms().setVersionState(key, 1, "DISABLED");

        deployment.publish(Topology.NIGHT, "");
        List<Results.Published> published =
                deployment.follow(result -> result.json().path("key").asText().equals(key));

        JsonNode result = published.stream()
                .map(Results.Published::json)
                .filter(json -> json.path("key").asText().equals(key))
                .findFirst()
                .orElseThrow();
        JsonNode checked = result.path("checked");
        assertThat(Schemas.RESULT.faults(result)).isEmpty();
        assertThat(result.path("actor").asText()).isEqualTo("KEY_OWNER");
        assertThat(checked.path("name").asText()).isEqualTo("night");
        assertThat(checked.path("workspacesDown").asText()).isEqualTo("wrkspc_01night (Night shift)");
        assertThat(checked.path("firstCommand").asText()).startsWith("gcloud kms keys versions enable 1 --key=night");
        assertThat(checked.path("report").asText())
                .isEqualTo("https://storage.cloud.google.com/" + SimulatedApis.BUCKET + "/runs/"
                        + result.path("requestId").asText() + "/report.html#"
                        + result.path("externalKeyId").asText());
        assertThat(checked.path("checks").path("roundTrip").asText()).startsWith("FAILED ");
    }

    /** The end of the next scan that is not that one. */
    private JsonNode scan(String notThat) {
        deployment.publish(Topology.NIGHT, "");
        Predicate<Results.Published> isEnd = result -> result.status().matches(WORD_OF_A_RUN)
                && !result.json().path("requestId").asText().equals(notThat);
        return deployment.follow(isEnd).stream()
                .filter(isEnd)
                .map(Results.Published::json)
                .findFirst()
                .orElseThrow();
    }

    private JsonNode report(JsonNode end) throws IOException {
        return Json.MAPPER.readTree(text(end, "report.json"));
    }

    private String text(JsonNode end, String name) {
        return deployment
                .apis()
                .storage()
                .text(SimulatedApis.BUCKET, end.path("run").path("report").asText() + name)
                .orElseThrow();
    }

    /** Those of the estate; other tests leave keys of their own. */
    private static Stream<JsonNode> rows(JsonNode report) {
        return StreamSupport.stream(report.path("keys").spliterator(), false)
                .filter(row -> row.path("key").asText().contains("/keyRings/anthropic/"))
                .filter(row -> !row.path("status").asText().equals("UNUSED"));
    }

    private static JsonNode row(JsonNode report, String name) {
        return rows(report).filter(row -> name(row).equals(name)).findFirst().orElseThrow();
    }

    private static String name(JsonNode row) {
        return row.path("key").asText().replaceAll(".*/", "");
    }

    private static List<String> names(JsonNode report, JsonNode ids) {
        return StreamSupport.stream(ids.spliterator(), false)
                .flatMap(id -> rows(report)
                        .filter(row -> row.path("externalKeyId").asText().equals(id.asText()))
                        .map(EvidenceTest::name))
                .toList();
    }
}
