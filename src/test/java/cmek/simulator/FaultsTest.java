package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final Call GET = Call.of("GET", URI.create("/a"), Map.of(), new byte[0]);
    private static final Call POST = Call.of("POST", URI.create("/a/b"), Map.of(), new byte[0]);
    private static final Fault BUSY = Faults.status(429, Map.of("retry-after", "7"), "busy");

    private final AtomicInteger reached = new AtomicInteger();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final Simulator apis = call -> {
        reached.incrementAndGet();
        entered.countDown();
        return Reply.json(200, "{\"well\":\"done\"}");
    };

    private int[] statuses(Fault fault, Call... calls) {
        Simulator behind = fault.around().apply(apis);
        return Arrays.stream(calls)
                .mapToInt(call -> behind.answer(call).status())
                .toArray();
    }

    /** One call over a socket; no GET, which the JDK's client would repeat by itself when its connection is closed. */
    private HttpResponse<byte[]> overSocket(Fault fault) throws IOException, InterruptedException {
        try (SimulatorServer server = SimulatorServer.start(fault.around().apply(apis))) {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.url())
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @Test
    void theNextCallsThatMatchAreBefallenAndNoOther() {
        Fault fault = Faults.next(2, Faults.calls("GET", "/a"), BUSY);

        assertThat(statuses(fault, GET, POST, GET, GET)).containsExactly(429, 200, 429, 200);
        assertThat(reached).hasValue(2);
    }

    @Test
    void everyThirdCallThatMatchesIsBefallen() {
        Fault fault = Faults.every(3, Faults.calls("GET", "/.*"), BUSY);

        assertThat(statuses(fault, GET, GET, POST, GET, GET, GET, GET))
                .containsExactly(200, 200, 200, 429, 200, 200, 429);
    }

    @Test
    void aStatusComesWithItsHeadersAndBody() throws Exception {
        HttpResponse<byte[]> response = overSocket(BUSY);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).contains("7");
        assertThat(response.body()).asString(UTF_8).isEqualTo("busy");
        assertThat(reached).hasValue(0);
    }

    @Test
    void aResetIsAClosedConnectionAndNoAnswer() {
        assertThatThrownBy(() -> overSocket(Faults.reset())).isInstanceOf(IOException.class);
        assertThat(reached).hasValue(0);
    }

    @Test
    void aLostAnswerIsAClosedConnectionToAWorldThatDidIt() {
        assertThatThrownBy(() -> overSocket(Faults.lostAnswer())).isInstanceOf(IOException.class);
        assertThat(reached).hasValue(1);
    }

    @Test
    void aDeniedAnswerIsAnErrorOfAWorldThatDidIt() throws Exception {
        assertThat(overSocket(Faults.deniedAnswer(500)).statusCode()).isEqualTo(500);
        assertThat(reached).hasValue(1);
    }

    @Test
    void aTruncatedBodyArrivesAsIfItWereWhole() throws Exception {
        assertThat(overSocket(Faults.truncated()).body()).asString(UTF_8).isEqualTo("{\"well\"");
    }

    @Test
    void aBodyThatBreaksOffEndsTheConnection() {
        assertThatThrownBy(() -> overSocket(Faults.brokenOff())).isInstanceOf(IOException.class);
        assertThat(reached).hasValue(1);
    }

    @Test
    void aHugeBodyIsTenMegabytesOfGoodJson() throws Exception {
        byte[] body = overSocket(Faults.huge(500)).body();

        assertThat(body).hasSizeGreaterThan(10 * 1024 * 1024);
        assertThat(new ObjectMapper().readTree(body).at("/error/message").isTextual())
                .isTrue();
    }

    @Test
    void aProxysPageIsHtml() throws Exception {
        HttpResponse<byte[]> response = overSocket(Faults.html(502));

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.headers().firstValue("content-type")).contains("text/html; charset=UTF-8");
        assertThat(response.body()).asString(UTF_8).startsWith("<!DOCTYPE html>");
    }

    @Test
    void terminalEscapesHideInWellFormedErrors() throws Exception {
        byte[] body = overSocket(Faults.terminalEscapes(400)).body();

        assertThat(new ObjectMapper().readTree(body).at("/error/message").asText())
                .startsWith("\u001b[2J")
                .contains("\r\nINFO all is well");
    }

    @Test
    void aCallThatIsHeldBackReachesTheApisWhenTheLatchOpens() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        Simulator behind = Faults.heldBack(open).around().apply(apis);
        CompletableFuture<Reply> answer = CompletableFuture.supplyAsync(() -> behind.answer(GET));

        assertThat(answer).isNotDone();
        assertThat(reached).hasValue(0);
        open.countDown();

        assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(reached).hasValue(1);
    }

    @Test
    void aLateAnswerIsOfAWorldThatDidItAtOnce() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        Simulator behind = Faults.lateAnswer(open).around().apply(apis);
        CompletableFuture<Reply> answer = CompletableFuture.supplyAsync(() -> behind.answer(GET));

        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(answer).isNotDone();
        open.countDown();

        assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void silenceEndsWhenTheServerIsClosed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Fault silent = (call, next) -> {
            asked.countDown();
            return Faults.silent().answer(call, next);
        };
        CompletableFuture<HttpResponse<Void>> answer;
        try (SimulatorServer server = SimulatorServer.start(silent.around().apply(apis))) {
            answer = HttpClient.newHttpClient()
                    .sendAsync(HttpRequest.newBuilder(server.url()).build(), HttpResponse.BodyHandlers.discarding());
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(answer).isNotDone();
        }

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThat(reached).hasValue(0);
    }
}
