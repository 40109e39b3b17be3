package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.Journal;
import cmek.simulator.SimulatedApis;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes from outside may be a proxy's page, nothing, half of something, ten megabytes, or made to be seen on a
 * terminal: it does no harm, and what is passed on of it is short and on one line.
 */
abstract class HostileAnswersFacts extends FromOutside {

    private static final int MESSAGE_AT_MOST = 2_000;
    private static final int RESULT_AT_MOST = 64 * 1024;
    private static final Predicate<Call> VALIDATION =
            Faults.calls("POST", "/v1/organizations/external_keys/[^/]+/validate");

    /** What nobody may see who is not meant to have it, whoever shows it. */
    private static final String ADMIN_KEY = "sk-ant-" + "admin01-0123456789abcdefghij";

    private static final String WEB_TOKEN = "eyJhbGciOiJSUzI1NiJ9." + "eyJpc3MiOiJhIn0.c2lnbmF0dXJlc2lnbmF0dXJl";
    private static final String CREDENTIALS = ADMIN_KEY + " Bearer " + WEB_TOKEN;
    private static final Map<String, String> JSON =
            Map.of("content-type", "application/json", "request-id", "req_" + ADMIN_KEY);

    /**
     * One answer of one APIs.
     *
     * @param reason of the end; empty when it ends well
     */
    record Answer(String name, Function<SimulatedApis, Gate> gate, Fault fault, String reason) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Answer> answers() {
        Fault nothing403 = Faults.status(403, Map.of(), "");
        return Stream.of(
                        whole("kms", SimulatedApis::kmsGate, "RETRIES_EXHAUSTED", "PERMISSION_DENIED"),
                        whole("admin", SimulatedApis::adminGate, "RETRIES_EXHAUSTED", "CREDENTIAL_FORBIDDEN"),
                        whole("service-usage", SimulatedApis::serviceUsageGate, "", ""),
                        whole("resource-manager", SimulatedApis::resourceManagerGate, "", ""),
                        whole("org-policy", SimulatedApis::orgPolicyGate, "", ""),
                        whole("iam", SimulatedApis::iamGate, "", ""),
                        passing("kms", SimulatedApis::kmsGate),
                        passing("admin", SimulatedApis::adminGate),
                        Stream.of(
                                new Answer(
                                        "kms-credential",
                                        SimulatedApis::kmsGate,
                                        Faults.status(403, JSON, googleError(CREDENTIALS)),
                                        "GOOGLE_REFUSED"),
                                new Answer(
                                        "admin-credential",
                                        SimulatedApis::adminGate,
                                        Faults.status(403, JSON, adminError(CREDENTIALS)),
                                        "CREDENTIAL_FORBIDDEN"),
                                new Answer("kms-nothing", SimulatedApis::kmsGate, nothing403, "RETRIES_EXHAUSTED"),
                                new Answer("admin-nothing", SimulatedApis::adminGate, nothing403, "RETRIES_EXHAUSTED"),
                                new Answer(
                                        "admin-failure-text",
                                        SimulatedApis::adminGate,
                                        Faults.every(1, VALIDATION, loudFailure()),
                                        "VALIDATION_FAILED")))
                .flatMap(Function.identity());
    }

    /**
     * Refusals of every call.
     *
     * @param foreign the end where the answer is not in the API's form
     * @param own the end where it is
     */
    private static Stream<Answer> whole(String apis, Function<SimulatedApis, Gate> gate, String foreign, String own) {
        return Stream.of(
                new Answer(apis + "-page", gate, Faults.html(403), foreign),
                new Answer(apis + "-huge", gate, Faults.huge(403), foreign),
                new Answer(apis + "-escapes", gate, Faults.terminalEscapes(403), own));
    }

    /** Answers to a few calls, after which the APIs is itself again. */
    private static Stream<Answer> passing(String apis, Function<SimulatedApis, Gate> gate) {
        return Stream.of(
                few(apis + "-page-200", gate, Faults.html(200)),
                few(apis + "-nothing-200", gate, Faults.status(200, Map.of(), "")),
                few(apis + "-huge-200", gate, Faults.huge(200)),
                few(apis + "-huge-500", gate, Faults.huge(500)),
                few(apis + "-escapes-500", gate, Faults.terminalEscapes(500)),
                few(apis + "-half", gate, Faults.truncated()),
                few(apis + "-broken-off", gate, Faults.brokenOff()));
    }

    private static Answer few(String name, Function<SimulatedApis, Gate> gate, Fault fault) {
        return new Answer(name, gate, Faults.next(5, call -> call.method().equals("GET"), fault), "");
    }

    private static String googleError(String text) {
        return """
                {"error":{"code":403,"message":"%1$s","status":"PERMISSION_DENIED","details":[
                {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"%1$s","domain":"googleapis.com",
                 "metadata":{"permission":"%1$s","resource":"%1$s"}}]}}
                """.formatted(text);
    }

    private static String adminError(String text) {
        return """
                {"type":"error","error":{"type":"permission_error","message":"%1$s","details":{"error_code":"%1$s"}}}
                """.formatted(text);
    }

    private static Fault loudFailure() {
        String text =
                CREDENTIALS + "\\u001b[2J\\u001b]0;owned\\u0007\\r\\nINFO all is well\\u202e" + "x".repeat(1_000_000);
        return Faults.status(
                200,
                Map.of("content-type", "application/json", "request-id", "r".repeat(4_000)),
                "{\"type\":\"external_key_validation\",\"status\":\"failure\",\"error\":\"" + text + "\"}");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aHostileAnswerDoesNoHarmAndIsNotEchoed(Answer answer) {
        SimulatedApis apis = deployment.apis();
        Row row = Row.of(cmek.finding.Reason.INVALID_REQUEST, "hostile-" + answer.name())
                .ready();
        row.breakApis(apis);
        apis.journal().clear();
        answer.gate().apply(apis).put(answer.fault());

        List<Results.Published> results = deployment.onboard(row.message());

        Results.Published end = results.get(results.size() - 1);
        assertThat(end.json().path("reason").asText("").replace("null", "")).isEqualTo(answer.reason());
        assertThat(end.isGoodEnd()).isEqualTo(answer.reason().isEmpty());
        for (Results.Published result : results) {
            assertThat(result.json().path("message").asText())
                    .hasSizeLessThan(MESSAGE_AT_MOST)
                    .doesNotContainPattern("\\p{Cntrl}")
                    .doesNotContain("<html", "\u202e", "x".repeat(1_000));
            assertThat(result.json().toString())
                    .hasSizeLessThan(RESULT_AT_MOST)
                    .doesNotContain("0123456789abcdefghij", WEB_TOKEN);
        }
        assertThat(deployment.logs(end)).isTrue();
        assertThat(deployment.log()).doesNotContain("0123456789abcdefghij", WEB_TOKEN);
        // Line breaks of a stack trace are the log's own; nothing else that moves a cursor is in it.
        assertThat(deployment.log()).doesNotContainPattern("[\\p{Cntrl}&&[^\\n\\t\\r]]");
        if (!answer.reason().isEmpty()) {
            assertThat(apis.journal().writesTo("kms", "admin").stream().map(Journal.Entry::operation))
                    .filteredOn(operation -> !operation.equals("POST /v1/organizations/external_keys"))
                    .isEmpty();
        }
    }
}
