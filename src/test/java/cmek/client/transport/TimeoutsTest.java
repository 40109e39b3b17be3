package cmek.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TimeoutsTest {

    @Test
    void googlesClientsWaitTenSeconds() {
        assertThat(new GoogleHttp().atMost()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void restClientsConnectForFiveSecondsAndWaitTen() throws IOException {
        assertThat(shipped("quarkus.rest-client.connect-timeout")).isEqualTo("5000");
        assertThat(shipped("quarkus.rest-client.read-timeout")).isEqualTo("10000");
    }

    @Test
    void aValidationMayTakeAMinute() throws IOException {
        assertThat(shipped("quarkus.rest-client.admin-validate.read-timeout")).isEqualTo("60000");
    }

    private static String shipped(String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream file = TimeoutsTest.class.getResourceAsStream("/application.properties")) {
            properties.load(Objects.requireNonNull(file));
        }
        return properties.getProperty(name);
    }
}
