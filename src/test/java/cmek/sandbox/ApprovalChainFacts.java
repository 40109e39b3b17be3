package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chain where attaching takes two: everything as deployed but IAM, which decides who may publish where. */
abstract class ApprovalChainFacts extends FromOutside {

    private static final Pattern COMMAND =
            Pattern.compile("gcloud pubsub topics publish cmek-approvals --project=\\S+ '--message=(\\{[^']+})'");

    @Test
    void theMessageThatTheResultNamesAttachesTheKeyOnce() {
        JsonNode asked = asked("approved");
        assertThat(asked.at("/approval/shown").toString())
                .contains(
                        "\"organization 3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13\"",
                        "/cryptoKeys/approved\"",
                        "\"workspace wrkspc_01approved, Approved\"");
        assertThat(attached("approved")).isFalse();

        assertThat(end(deployment.approve(message(asked)))).isEqualTo("ATTACHED null");
        assertThat(attached("approved")).isTrue();
        assertThat(end(deployment.approve(message(asked)))).isEqualTo("REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(writes("/workspaces/wrkspc_01approved")).isEqualTo(1);
    }

    @Test
    void aDigestThatNobodyWasAskedToApproveAttachesNothing() {
        asked("guessed");

        assertThat(end(deployment.approve("{\"approve\":\"" + "0".repeat(64) + "\"}")))
                .isEqualTo("REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(attached("guessed")).isFalse();
    }

    @Test
    void aWorkspaceThatWasArchivedInBetweenGetsNoKey() {
        JsonNode asked = asked("archived");
        deployment.apis().admin().archive("wrkspc_01archived");

        assertThat(end(deployment.approve(message(asked)))).isEqualTo("REFUSED WORKSPACE_ARCHIVED");
        assertThat(attached("archived")).isFalse();
    }

    /** Onboards a key as far as it goes; returns what somebody is asked. */
    private JsonNode asked(String name) {
        deployment
                .apis()
                .admin()
                .withWorkspace(
                        "wrkspc_01" + name,
                        name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1));
        List<Results.Published> results = deployment.onboard("""
                {"requestId":"%1$s",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-%1$s","name":"%1$s"},
                 "workspaceId":"wrkspc_01%1$s","acknowledgePermanent":true}
                """.formatted(name));
        JsonNode end = results.get(results.size() - 1).json();
        assertThat(end.path("status").asText()).isEqualTo("AWAITING_APPROVAL");
        return end;
    }

    private static String message(JsonNode asked) {
        Matcher command = COMMAND.matcher(asked.at("/remedy/0").asText());
        assertThat(command.matches()).as(asked.at("/remedy/0").asText()).isTrue();
        return command.group(1);
    }

    private static String end(List<Results.Published> results) {
        JsonNode end = results.get(results.size() - 1).json();
        return end.path("status").asText() + " " + end.path("reason").asText();
    }

    private boolean attached(String name) {
        return deployment.apis().admin().attachedKey("wrkspc_01" + name).isPresent();
    }

    private long writes(String path) {
        return deployment.apis().journal().writesTo("admin").stream()
                .filter(write -> write.operation().endsWith(path))
                .count();
    }
}
