package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.cli.Typed;
import cmek.model.Json;
import cmek.simulator.CloudStorageSimulator;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.GoogleReply;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chain where attaching takes two: everything as deployed but IAM, which decides who may publish where. */
abstract class ApprovalChainFacts extends FromOutside {

    private static final Pattern COMMAND =
            Pattern.compile("gcloud pubsub topics publish cmek-approvals --project=\\S+ '--message=(\\{[^']+})'");

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

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
    void theCommandShowsWhatIsApprovedAsksAndFollowsItToItsEnd() {
        String digest = asked("typed").at("/approval/digest").asText();

        Typed.Ended declined = command(folder).answering("y").run("approve", digest);
        assertThat(declined.status()).isEqualTo(2);
        assertThat(declined.err())
                .contains(
                        "request typed, accepted at ",
                        "  organization 3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13",
                        "/cryptoKeys/typed",
                        "  workspace wrkspc_01typed, Typed",
                        "cannot be undone",
                        "nothing was approved");
        assertThat(command(folder).run("approve", digest).err()).contains("--yes is missing");
        assertThat(attached("typed")).isFalse();

        Typed.Ended approved = command(folder).answering("yes").run("approve", digest);
        assertThat(approved.status()).as(approved.out() + approved.err()).isZero();
        assertThat(approved.out()).contains("ATTACHED");
        assertThat(attached("typed")).isTrue();

        Typed.Ended again = command(folder).run("approve", "--yes", digest);
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).contains("APPROVAL_NOT_ACCEPTED");
        assertThat(writes("/workspaces/wrkspc_01typed")).isEqualTo(1);
    }

    @Test
    void theCommandApprovesNothingThatNobodyAskedFor() {
        Typed.Ended ended = command(folder).run("approve", "--yes", "0".repeat(64));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("nobody asked to approve 000");
        assertThat(command(folder).run("approve", "--yes", "../asked").err()).contains("is not a digest");
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

    // --- the bucket is closed, or holds what another release wrote -------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aBucketThatIsClosedEndsTheApprovalOnce(String method) {
        String name = "closed" + method.toLowerCase(Locale.ROOT);
        String message = message(asked(name));
        deployment.apis().storageGate().put(Faults.every(1, Faults.calls(method, "/.*/o(/.*)?"), denied()));

        List<Results.Published> results = deployment.approve(message);

        assertThat(results.stream().filter(ApprovalChainFacts::isTerminal)).hasSize(1);
        assertThat(end(results)).isEqualTo("REFUSED PERMISSION_DENIED");
        assertThat(attached(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aBucketThatIsClosedEndsTheRequestThatWouldAskOnce(String method) {
        deployment.apis().storageGate().put(Faults.every(1, Faults.calls(method, "/.*/o(/.*)?"), denied()));

        List<Results.Published> results = onboarded("unasked" + method.toLowerCase(Locale.ROOT));

        assertThat(results.stream().filter(ApprovalChainFacts::isTerminal)).hasSize(1);
        assertThat(end(results)).isEqualTo("REFUSED PERMISSION_DENIED");
    }

    @Test
    void anApprovalThatAnotherReleaseAskedForIsUnderstood() throws IOException {
        JsonNode asked = asked("upgraded");
        rewrite(asked, kept -> {
            kept.put("ofALaterRelease", true);
            ((ObjectNode) kept.at("/approval/onboarding")).remove("replay");
            ((ObjectNode) kept.at("/approval/onboarding/request")).put("ofALaterRelease", "x");
        });

        assertThat(end(deployment.approve(message(asked)))).isEqualTo("ATTACHED null");
    }

    @Test
    void anApprovalThatCannotBeReadAnyMoreIsRefusedOnce() throws IOException {
        JsonNode asked = asked("forgotten");
        rewrite(asked, kept -> kept.remove("approval"));

        List<Results.Published> results = deployment.approve(message(asked));

        assertThat(results).singleElement().matches(Results.Published::isBadEnd);
        assertThat(end(results)).isEqualTo("REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(attached("forgotten")).isFalse();
    }

    @Test
    void aDeadLetterOfAnApprovalEndsOnceAndItsReplayAttaches() throws Exception {
        JsonNode asked = asked("late");
        deployment
                .apis()
                .storageGate()
                .put(Faults.every(
                        1,
                        Faults.calls("GET", "/.*asked.json"),
                        (call, apis) -> GoogleReply.error(503, "UNAVAILABLE", "later")));
        String id = deployment.publishApproval(message(asked));
        assertThat(deployment.comesTo(push -> push.function().equals("reportDeadLetter")))
                .isTrue();
        deployment.apis().begin();

        // The message that ends has the dead letter's id.
        List<Results.Published> failed = deployment.follow(ApprovalChainFacts::isTerminal);
        assertThat(end(failed)).isEqualTo("FAILED RETRIES_EXHAUSTED");
        assertThat(attached("late")).isFalse();

        Typed.Ended ended = command(folder).run("dead-letters", "--replay");
        assertThat(ended.status()).as(id + " " + ended.err()).isZero();
        List<Results.Published> replayed = deployment.follow(ApprovalChainFacts::isTerminal);
        assertThat(end(replayed)).isEqualTo("ATTACHED null");
        assertThat(replayed.get(replayed.size() - 1).json().path("supersedes").asText())
                .isEqualTo(failed.get(failed.size() - 1).id());
        assertThat(attached("late")).isTrue();
    }

    private static Fault denied() {
        return (call, apis) -> GoogleReply.error(403, "PERMISSION_DENIED", "the bucket is closed");
    }

    private static boolean isTerminal(Results.Published result) {
        return result.isGoodEnd() || result.isBadEnd();
    }

    /** As if another release had asked. */
    private void rewrite(JsonNode asked, Consumer<ObjectNode> change) throws IOException {
        String name = "approvals/" + asked.at("/approval/digest").asText() + "/asked.json";
        CloudStorageSimulator storage = deployment.apis().storage();
        ObjectNode kept = (ObjectNode)
                Json.MAPPER.readTree(storage.text(SimulatedApis.BUCKET, name).orElseThrow());
        change.accept(kept);
        storage.withObject(SimulatedApis.BUCKET, name, "application/json", kept.toString());
    }

    /** Onboards a key as far as it goes; returns what somebody is asked. */
    private JsonNode asked(String name) {
        List<Results.Published> results = onboarded(name);
        JsonNode end = results.get(results.size() - 1).json();
        assertThat(end.path("status").asText()).isEqualTo("AWAITING_APPROVAL");
        return end;
    }

    private List<Results.Published> onboarded(String name) {
        deployment
                .apis()
                .admin()
                .withWorkspace(
                        "wrkspc_01" + name,
                        name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1));
        return deployment.onboard("""
                {"requestId":"%1$s",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-%1$s","name":"%1$s"},
                 "workspaceId":"wrkspc_01%1$s","acknowledgePermanent":true}
                """.formatted(name));
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
