package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;

import cmek.onboarding.Step;
import io.restassured.RestAssured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An HTTP service that was told of one function serves that one. */
abstract class OneFunctionFacts extends FromOutside {

    private static int status(String function) {
        return RestAssured.given()
                .contentType("application/json")
                .body("{\"message\":{\"messageId\":\"4713\",\"data\":\"e30=\"},\"subscription\":\"s\"}")
                .post("/" + function)
                .then()
                .body(emptyString())
                .extract()
                .statusCode();
    }

    @Test
    void theOneThatIsNamedIsServed() {
        assertThat(status("grantAccess")).isEqualTo(204);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GRANT_ACCESS")
    void theOthersAreNot(Step step) {
        assertThat(status(step.function())).isEqualTo(404);
    }
}
