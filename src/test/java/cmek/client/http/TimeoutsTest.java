package cmek.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeoutsTest {

    @Test
    void googlesClientsWaitTenSeconds() {
        assertThat(new GoogleHttp().atMost()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void restClientsConnectForFiveSecondsAndWaitTen() {
        assertThat(RestClients.CONNECT_AT_MOST).isEqualTo(Duration.ofSeconds(5));
        assertThat(RestClients.ANSWER_AT_MOST).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aValidationMayTakeAMinute() {
        assertThat(RestClients.VALIDATE_AT_MOST).isEqualTo(Duration.ofSeconds(60));
    }
}
