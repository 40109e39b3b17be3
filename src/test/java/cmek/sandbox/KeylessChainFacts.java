package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.AdminSimulator;
import cmek.simulator.Faults;
import cmek.simulator.Journal;
import cmek.simulator.MetadataSimulator;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chain with no secret in it: the functions show who they are at Google, and Anthropic believes it or does not. */
abstract class KeylessChainFacts extends FromOutside {

    @BeforeEach
    void takeEverythingBack() {
        // Whatever the functions hold from an earlier test is worth nothing, and no key is worth anything.
        apis().tokens().revokeAll();
        apis().admin().revoke(AdminSimulator.TEST_ADMIN_KEY);
    }

    @AfterEach
    void noTokenIsInTheLog() {
        apis().tokens().admit(MetadataSimulator.SUBJECT);
        assertThat(deployment.log()).isNotEmpty();
        assertThat(Stream.concat(apis().tokens().issued().stream(), apis().metadata().issued().stream()))
                .noneMatch(deployment.log()::contains);
    }

    @Test
    void aKeyIsOnboardedByOneExchange() {
        apis().admin().withWorkspace("wrkspc_01keyless", "Keyless");

        List<Results.Published> results = deployment.onboard(
                request("keyless", ",\"workspaceId\":\"wrkspc_01keyless\",\"acknowledgePermanent\":true"));

        assertThat(end(results).path("status").asText()).isEqualTo("ATTACHED");
        assertThat(calls("token POST /v1/oauth/token -> 200")).isEqualTo(1);
        assertThat(calls("metadata GET")).isEqualTo(1);
        assertThat(apis().journal().writesTo("kms", "admin")).hasSize(5);
    }

    @Test
    void aTokenThatIsTakenBackIsFetchedAnewAndNothingElseIsDoneTwice() {
        deployment.onboard(request("before", ""));
        apis().journal().clear();
        apis().tokens().revokeAll();

        assertThat(end(deployment.onboard(request("after", ""))).path("status").asText())
                .isEqualTo("VALIDATED");
        assertThat(calls("token POST /v1/oauth/token -> 200")).isEqualTo(1);
        assertThat(calls("admin POST /v1/organizations/external_keys -> 200")).isEqualTo(1);
    }

    @Test
    void aRuleThatAdmitsAnotherIsARefusalThatSaysWhereToLook() {
        apis().tokens().admit("117000000000000000043");

        JsonNode end = end(deployment.onboard(request("unexpected", "")));

        assertThat(end.path("status").asText()).isEqualTo("REFUSED");
        assertThat(end.path("reason").asText()).isEqualTo("CREDENTIAL_REJECTED");
        assertThat(end.path("message").asText()).contains("HTTP 401, invalid_grant (request-id req_token");
        assertThat(end.path("remedy").toString()).contains("Workload identity page of Anthropic's Console");
        assertThat(calls("token")).isEqualTo(1);
        assertThat(apis().journal().writesTo("kms", "admin")).isEmpty();
    }

    @Test
    void aTokenEndpointThatIsDownForAWhileCostsNothingButTime() {
        apis().tokenGate().put(Faults.next(4, Faults.anyCall(), Faults.html(503)));

        assertThat(end(deployment.onboard(request("down", ""))).path("status").asText())
                .isEqualTo("VALIDATED");
    }

    @Test
    void aMetadataServerThatIsDownForAWhileCostsNothingButTime() {
        apis().metadataGate().put(Faults.next(4, Faults.anyCall(), Faults.reset()));

        assertThat(end(deployment.onboard(request("lost", ""))).path("status").asText())
                .isEqualTo("VALIDATED");
    }

    @Test
    void aFunctionWithoutAnIdentityIsRefused() {
        apis().metadataGate().put(Faults.every(1, Faults.anyCall(), Faults.html(404)));

        JsonNode end = end(deployment.onboard(request("nobody", "")));

        assertThat(end.path("reason").asText()).isEqualTo("CREDENTIAL_REJECTED");
        assertThat(end.path("message").asText()).contains("no identity token");
        assertThat(calls("token")).isZero();
    }

    private SimulatedApis apis() {
        return deployment.apis();
    }

    private long calls(String prefix) {
        return apis().journal().entries().stream()
                .map(Journal.Entry::toString)
                .filter(entry -> entry.startsWith(prefix))
                .count();
    }

    private JsonNode end(List<Results.Published> results) {
        Results.Published end = results.get(results.size() - 1);
        assertThat(deployment.logs(end)).isTrue();
        return end.json();
    }

    private static String request(String name, String more) {
        return """
                {"requestId":"%1$s","mode":"provision","displayName":"Of %1$s",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-%1$s","name":"%1$s"}%2$s}
                """.formatted(name, more);
    }
}
