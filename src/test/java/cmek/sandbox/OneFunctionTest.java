package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;

import cmek.onboarding.Step;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An HTTP service that was told of one function serves that one. */
@QuarkusTest
@TestProfile(OneFunctionTest.GrantAccessAlone.class)
class OneFunctionTest {

    /** What {@code QUARKUS_FUNQY_EXPORT=grantAccess} comes to; the environment itself cannot be set here. */
    public static final class GrantAccessAlone implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(new InTheWorld().getConfigOverrides());
            settings.put("cmek.host.serves", "grantAccess");
            return settings;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return new InTheWorld().testResources();
        }
    }

    @SuppressWarnings("NullAway.Init") // Quarkus does it.
    Deployment deployment;

    @BeforeEach
    void begin() {
        deployment.begin(RestAssured.port);
    }

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
