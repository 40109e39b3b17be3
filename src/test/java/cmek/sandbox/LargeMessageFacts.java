package cmek.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that is too large to be held, and what is no message at all. */
abstract class LargeMessageFacts extends FromOutside {

    private static final int TEN_MEGABYTES = 10_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"onboard", "grantAccess", "startScan", "scanKey", "rescanChangedKey", "reportDeadLetter"})
    void aLargeMessageEndsWithItsSize(String function) {
        String id = "large-" + function;
        String body = "{\"message\":{\"data\":\"" + "QUJD".repeat(TEN_MEGABYTES / 3) + "\",\"messageId\":\"" + id
                + "\"},\"subscription\":\"projects/acme-cmek/subscriptions/cmek-" + function + "\"}";

        RestAssured.given()
                .contentType("application/json")
                .body(body.getBytes(ISO_8859_1))
                .post("/" + function)
                .then()
                .statusCode(204);

        assertThat(deployment.follow(
                        result -> result.json().path("requestId").asText().contains(id)
                                || result.id().contains(id)))
                .last()
                .satisfies(end -> {
                    assertThat(end.json().path("reason").asText()).isEqualTo("UNREADABLE");
                    assertThat(end.json().path("message").asText())
                            .contains("too large to be read", " " + body.length() + " bytes");
                });
    }

    @Test
    void whatIsNoMessageOfPubSubsIsNotRead() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            OutputStream out = socket.getOutputStream();
            String headers = String.join(
                    "\r\n",
                    "POST /onboard HTTP/1.1",
                    "host: localhost",
                    "content-type: application/json",
                    "transfer-encoding: chunked",
                    "",
                    "");
            out.write(headers.getBytes(ISO_8859_1));
            String chunk = "10000\r\n" + "[".repeat(0x10000) + "\r\n";
            boolean closed = false;
            for (int i = 0; i < 10_000 && !closed; i++) {
                try {
                    out.write(chunk.getBytes(ISO_8859_1));
                } catch (IOException e) {
                    closed = true;
                }
            }
            assertThat(closed).isTrue();
        }
    }

    @Test
    void anOrdinaryMessageIsReadAsBefore() {
        RestAssured.given()
                .contentType("application/json")
                .body("{\"message\":{\"data\":\"e30=\",\"messageId\":\"small-1\"},\"subscription\":\"s\"}")
                .post("/onboard")
                .then()
                .statusCode(204);

        assertThat(deployment.follow(
                        result -> result.json().path("requestId").asText().equals("small-1")))
                .last()
                .satisfies(end -> assertThat(end.json().path("reason").asText()).isEqualTo("INVALID_REQUEST"));
    }
}
