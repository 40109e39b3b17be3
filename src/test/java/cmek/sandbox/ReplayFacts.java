package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.cli.Typed;
import cmek.onboarding.Step;
import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.SimulatedApis;
import cmek.simulator.SimulatorServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dead letters, from the API that does not answer to the operator who replays them, by the command that is handed out. */
abstract class ReplayFacts extends FromOutside {

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    /** A step whose API does not answer until an operator has seen to it. */
    private record Broken(String step, Function<SimulatedApis, Gate> gate, Predicate<Call> calls) {}

    private static final Broken CREATE_KEY =
            new Broken("createKey", SimulatedApis::kmsGate, Faults.calls("POST", "/v1/.*/cryptoKeys"));

    static Stream<Arguments> broken() {
        return Stream.of(
                        CREATE_KEY,
                        new Broken(
                                "registerKey", SimulatedApis::adminGate, Faults.calls("POST", "/v1/.*/external_keys")),
                        new Broken(
                                "attachWorkspace",
                                SimulatedApis::adminGate,
                                Faults.calls("POST", "/v1/.*/workspaces/.*")))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aReplayedLetterGoesOnToATerminalStatus(Broken broken) throws Exception {
        Results.Published failed = failed(broken, "replay-" + broken.step.toLowerCase(java.util.Locale.ROOT));
        deployment.apis().begin();

        List<Results.Published> replayed = replay(failed);

        Results.Published end = replayed.get(replayed.size() - 1);
        assertThat(end.status()).isEqualTo("ATTACHED");
        assertThat(end.id()).endsWith(".attachWorkspace.ATTACHED.1");
        assertThat(end.json().path("supersedes").asText()).isEqualTo(failed.id());
        assertThat(replayed.get(0).json().path("step").asText()).isEqualTo(broken.step);
    }

    @Test
    void aReplayThatFailsAgainIsReplayedOnceMore() throws Exception {
        Results.Published failed = failed(CREATE_KEY, "replay-twice");

        List<Results.Published> again = replay(failed);
        Results.Published failedAgain = again.get(again.size() - 1);
        assertThat(failedAgain.status()).isEqualTo("FAILED");
        assertThat(failedAgain.id()).endsWith(".createKey.FAILED.1");
        assertThat(failedAgain.json().path("supersedes").asText()).isEqualTo(failed.id());
        deployment.apis().begin();

        List<Results.Published> replayed = replay(failedAgain);
        Results.Published end = replayed.get(replayed.size() - 1);
        assertThat(end.status()).isEqualTo("ATTACHED");
        assertThat(end.json().path("supersedes").asText()).isEqualTo(failedAgain.id());
    }

    /** Whoever may publish on the topic of a step may call any event a replay. It is processed as any other, or not at all. */
    @Test
    void aForgedReplayDoesNothingToWhatHasEnded() {
        withWorkspace("replay-forged");
        List<Results.Published> results = deployment.onboard(request("replay-forged"));
        Results.Published end = results.get(results.size() - 1);
        String event = deployment.published(Step.CREATE_KEY).stream()
                .filter(data -> data.contains("\"replay-forged\""))
                .findFirst()
                .orElseThrow();
        deployment.apis().journal().clear();

        deployment.publish(Step.CREATE_KEY, event, Map.of("replay", "1"));

        assertThat(deployment.follow(ReplayFacts::isTerminal)).last().isEqualTo(end);
        assertThat(deployment.apis().journal().writesTo("kms", "admin")).isEmpty();
    }

    @Test
    void aForgedReplayGoesThroughTheChecksOfItsStep() throws Exception {
        Results.Published failed = failed(CREATE_KEY, "replay-checked");
        deployment.apis().begin();
        String event = deployment.published(Step.CREATE_KEY).stream()
                .filter(data -> data.contains("\"replay-checked\""))
                .findFirst()
                .orElseThrow();

        deployment.publish(Step.CREATE_KEY, event.replace("us-east5", "europe-west3"), Map.of("replay", "1"));

        Results.Published end = deployment.follow(ReplayFacts::isTerminal).get(0);
        assertThat(end.json().path("reason").asText()).isEqualTo("LOCATION_NOT_SUPPORTED");
        assertThat(end.json().path("supersedes").asText()).isEqualTo(failed.id());
        assertThat(deployment.apis().journal().writesTo("kms")).isEmpty();
    }

    /** The last delivery attaches the key, nobody hears of it, and the workspace cannot be read until the step is given up. */
    @Test
    void aKeyThatIsAttachedIsNotSaidToHaveFailed() throws InterruptedException {
        AtomicBoolean attached = new AtomicBoolean();
        Predicate<Call> writes = Faults.calls("POST", "/v1/.*/workspaces/wrkspc_01.*");
        Predicate<Call> reads = Faults.calls("GET", "/v1/.*/workspaces/wrkspc_01.*");
        Fault overloaded =
                Faults.status(529, Map.of(), "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}");
        deployment.apis().adminGate().put((call, apis) -> {
            if (writes.test(call)) {
                apis.answer(call);
                attached.set(true);
                return SimulatorServer.RESET;
            }
            return attached.get() && reads.test(call) ? overloaded.answer(call, apis) : apis.answer(call);
        });
        withWorkspace("replay-late");
        String message = deployment.publish(Step.ONBOARD, request("replay-late"));
        deployment.follow(result -> result.json().path("step").asText().equals("validateKey"));
        assertThat(deployment.comesTo(push -> push.function().equals("reportDeadLetter") && !push.isTaken()))
                .isTrue();
        assertThat(attached).isTrue();

        deployment.apis().begin();

        List<Results.Published> results = deployment.follow(message);
        assertThat(results.stream().filter(ReplayFacts::isTerminal).map(Results.Published::status))
                .containsExactly("ATTACHED");
    }

    // -------------------------------------------------------------------------------------------------------------

    private Results.Published failed(Broken broken, String name) {
        // Of what may have had an effect, a lock would be held for two minutes.
        Fault refusing = Faults.status(
                429,
                Map.of(),
                "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"type\":\"rate_limit_error\",\"message\":\"later\"}}");
        broken.gate.apply(deployment.apis()).put(Faults.every(1, broken.calls, refusing));
        withWorkspace(name);
        List<Results.Published> results = deployment.onboard(request(name));
        Results.Published end = results.get(results.size() - 1);
        JsonNode json = end.json();
        assertThat(json.path("status").asText() + " " + json.path("step").asText())
                .isEqualTo("FAILED " + broken.step);
        return end;
    }

    /** As an operator does it; returns what is published until the request has ended once more. */
    private List<Results.Published> replay(Results.Published failed) throws IOException, InterruptedException {
        Typed.Ended ended = command(folder)
                .run(
                        "dead-letters",
                        "--replay",
                        "--request",
                        failed.json().path("requestId").asText());
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("1 dead letter\n");
        return deployment.follow(ReplayFacts::isTerminal);
    }

    private static boolean isTerminal(Results.Published result) {
        return result.isGoodEnd() || result.isBadEnd();
    }

    private void withWorkspace(String name) {
        deployment.apis().admin().withWorkspace(workspace(name), "Payments");
    }

    private static String workspace(String name) {
        return "wrkspc_01" + name.replace("-", "");
    }

    private static String request(String name) {
        return """
                {"requestId":"%1$s",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-%1$s","name":"%1$s"},
                 "workspaceId":"%2$s","acknowledgePermanent":true}
                """.formatted(name, workspace(name));
    }
}
