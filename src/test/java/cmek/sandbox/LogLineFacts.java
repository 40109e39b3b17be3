package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import org.junit.jupiter.api.Test;

/** A push's trace reaches the line that the HTTP service writes about it. */
abstract class LogLineFacts extends FromOutside {

    @Test
    void theLineOfAPushIsLinkedToItsTrace() throws JsonProcessingException {
        String id = "4bf92f3577b34da6a3ce929d0e0e4736";

        RestAssured.given()
                .header("traceparent", "00-" + id + "-00f067aa0ba902b7-01")
                .contentType("application/json")
                .body("{\"message\":{\"messageId\":\"4711\",\"data\":\"e30=\"},\"subscription\":\"s\"}")
                .post("/onboard")
                .then()
                .statusCode(204);

        assertThat(deployment.logs("4711")).isTrue();
        String line = deployment
                .log()
                .lines()
                .filter(each -> each.contains("4711"))
                .findFirst()
                .orElseThrow();
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("logging.googleapis.com/trace").asText())
                .isEqualTo("projects/" + SimulatedApis.PROJECT + "/traces/" + id);
        assertThat(json.path("severity").asText()).isEqualTo("WARNING");
        assertThat(json.path("message").asText()).startsWith("REFUSED onboard: ");
        assertThat(json.path("logging.googleapis.com/labels").path("requestId").asText())
                .isEqualTo("4711");
    }
}
