package cmek.client.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.finding.TransientException;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.ws.rs.ProcessingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {

    private final GoogleRest rest = new GoogleRest("Cloud KMS", 1, () -> {});

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Named(String name) {}

    @ParameterizedTest
    @CsvSource({"200,true", "204,true", "299,true", "302,false", "400,false", "404,false", "500,false"})
    void onlyTheTwoHundredsAreSuccess(int status, boolean success) throws IOException {
        assertThat(answer(status, "{}").isSuccess()).isEqualTo(success);
    }

    @Test
    void anAnswerWithoutABodyIsAnAnswer() throws IOException {
        HttpAnswer answer = RestAnswer.to(() -> new CannedResponse(204, Map.of(), null));

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.json()).isEmpty();
    }

    @Test
    void theConnectionIsGivenBack() throws IOException {
        CannedResponse response = new CannedResponse(200, Map.of(), stream("{}"));

        RestAnswer.to(() -> response);

        assertThat(response.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "7", "{\"a\":", "<html>no</html>", "{} "})
    void onlyAWholeObjectIsJson(String body) throws IOException {
        assertThat(answer(200, body).json().isPresent()).isEqualTo(body.equals("{} "));
    }

    @Test
    void unknownFieldsAreIgnored() throws IOException {
        assertThat(answer(200, "{\"name\":\"a\",\"new\":{}}").as(Named.class)).contains(new Named("a"));
    }

    @Test
    void anotherShapeIsNoRecord() throws IOException {
        assertThat(answer(200, "{\"name\":{\"a\":1}}").as(Named.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "7", "\"a\"", "[]", "[{\"name\":\"a\"}]", "{\"name\":\"a\"", "{\"name\":"})
    void whatIsNoWholeObjectIsNoRecord(String body) throws IOException {
        assertThat(answer(200, body).as(Named.class)).isEmpty();
    }

    @Test
    void tenMegabytesAreCutAndNoJson() throws IOException {
        HttpAnswer answer = answer(200, "{\"name\":\"" + "a".repeat(10 * 1024 * 1024) + "\"}");

        assertThat(answer.body()).hasSize(4 * 1024 * 1024);
        assertThat(answer.json()).isEmpty();
    }

    @Test
    void deepNestingIsNoJson() throws IOException {
        assertThat(answer(200, "{\"a\":" + "[".repeat(100_000)).json()).isEmpty();
    }

    @Test
    void aWishForPatienceIsHeard() throws IOException {
        assertThat(retryAfter("120")).contains(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"})
    void whatIsNoNumberOfSecondsIsNoWish(String value) throws IOException {
        assertThat(retryAfter(value)).isEmpty();
    }

    @Test
    void noAnswerIsAnIoException() {
        ProcessingException cause = new ProcessingException(new SocketTimeoutException("a host's name"));

        assertThatThrownBy(() -> RestAnswer.to(() -> {
                    throw cause;
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("ProcessingException < SocketTimeoutException");
    }

    @Test
    void halfAnAnswerIsAnIoException() {
        InputStream broken = new SequenceInputStream(stream("{\"name\":"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("reset");
            }
        });

        assertThatThrownBy(() -> RestAnswer.to(() -> new CannedResponse(200, Map.of(), broken)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aGoogleApiThatDoesNotAnswerIsUnavailable() {
        assertThatThrownBy(() -> rest.answer("GetIamPolicy", () -> {
                    throw new ProcessingException("sk-ant-secret");
                }))
                .isInstanceOf(TransientException.class)
                .hasMessage("GetIamPolicy was not answered: ProcessingException");
    }

    @Test
    void aGoogleApiThatAnswersWithAnErrorIsRead() {
        assertThatThrownBy(() -> rest.answer(
                        "GetIamPolicy",
                        () -> new CannedResponse(
                                409, Map.of("retry-after", "3"), stream("{\"error\":{\"status\":\"ABORTED\"}}"))))
                .isInstanceOfSatisfying(GoogleRest.Failed.class, failed -> {
                    assertThat(failed.error().code()).isEqualTo(409);
                    assertThat(failed.error().status()).isEqualTo("ABORTED");
                    assertThat(failed.error().toException("GetIamPolicy", "a key"))
                            .isInstanceOfSatisfying(
                                    TransientException.class,
                                    unavailable ->
                                            assertThat(unavailable.retryAfter()).contains(Duration.ofSeconds(3)));
                });
    }

    private static Optional<Duration> retryAfter(String value) throws IOException {
        return RestAnswer.to(() -> new CannedResponse(429, Map.of("retry-after", value), stream("{}")))
                .retryAfter();
    }

    private static HttpAnswer answer(int status, String body) throws IOException {
        return RestAnswer.to(() -> new CannedResponse(status, Map.of(), stream(body)));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
