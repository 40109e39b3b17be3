package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.onboarding.Step;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a person sends by hand, with the template that Google hands out for it, and a push that wraps nothing. */
abstract class ManualEventFacts extends FromOutside {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TEMPLATE = Map.of(
            "ce-id", "1234567890",
            "ce-specversion", "1.0",
            "ce-type", "google.cloud.pubsub.topic.v1.messagePublished",
            "ce-time", "2020-08-08T00:11:44.895529672Z",
            "ce-source", "//pubsub.googleapis.com/projects/acme-cmek/topics/cmek-onboarding-requests");

    @Test
    void googlesTemplateIsARequestOfNowAndSentAgainAnother() throws JsonProcessingException {
        for (int i = 0; i < 2; i++) {
            post("/onboard", TEMPLATE, template(request("by-template")));
        }

        List<JsonNode> taken = taken("by-template");
        assertThat(taken).hasSize(2);
        assertThat(taken)
                .extracting(onboarding -> onboarding.path("messageId").asText())
                .doesNotHaveDuplicates();
        assertThat(taken)
                .extracting(onboarding ->
                        Instant.parse(onboarding.path("acceptedAt").asText()))
                .allMatch(at -> at.isAfter(Instant.now().minus(1, ChronoUnit.HOURS)));
    }

    @Test
    void aBareRequestSentAgainIsAnother() throws JsonProcessingException {
        for (int i = 0; i < 2; i++) {
            post("/onboard", Map.of(), request("bare"));
        }

        assertThat(taken("bare"))
                .extracting(onboarding -> onboarding.path("messageId").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void aRequestThatWasRefusedIsLookedIntoAgainWhenItIsSentAgain() {
        String validate = request("once-refused").replace("\"plan\"", "\"validate\"");
        post("/onboard", TEMPLATE, template(validate));
        String first = endOf("once-refused");

        post("/onboard", TEMPLATE, template(validate));

        assertThat(endOf("once-refused")).isNotEqualTo(first);
    }

    /** The id of the next end of a request, which is that of a message. */
    private String endOf(String requestId) {
        List<Results.Published> published = deployment.follow(result ->
                result.isBadEnd() && result.json().path("requestId").asText().equals(requestId));
        return published.get(published.size() - 1).id();
    }

    @Test
    void anUnwrappedPushIsTheMessageThatItsHeaderNames() throws JsonProcessingException {
        for (String id : List.of("A", "A", "B")) {
            post("/onboard", Map.of("x-goog-pubsub-message-id", id), request("unwrapped"));
        }

        assertThat(taken("unwrapped"))
                .extracting(onboarding -> onboarding.path("messageId").asText())
                .containsOnly("A", "B");
        assertThat(taken("unwrapped"))
                .extracting(onboarding -> onboarding.path("deduplicationKey").asText())
                .filteredOn(key -> !key.isEmpty())
                .satisfies(keys -> assertThat(keys.stream().distinct()).hasSize(2));
    }

    @Test
    void googlesTemplateStartsAScanOfNow() {
        post("/startScan", TEMPLATE, template("{}"));

        List<Results.Published> published =
                deployment.follow(result -> result.status().equals("SCAN_STARTED"));

        assertThat(published)
                .filteredOn(result -> result.status().equals("SCAN_STARTED"))
                .extracting(started -> started.json().path("requestId").asText())
                .isNotEmpty()
                .allMatch(
                        run -> run.startsWith("scan-" + Instant.now().toString().substring(0, 4)));
    }

    private static void post(String path, Map<String, String> headers, String body) {
        RestAssured.given()
                .headers(headers)
                .contentType("application/json")
                .body(body.getBytes(UTF_8))
                .post(path)
                .then()
                .statusCode(204);
    }

    /** The requests of an id that were accepted, as the next step is told of them. */
    private List<JsonNode> taken(String requestId) throws JsonProcessingException {
        List<JsonNode> taken = new ArrayList<>();
        for (String event : deployment.published(Step.CHECK_PREREQUISITES)) {
            JsonNode json = JSON.readTree(event);
            if (json.path("request").path("requestId").asText().equals(requestId)) {
                taken.add(json);
            }
        }
        return taken;
    }

    private static String request(String requestId) {
        return """
                {"requestId":"%s","mode":"plan","key":{"project":"acme-kms-prod","location":"us-east5",
                 "keyRing":"by-hand","name":"%s"}}
                """.formatted(requestId, requestId);
    }

    private static String template(String data) {
        return "{\"message\":{\"_comment\":\"data is base64 encoded string\",\"data\":\""
                + Base64.getEncoder().encodeToString(data.getBytes(UTF_8)) + "\"}}";
    }
}
