package cmek.function;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.OnTheWire;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A request of which a part comes, and then nothing. */
@QuarkusTest
@TestProfile(SlowRequestTest.Impatient.class)
class SlowRequestTest {

    /** As {@link OnTheWire}, but that a body must come at once. */
    public static final class Impatient extends OnTheWire implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            Set<Class<?>> alternatives = new HashSet<>(super.getEnabledAlternatives());
            alternatives.add(AtOnce.class);
            return alternatives;
        }
    }

    /** Waits a fifth of a second for a body. */
    @Alternative
    @Singleton
    public static class AtOnce {

        @Produces
        @Singleton
        RequestBodies bodies() {
            return new RequestBodies(Duration.ofMillis(200));
        }
    }

    @Test
    void aRequestThatIsHalfSentIsClosed() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            String half = String.join(
                    "\r\n",
                    "POST /registerKey HTTP/1.1",
                    "host: localhost",
                    "content-type: application/json",
                    "content-length: 1000",
                    "",
                    "{\"message\":");
            socket.getOutputStream().write(half.getBytes(ISO_8859_1));

            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

            assertThat(answer).startsWith("HTTP/1.1 408 ");
        }
    }
}
