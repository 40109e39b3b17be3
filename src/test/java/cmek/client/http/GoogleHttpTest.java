package cmek.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.RawServer;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleHttpTest {

    private static final int A_HUNDRED_MEGABYTES = 100 * 1024 * 1024;

    private final GoogleHttp impatient = new GoogleHttp(Duration.ofMillis(200));
    private final GoogleHttp patient = new GoogleHttp(Duration.ofSeconds(30));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlowAnswerIsCutOffAndItsConnectionClosed(boolean headers) throws Exception {
        try (RawServer server = new RawServer(headers ? RawServer.slowHeaders() : RawServer.slowBody())) {
            assertThatThrownBy(() -> impatient.send(get(impatient, server)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("TimeoutException");

            server.awaitClosed();
        }
    }

    @Test
    void anEndlessAnswerIsCutAndItsConnectionClosed() throws Exception {
        try (RawServer server = new RawServer(RawServer.endlessBody())) {
            HttpAnswer answer = patient.send(get(patient, server));

            assertThat(answer.bytes()).hasSize(HttpAnswer.BYTES_AT_MOST);
            server.awaitClosed();
        }
    }

    @Test
    void aCompressedAnswerIsRefusedAndItsConnectionClosed() throws Exception {
        try (RawServer server = new RawServer(bomb())) {
            assertThatThrownBy(() -> patient.send(get(patient, server)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("ProtocolException");

            server.awaitClosed();
        }
    }

    /** As Google's own clients send. */
    @Test
    void aClientOfGooglesIsCutOffToo() throws Exception {
        for (RawServer.Answer answer : List.of(RawServer.slowHeaders(), RawServer.slowBody(), bomb())) {
            try (RawServer server = new RawServer(answer)) {
                HttpRequest request =
                        impatient.transport().createRequestFactory().buildGetRequest(new GenericUrl(server.url()));

                assertThatThrownBy(request::execute).isInstanceOf(IOException.class);

                server.awaitClosed();
            }
        }
    }

    @Test
    void aClientOfGooglesReadsNoMoreThanWeDo() throws Exception {
        try (RawServer server = new RawServer(RawServer.endlessBody())) {
            HttpResponse response = patient.transport()
                    .createRequestFactory()
                    .buildGetRequest(new GenericUrl(server.url()))
                    .execute();

            assertThat(response.getContent().readAllBytes()).hasSize(HttpAnswer.BYTES_AT_MOST);
            server.awaitClosed();
        }
    }

    @Test
    void noCallTakesLongerThanItsEvent() throws Exception {
        try (RawServer server = new RawServer(RawServer.slowBody())) {
            assertThatThrownBy(() -> Deadline.within(Duration.ofMillis(200), () -> unchecked(server)))
                    .hasMessageContaining("TimeoutException");

            server.awaitClosed();
        }
    }

    @Test
    void whereNoTimeIsLeftNoCallIsMade() {
        try (RawServer server = new RawServer(out -> {
            throw new IOException("nobody should ask");
        })) {
            assertThatThrownBy(() -> Deadline.within(Duration.ZERO, () -> unchecked(server)))
                    .hasMessageContaining("the time of its event is used up");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private HttpAnswer unchecked(RawServer server) {
        try {
            return patient.send(get(patient, server));
        } catch (IOException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static HttpRequest get(GoogleHttp http, RawServer server) throws IOException {
        return http.requests().buildGetRequest(new GenericUrl(server.url()));
    }

    private static RawServer.Answer bomb() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] blank = new byte[1024 * 1024];
            for (int i = 0; i < A_HUNDRED_MEGABYTES / blank.length; i++) {
                out.write(blank);
            }
        }
        return RawServer.of(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 1000000\r\n\r\n",
                packed.toByteArray());
    }
}
