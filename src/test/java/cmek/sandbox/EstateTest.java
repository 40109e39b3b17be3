package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The nightly scan of an estate in which every key has a trouble of its own, each attached to a workspace: what the report
 * says of each. It leaves the report as {@code target/estate.csv}, for somebody to read.
 */
@QuarkusTest
@TestProfile(InTheSandbox.class)
class EstateTest extends FromOutside {

    private static final String DECRYPTER = "roles/cloudkms.cryptoKeyDecrypter";
    private static final String BOTH = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
    private static final String ANTHROPIC =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";
    private static final String OUTSIDER = "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com";

    /**
     * What becomes of a key, and how a scan finds it.
     *
     * @param before whether it happens before the key is registered
     */
    private record Trouble(
            boolean before, BiConsumer<SimulatedApis, KeyOfItsOwn> act, String status, String findings) {}

    private final Map<KeyOfItsOwn, Trouble> estate = new LinkedHashMap<>();

    private void since(String name, String status, String findings, BiConsumer<SimulatedApis, KeyOfItsOwn> after) {
        estate.put(new KeyOfItsOwn("estate", name), new Trouble(false, after, status, findings));
    }

    private void before(String name, String status, String findings, BiConsumer<SimulatedApis, KeyOfItsOwn> before) {
        estate.put(new KeyOfItsOwn("estate", name), new Trouble(true, before, status, findings));
    }

    private void bound(String name, String status, String findings, String role, String member) {
        since(name, status, findings, (apis, at) -> apis.kms().bind(at.key(), role, member));
    }

    private void whoCanDecrypt() {
        String problem = "UNEXPECTED_PRINCIPAL PROBLEM";
        String notice = "UNEXPECTED_PRINCIPAL NOTICE";
        bound("app-engine", "UNHEALTHY", problem, BOTH, "serviceAccount:evil-proj-1@appspot.gserviceaccount.com");
        bound(
                "pool",
                "UNHEALTHY",
                problem,
                DECRYPTER,
                "principalSet://iam.googleapis.com/projects/999999999999/locations/global/workloadIdentityPools/github/*");
        bound("gke", "UNHEALTHY", problem, DECRYPTER, "serviceAccount:evil-proj-1.svc.id.goog[default/app]");
        bound(
                "compute",
                "UNHEALTHY",
                problem,
                DECRYPTER,
                "serviceAccount:999999999999-compute@developer.gserviceaccount.com");
        bound("build", "UNHEALTHY", problem, DECRYPTER, "serviceAccount:999999999999@cloudbuild.gserviceaccount.com");
        bound("public-admin", "UNHEALTHY", "UNEXPECTED_PRINCIPAL BLOCKING", "roles/cloudkms.admin", "allUsers");
        bound("own-admin", "HEALTHY", notice, "roles/cloudkms.admin", "user:anna@acme.example");
        bound(
                "own-agent",
                "HEALTHY",
                "",
                BOTH,
                "serviceAccount:service-org-700000000001@gcp-sa-logging.iam.gserviceaccount.com");
        bound(
                "other-agent",
                "HEALTHY",
                notice,
                BOTH,
                "serviceAccount:service-123456789012@cloudcomposer-accounts.iam.gserviceaccount.com");
        since("ring-grant", "UNHEALTHY", problem, (apis, at) -> apis.kms().bind(at.ring(), DECRYPTER, OUTSIDER));
        since(
                "project-grant",
                "UNHEALTHY",
                problem,
                (apis, at) -> apis.resourceManager().bind("projects/" + at.project(), DECRYPTER, OUTSIDER));
        since("dead-grant", "UNHEALTHY", "BINDING_MISSING PROBLEM", (apis, at) -> {
            String dead = "deleted:" + ANTHROPIC + "?uid=123456789012345678901";
            apis.kms()
                    .setPolicy(at.key(), JsonNodeFactory.instance.objectNode())
                    .bind(at.key(), BOTH, dead)
                    .bind(at.key(), "roles/cloudkms.viewer", dead);
        });
    }

    private void versions() {
        since("gap", "UNHEALTHY", "OLD_VERSION_LOST PROBLEM", (apis, at) -> {
            apis.kms().addVersion(at.key(), true);
            apis.kms().addVersion(at.key(), true);
            apis.kms().deleteVersion(at.key(), 2);
        });
        before("old-gap", "HEALTHY", "OLD_VERSION_LOST NOTICE", (apis, at) -> {
            apis.kms().addVersion(at.key(), true);
            apis.kms().addVersion(at.key(), true);
            apis.kms().deleteVersion(at.key(), 2);
        });
        since("failed-reimport", "UNHEALTHY", "OLD_VERSION_LOST PROBLEM", (apis, at) -> {
            long version = apis.kms().importVersion(at.key());
            apis.kms().setVersionState(at.key(), version, "DESTROYED").failReimport(at.key(), version);
        });
        before("destroyed-before", "HEALTHY", "", (apis, at) -> {
            apis.kms().addVersion(at.key(), true);
            apis.kms().setVersionState(at.key(), 1, "DESTROYED");
        });
        since("destroyed-since", "UNHEALTHY", "OLD_VERSION_LOST PROBLEM", (apis, at) -> {
            apis.kms().addVersion(at.key(), true);
            apis.kms().setVersionState(at.key(), 1, "DESTROYED");
        });
        since("old-disabled", "UNHEALTHY", "OLD_VERSION_UNUSABLE PROBLEM", (apis, at) -> {
            apis.kms().addVersion(at.key(), true);
            apis.kms().setVersionState(at.key(), 1, "DISABLED");
        });
        since(
                "deleted",
                "UNHEALTHY",
                "KEY_DELETED BLOCKING",
                (apis, at) -> apis.kms().deleteKey(at.key()));
        since(
                "generating",
                "UNHEALTHY",
                "KEY_VERSION_NOT_READY PROBLEM",
                (apis, at) -> apis.kms().setVersionState(at.key(), 1, "PENDING_GENERATION"));
        since(
                "not-generated",
                "UNHEALTHY",
                "KEY_VERSION_GENERATION_FAILED BLOCKING",
                (apis, at) -> apis.kms().setVersionState(at.key(), 1, "GENERATION_FAILED"));
        since(
                "disabled",
                "UNHEALTHY",
                "KEY_VERSION_DISABLED BLOCKING",
                (apis, at) -> apis.kms().setVersionState(at.key(), 1, "DISABLED"));
        since(
                "scheduled",
                "UNHEALTHY",
                "KEY_VERSION_DESTROY_SCHEDULED BLOCKING",
                (apis, at) -> apis.kms().setVersionState(at.key(), 1, "DESTROY_SCHEDULED"));
        since(
                "destroyed",
                "UNHEALTHY",
                "KEY_VERSION_DESTROYED BLOCKING",
                (apis, at) -> apis.kms().setVersionState(at.key(), 1, "DESTROYED"));
        since(
                "no-primary",
                "UNHEALTHY",
                "KEY_WITHOUT_PRIMARY BLOCKING",
                (apis, at) -> apis.kms().withoutPrimary(at.key()));
        since(
                "doomed-project",
                "UNHEALTHY",
                "PROJECT_DELETE_REQUESTED BLOCKING",
                (apis, at) -> apis.resourceManager().shutDown(at.project()));
    }

    private void causes() {
        since(
                "justified",
                "UNHEALTHY",
                "KEY_ACCESS_JUSTIFICATIONS BLOCKING",
                (apis, at) -> apis.kms().allowAccessReasons(at.key()));
        since(
                "bare",
                "UNHEALTHY",
                "BINDING_MISSING PROBLEM, LABEL_MISSING PROBLEM",
                (apis, at) -> apis.kms()
                        .setLabels(at.key(), Map.of())
                        .setPolicy(at.key(), JsonNodeFactory.instance.objectNode()));
        since(
                "unlabelled",
                "UNHEALTHY",
                "LABEL_MISSING PROBLEM",
                (apis, at) -> apis.kms().setLabels(at.key(), Map.of("team", "payments")));
        since(
                "ungranted",
                "UNHEALTHY",
                "BINDING_MISSING PROBLEM",
                (apis, at) -> apis.kms().setPolicy(at.key(), JsonNodeFactory.instance.objectNode()));
        since("sound", "HEALTHY", "", (apis, at) -> {});
    }

    @Test
    void eachKeyIsToldItsOwnTroubleAndNoOther() throws IOException {
        whoCanDecrypt();
        versions();
        causes();
        SimulatedApis apis = deployment.apis();
        estate.forEach((at, trouble) -> {
            apis.withProject(at.project()).withReadyKey(at.key());
            apis.admin().withWorkspace(at.workspace(), at.name());
            if (trouble.before()) {
                trouble.act().accept(apis, at);
                attach(apis, at, Instant.now().plusSeconds(1));
            } else {
                attach(apis, at, Instant.now());
                trouble.act().accept(apis, at);
            }
        });

        deployment.publish(Topology.NIGHT, "");
        List<Results.Published> published =
                deployment.follow(result -> result.status().matches("SCAN_(COMPLETED|INCOMPLETE)"));

        String folder = published
                .get(published.size() - 1)
                .json()
                .path("run")
                .path("report")
                .asText();
        String csv =
                apis.storage().text(SimulatedApis.BUCKET, folder + "report.csv").orElseThrow();
        Files.writeString(
                Path.of("target/estate.csv"),
                csv.lines()
                        .filter(line -> line.contains("acme-estate-") || line.contains("reason"))
                        .collect(Collectors.joining("\n", "", "\n")),
                UTF_8);
        Map<String, String> found = new TreeMap<>();
        published.stream()
                .map(Results.Published::json)
                .filter(json -> json.path("step").asText().equals("scanKey"))
                .filter(json -> json.path("key").asText().contains("/keyRings/estate/"))
                .forEach(json -> found.put(json.path("key").asText().replaceAll(".*/", ""), said(json)));
        Map<String, String> right = new TreeMap<>();
        estate.forEach((at, trouble) -> right.put(at.name(), (trouble.status() + ": " + trouble.findings()).strip()));
        assertThat(found).isEqualTo(right);
    }

    private static void attach(SimulatedApis apis, KeyOfItsOwn at, Instant registered) {
        apis.admin().attach(at.workspace(), apis.admin().register(at.key(), at.name(), registered));
    }

    private static String said(JsonNode result) {
        return (result.path("status").asText() + ": "
                        + Stream.of(result.path("findings"), result.path("warnings"))
                                .<JsonNode>mapMulti(Iterable::forEach)
                                .map(finding -> finding.path("reason").asText() + " "
                                        + finding.path("severity").asText())
                                .collect(Collectors.joining(", ")))
                .strip();
    }
}
