package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.World;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A push's trace reaches the line that the HTTP service writes about it. */
@QuarkusTest
@TestProfile(InTheWorld.class)
class LogLineTest {

    @SuppressWarnings("NullAway.Init") // Quarkus does it.
    Deployment deployment;

    @BeforeEach
    void begin() {
        deployment.begin(RestAssured.port);
    }

    @Test
    void theLineOfAPushIsLinkedToItsTrace() throws JsonProcessingException {
        String id = "4bf92f3577b34da6a3ce929d0e0e4736";
        PrintStream before = System.out;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written, true, UTF_8));
        try {
            RestAssured.given()
                    .header("traceparent", "00-" + id + "-00f067aa0ba902b7-01")
                    .contentType("application/json")
                    .body("{\"message\":{\"messageId\":\"4711\",\"data\":\"e30=\"},\"subscription\":\"s\"}")
                    .post("/onboard")
                    .then()
                    .statusCode(204);
        } finally {
            System.setOut(before);
        }

        String line = written.toString(UTF_8)
                .lines()
                .filter(each -> each.contains("4711"))
                .findFirst()
                .orElseThrow();
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("logging.googleapis.com/trace").asText())
                .isEqualTo("projects/" + World.PROJECT + "/traces/" + id);
        assertThat(json.path("severity").asText()).isEqualTo("WARNING");
        assertThat(json.path("message").asText()).startsWith("REFUSED onboard: ");
        assertThat(json.path("logging.googleapis.com/labels").path("requestId").asText())
                .isEqualTo("4711");
    }
}
