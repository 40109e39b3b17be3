package cmek.client.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.client.OnTheWire;
import cmek.client.WireTest;
import cmek.client.project.ServiceUsageClient.State;
import cmek.finding.TransientException;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(OnTheWire.class)
class ServiceUsageClientTest extends WireTest {

    @Inject
    ServiceUsageClient projects;

    @ParameterizedTest
    @CsvSource({"ENABLED,ENABLED", "DISABLED,DISABLED", "STATE_UNSPECIFIED,UNKNOWN", "SOMETHING_NEW,UNKNOWN"})
    void theStateIsReadAndNewWordsAreNotGuessed(String word, State state) {
        answersJson("{\"name\":\"projects/1/services/cloudkms.googleapis.com\",\"new\":{},\"state\":\"" + word + "\"}");

        assertThat(projects.cloudKms("demo-proj")).isEqualTo(state);

        LoggedRequest sent = onlyRequest();
        assertThat(sent.getUrl()).isEqualTo("/v1/projects/demo-proj/services/cloudkms.googleapis.com");
        assertThat(sent.containsHeader("authorization")).isFalse();
    }

    @Test
    void whatIsClosedToUsIsUnknown() {
        answers(googleError(403, "PERMISSION_DENIED", errorInfo("IAM_PERMISSION_DENIED", "{}")));

        assertThat(projects.cloudKms("demo-proj")).isEqualTo(State.UNKNOWN);
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void overloadIsTriedAgain(int code) {
        answers(html(code));

        assertThat(unavailable()).isNotNull();
        assertThat(requests()).hasSize(3);
    }

    @Test
    void aResetIsTriedAgain() {
        answers(reset());

        assertThat(unavailable()).hasMessageContaining("not answered");
        assertThat(requests()).hasSize(3);
    }

    private TransientException unavailable() {
        return catchThrowableOfType(TransientException.class, () -> projects.cloudKms("demo-proj"));
    }
}
