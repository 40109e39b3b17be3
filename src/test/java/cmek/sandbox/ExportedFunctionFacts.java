package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;

import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever knocks at the HTTP service other than with a POST to a function is answered, and nothing else happens. */
abstract class ExportedFunctionFacts extends FromOutside {

    private static final byte[] REQUEST = """
            {"requestId":"knocking","mode":"plan",
             "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring","name":"name"}}
            """.getBytes(StandardCharsets.UTF_8);

    private int before;

    @BeforeEach
    void lookAround() {
        before = deployment.results().size();
    }

    @AfterEach
    void nothingHappened() {
        assertThat(deployment.results()).hasSize(before);
        assertThat(deployment.apis().journal().entries()).isEmpty();
    }

    private static ValidatableResponse answer(String method, String path) {
        return RestAssured.given()
                .urlEncodingEnabled(false)
                .contentType("application/json")
                .body(REQUEST)
                .request(method, path)
                .then();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void aFunctionAnswersToPostAlone(String method) {
        answer(method, "/onboard").statusCode(405).header("allow", "POST").body(emptyString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/onbord", "/Onboard", "/onboard/", "/%6Fnboard", "/q/health", "/onboard/x"})
    void whereThereIsNoFunctionThereIsNothing(String path) {
        answer("POST", path).statusCode(404).body(emptyString());
        answer("GET", path).statusCode(404).body(emptyString());
    }
}
