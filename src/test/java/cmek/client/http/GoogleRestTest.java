package cmek.client.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoogleRestTest {

    private static final String EXPIRED = """
            {"error":{"code":401,"status":"UNAUTHENTICATED","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_EXPIRED"}]}}
            """;

    private final List<String> events = new ArrayList<>();
    private final GoogleRest rest = new GoogleRest("Cloud KMS", 1, () -> events.add("renewed"));

    @Test
    void theTokenIsRenewedBetweenARefusalForItAndTheSecondAttempt() throws GoogleRest.Failed {
        HttpAnswer answer = rest.answer("SetIamPolicy", () -> {
            events.add("called");
            return events.size() == 1 ? answer(401, EXPIRED) : answer(200, "{}");
        });

        assertThat(answer.status()).isEqualTo(200);
        assertThat(events).containsExactly("called", "renewed", "called");
    }

    @Test
    void itIsRenewedOnce() {
        assertThatThrownBy(() -> rest.answer("SetIamPolicy", () -> {
                    events.add("called");
                    return answer(401, EXPIRED);
                }))
                .isInstanceOf(GoogleRest.Failed.class);
        assertThat(events).containsExactly("called", "renewed", "called");
    }

    @Test
    void whatElseIsRefusedIsNotCalledAgain() {
        assertThatThrownBy(() -> rest.answer("SetIamPolicy", () -> {
                    events.add("called");
                    return answer(403, "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}");
                }))
                .isInstanceOf(GoogleRest.Failed.class);
        assertThat(events).containsExactly("called");
    }

    @Test
    void aTokenThatCannotBeRenewedNowIsTriedAgainLater() {
        GoogleRest offline = new GoogleRest("Cloud KMS", 1, () -> {
            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "cannot be renewed now", null);
        });

        assertThatThrownBy(() -> offline.answer("SetIamPolicy", () -> answer(401, EXPIRED)))
                .isInstanceOf(TransientException.class);
    }

    private static CannedResponse answer(int status, String body) {
        return new CannedResponse(status, Map.of(), new ByteArrayInputStream(body.getBytes(UTF_8)));
    }
}
