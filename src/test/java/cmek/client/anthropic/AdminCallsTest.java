package cmek.client.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything that is ever sent to the Admin API. */
class AdminCallsTest {

    /** None of them deletes or changes a registration, archives a workspace, or takes a key from one. */
    @Test
    void nothingIsDeleted() {
        assertThat(Stream.of(AdminHttp.class, ValidateHttp.class)
                        .flatMap(api -> Arrays.stream(api.getDeclaredMethods()))
                        .map(call -> verbs(call) + " "
                                + call.getAnnotation(Path.class).value()))
                .containsExactlyInAnyOrder(
                        "GET /me",
                        "GET /external_keys",
                        "POST /external_keys",
                        "GET /external_keys/{id}",
                        "POST /external_keys/{id}/validate",
                        "GET /workspaces",
                        "GET /workspaces/{id}",
                        "POST /workspaces/{id}");
    }

    private static String verbs(Method call) {
        return Arrays.stream(call.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .map(HttpMethod::value)
                .collect(Collectors.joining(" "));
    }
}
