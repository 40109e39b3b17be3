package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.finding.Reason;
import cmek.model.Json;
import cmek.schema.Schemas;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scan's functions from the outside: a message on a topic, and what is published and kept of it. */
abstract class ScanFacts extends FromOutside {

    private static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/changes/cryptoKeys/";

    @Test
    void aScanInBadWeatherSeesEveryKeyAsItIsAndChangesNone() {
        SimulatedApis apis = deployment.apis();
        SeededInventory.in(apis).harm();
        for (Gate gate : List.of(apis.kmsGate(), apis.adminGate(), apis.storageGate())) {
            gate.put(Faults.every(20, Faults.anyCall(), Faults.html(429)));
            gate.put(Faults.every(50, Faults.anyCall(), Faults.html(503)));
            gate.put(Faults.every(100, Faults.anyCall(), Faults.reset()));
        }

        deployment.publish(Topology.NIGHT, "");
        List<Results.Published> published =
                deployment.follow(result -> result.status().matches("SCAN_(COMPLETED|INCOMPLETE)"));

        JsonNode end = published.get(published.size() - 1).json();
        assertThat(end.path("status").asText()).isEqualTo("SCAN_COMPLETED");
        assertThat(rows(end))
                .containsExactlyInAnyOrder(
                        "store UNHEALTHY KEY_VERSION_DESTROY_SCHEDULED",
                        "analytics UNHEALTHY UNEXPECTED_PRINCIPAL",
                        "vault UNHEALTHY KEY_VERSION_DISABLED",
                        "web UNHEALTHY BINDING_MISSING",
                        "mobile UNHEALTHY LABEL_MISSING",
                        "archive UNHEALTHY OLD_VERSION_UNUSABLE",
                        "experiment UNUSED REGISTERED_NOT_ATTACHED",
                        "payments UNUSED REGISTERED_NOT_ATTACHED",
                        "campaign UNUSED ARCHIVED_WORKSPACES_ONLY",
                        "payments HEALTHY",
                        "search HEALTHY",
                        "support HEALTHY",
                        "claims HEALTHY",
                        "legal HEALTHY",
                        "onboarded HEALTHY");
        assertThat(end.path("warnings"))
                .extracting(warning -> warning.path("reason").asText())
                .contains("DUPLICATE_REGISTRATION", "WORKSPACE_WITHOUT_KEY");
        assertThat(end.path("run").path("skipped")).isNotEmpty();
        assertThat(apis.journal().writesTo("kms", "admin")).isEmpty();
        String folder = end.path("run").path("report").asText();
        assertThat(apis.storage().names(SimulatedApis.BUCKET))
                .contains(folder + "run.json", folder + "report.json", folder + "report.csv", folder + "report.html");
        String report = apis.storage()
                .text(SimulatedApis.BUCKET, folder + "report.json")
                .orElseThrow();
        assertThat(Schemas.REPORT.faults(report)).isEmpty();
        assertThat(checks(report, "search"))
                .containsEntry("label", "PASSED anthropic-org-" + SimulatedApis.ORGANIZATION + "=true")
                .containsEntry("versions", "PASSED 1 ENABLED")
                .containsEntry("project", "PASSED ")
                .hasEntrySatisfying("bindings", value -> assertThat(value).contains("cryptoKeyEncrypterDecrypter and"))
                .hasEntrySatisfying("key", value -> assertThat(value).startsWith("PASSED HSM"))
                .hasEntrySatisfying(
                        "principals",
                        value -> assertThat(value)
                                .startsWith("PASSED policies read: the key, its key ring, projects/acme-kms-prod"))
                .hasEntrySatisfying("rotation", value -> assertThat(value).startsWith("PASSED "))
                .hasEntrySatisfying(
                        "roundTrip",
                        value -> assertThat(value)
                                .startsWith("PASSED Anthropic encrypted and decrypted with the key, asked at 20"));
        assertThat(checks(report, "vault"))
                .containsEntry(
                        "primaryVersion", "FAILED ENCRYPT_DECRYPT, GOOGLE_SYMMETRIC_ENCRYPTION, version 1 DISABLED")
                .hasEntrySatisfying(
                        "roundTrip", value -> assertThat(value).startsWith("FAILED Anthropic cannot use the key"));
    }

    /** The message that starts it comes from outside, and bears no step. */
    @Test
    void aScanThatCannotStartEndsAsOne() {
        deployment.apis().adminGate().put(Faults.every(1, Faults.anyCall(), Faults.html(503)));

        deployment.publish(Topology.NIGHT, "");

        List<Results.Published> published =
                deployment.follow(result -> result.status().equals("FAILED"));
        JsonNode end = published.get(published.size() - 1).json();
        assertThat(end.path("step").asText()).isEqualTo("startScan");
        assertThat(end.path("message").asText()).startsWith("startScan failed after all retries");
    }

    /** What a report says of the checks of one key: the result and what was seen, by the word of the check. */
    private static Map<String, String> checks(String report, String key) {
        try {
            Map<String, String> checks = new TreeMap<>();
            for (JsonNode row : Json.MAPPER.readTree(report).path("keys")) {
                if (row.path("key").asText().endsWith("/anthropic/cryptoKeys/" + key)
                        && !row.path("status").asText().equals("UNUSED")) {
                    row.path("checks")
                            .forEach(check -> checks.put(
                                    check.path("what").asText(),
                                    check.path("result").asText() + " "
                                            + check.path("value").asText()));
                }
            }
            return checks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The estate's rows; other tests leave keys of their own in this APIs. */
    private static List<String> rows(JsonNode end) {
        return StreamSupport.stream(end.path("run").path("keys").spliterator(), false)
                .filter(row -> row.path("key").asText().contains("/keyRings/anthropic/"))
                .map(row -> (row.path("key").asText().replaceAll(".*/", "") + " "
                                + row.path("status").asText() + " "
                                + row.path("reason").asText(""))
                        .strip())
                .toList();
    }

    enum Deed {
        DISABLED("UpdateCryptoKeyVersion", Reason.KEY_VERSION_DISABLED) {
            @Override
            void happen(SimulatedApis apis, String key) {
                apis.kms().setVersionState(key, 1, "DISABLED");
            }
        },
        UNBOUND("SetIamPolicy", Reason.BINDING_MISSING) {
            @Override
            void happen(SimulatedApis apis, String key) {
                apis.kms().setPolicy(key, JsonNodeFactory.instance.objectNode());
            }
        },
        DOOMED("DestroyCryptoKeyVersion", Reason.KEY_VERSION_DESTROY_SCHEDULED) {
            @Override
            void happen(SimulatedApis apis, String key) {
                apis.kms().setVersionState(key, 1, "DESTROY_SCHEDULED");
            }
        },
        UNLABELLED("UpdateCryptoKey", Reason.LABEL_MISSING) {
            @Override
            void happen(SimulatedApis apis, String key) {
                apis.kms().setLabels(key, Map.of());
            }
        };

        private final String method;
        private final Reason reason;

        Deed(String method, Reason reason) {
            this.method = method;
            this.reason = reason;
        }

        abstract void happen(SimulatedApis apis, String key);
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void aChangeIsToldWithItsCauseInOneResult(Deed deed) {
        SimulatedApis apis = deployment.apis();
        String name = deed.name().toLowerCase(Locale.ROOT);
        String key = RING + name;
        String workspace = "wrkspc_01" + name;
        apis.withReadyKey(key);
        String registration = apis.admin().register(key, name);
        apis.admin().withWorkspace(workspace, name).attach(workspace, registration);
        deed.happen(apis, key);

        deployment.publish(Topology.KEY_CHANGES, """
                {"insertId":"%s","timestamp":"%s","protoPayload":{"serviceName":"cloudkms.googleapis.com",
                 "methodName":"%s","resourceName":"%s","authenticationInfo":{"principalEmail":"mallory@example.com"}}}
                """.formatted(name, Instant.now(), deed.method, key));
        List<Results.Published> published =
                deployment.follow(result -> result.json().path("key").asText().equals(key));

        assertThat(published)
                .filteredOn(result -> result.json().path("key").asText().equals(key))
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.status()).isEqualTo("UNHEALTHY");
                    assertThat(result.json().path("reason").asText()).isEqualTo(deed.reason.name());
                    assertThat(result.json().path("message").asText()).contains("mallory@example.com");
                });
    }
}
