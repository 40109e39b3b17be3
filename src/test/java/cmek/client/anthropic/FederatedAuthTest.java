package cmek.client.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.InProcess;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.config.Configs;
import cmek.fake.Sample;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Call;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.Journal;
import cmek.simulator.KmsSimulator;
import cmek.simulator.MetadataSimulator;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import cmek.simulator.SimulatorServer;
import cmek.simulator.TokenSimulator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.client.http.HttpTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FederatedAuthTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CmekConfig CONFIG = config(TokenSimulator.RULE, TokenSimulator.SERVICE_ACCOUNT);

    private final Journal journal = new Journal();
    private final Hands clock = new Hands();
    private final MetadataSimulator metadata = new MetadataSimulator(journal, clock);
    private final TokenSimulator tokens =
            new TokenSimulator(journal, clock, Sample.ORGANIZATION.value(), metadata::publicKey);
    private final AdminSimulator anthropic = new AdminSimulator(
                    journal, clock, Sample.ORGANIZATION.value(), new KmsSimulator(journal, clock))
            .withTokens(tokens::isGood)
            .revoke(AdminSimulator.TEST_ADMIN_KEY);
    private final Gate metadataGate = new Gate(metadata);
    private final Gate tokenGate = new Gate(tokens);
    private final Gate anthropicGate = new Gate(anthropic);
    private final SimulatorServer metadataServer = SimulatorServer.start(metadataGate);
    private final GoogleAuth google = new GoogleAuth(
            new GoogleHttp(Duration.ofSeconds(10)),
            Configs.of(Map.of("cmek.google.metadata-url", metadataServer.url().toString())));
    private final List<byte[]> bodies = new ArrayList<>();
    private final FederatedAuth federation = new FederatedAuth(exchange(CONFIG), clock);

    /** A clock that stands still until it is moved. */
    private static final class Hands extends Clock {

        private volatile Instant now = Sample.NOW;

        @Override
        public Instant instant() {
            return now;
        }

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public ZoneId getZone() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @AfterEach
    void stop() {
        metadataServer.close();
    }

    // --- what is on the wire -------------------------------------------------------------------------------------

    @Test
    void theExchangeIsTheOneOfAnthropicOwnClient() {
        JsonNode recorded = golden("sdk-01-post-oauth-token");
        List<Call> calls = new ArrayList<>();
        tokenGate.put((call, apis) -> {
            calls.add(call);
            return Reply.json(
                    200, "{\"access_token\":\"sk-ant-oat01-recorded\",\"token_type\":\"Bearer\",\"expires_in\":600}");
        });
        metadataGate.put((call, apis) -> {
            calls.add(call);
            return apis.answer(call);
        });

        new FederatedAuth(exchange(config("fdrl_01ABC", "svac_01ABC")), clock).current();

        assertThat(calls)
                .extracting(call -> call.method() + " " + call.path())
                .containsExactly(
                        "GET /computeMetadata/v1/instance/service-accounts/default/identity",
                        recorded.path("method").asText() + " "
                                + recorded.path("path").asText());
        assertThat(calls.get(0).query())
                .isEqualTo(Map.of("audience", List.of("https://api.anthropic.com"), "format", List.of("full")));
        assertThat(calls.get(0).headers()).containsEntry("metadata-flavor", "Google");
        assertThat(json(calls.get(1).text()))
                .isEqualTo(((ObjectNode) recorded.path("body").deepCopy())
                        .put("assertion", metadata.issued().get(0)));
        assertThat(calls.get(1).headers())
                .containsEntry(
                        "anthropic-beta",
                        recorded.path("headers").path("anthropic-beta").asText())
                .containsEntry("content-type", "application/json")
                .containsOnlyKeys("anthropic-beta", "content-type");
    }

    @Test
    void aTokenIsShownAsAnthropicOwnClientShowsIt() {
        JsonNode recorded = golden("sdk-02-get-organizations-me").path("headers");
        List<Call> calls = new ArrayList<>();
        anthropicGate.put((call, apis) -> {
            calls.add(call);
            return apis.answer(call);
        });

        admin().organization();

        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).headers())
                .containsEntry("authorization", "Bearer " + tokens.issued().get(0))
                .containsEntry("anthropic-beta", recorded.path("anthropic-beta").asText())
                .containsKey("anthropic-version")
                .doesNotContainKey("x-api-key");
        assertThat(recorded.path("authorization").asText()).startsWith("Bearer ");
    }

    // --- how long a token is kept --------------------------------------------------------------------------------

    @Test
    void oneExchangeServesManyCalls() {
        Set<String> shown = Stream.generate(this::shown).limit(5).collect(Collectors.toSet());

        assertThat(shown).hasSize(1);
        assertThat(journal.entries()).hasSize(2);
    }

    @Test
    void aTokenIsRenewedTwoMinutesBeforeItExpires() {
        String first = shown();
        clock.pass(Duration.ofSeconds(479));
        assertThat(shown()).isEqualTo(first);

        clock.pass(Duration.ofSeconds(1));

        assertThat(shown()).isNotEqualTo(first);
        assertThat(tokens.issued()).hasSize(2);
    }

    @Test
    void aShortLifeIsUsedByHalf() {
        tokens.lifetime(Duration.ofSeconds(60));
        String first = shown();
        clock.pass(Duration.ofSeconds(29));
        assertThat(shown()).isEqualTo(first);

        clock.pass(Duration.ofSeconds(1));

        assertThat(shown()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "null", "\"soon\"", "-9223372036854775808"})
    void aTokenThatDoesNotSayForHowLongIsNotKept(String lifetime) {
        answer(200, "{\"access_token\":\"sk-ant-oat01-x\",\"token_type\":\"bearer\",\"expires_in\":" + lifetime + "}");

        assertThat(List.of(shown(), shown())).containsOnly("Bearer sk-ant-oat01-x");
        assertThat(bodies).hasSize(2);
    }

    @Test
    void aLifeBeyondReasonIsADay() {
        answer(200, "{\"access_token\":\"sk-ant-oat01-x\",\"expires_in\":9223372036854775807}");
        shown();

        clock.pass(Duration.ofDays(1));
        shown();

        assertThat(bodies).hasSize(2);
    }

    // --- at the same time ----------------------------------------------------------------------------------------

    @Test
    void whoAsksAtTheSameTimeGetsTheSameExchange() throws Exception {
        List<String> shown = together(8, this::shown);

        assertThat(Set.copyOf(shown)).hasSize(1);
        assertThat(tokens.issued()).hasSize(1);
        assertThat(metadata.issued()).hasSize(1);
    }

    @Test
    void aFailureIsSharedToo() throws Exception {
        tokenGate.put(Faults.next(1, Faults.anyCall(), Faults.html(503)));

        List<String> ends = together(8, () -> String.valueOf(catchThrowable(this::shown)));

        assertThat(ends).allMatch(end -> end.contains("HTTP 503"));
        assertThat(shown()).startsWith("Bearer ");
    }

    @Test
    void whoWasRefusedWithAnOldTokenTakesTheNewOne() {
        AuthHeaders old = federation.current();
        tokens.revokeAll();
        assertThat(federation.renew(old)).isTrue();

        assertThat(federation.renew(old)).isTrue();

        assertThat(tokens.issued()).hasSize(2);
    }

    @Test
    void whoWaitsForTheTokenOfAnotherDoesNotWaitForEver() throws Exception {
        FederatedAuth impatient = new FederatedAuth(exchange(CONFIG), clock, Duration.ofMillis(50));
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        tokenGate.put((call, apis) -> {
            arrived.countDown();
            return Faults.heldBack(open).answer(call, apis);
        });
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<AuthHeaders> first = thread.submit(impatient::current);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

            TransientException thrown = catchThrowableOfType(TransientException.class, impatient::current);

            assertThat(thrown.reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
            assertThat(thrown.isWithoutEffect()).isTrue();
            open.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS).authorization).startsWith("Bearer ");
        } finally {
            thread.shutdownNow();
            tokenGate.open();
        }
    }

    /** All of them ask while the first exchange is still under way. */
    private List<String> together(int askers, java.util.concurrent.Callable<String> ask) throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        tokenGate.put((call, apis) -> {
            arrived.countDown();
            return Faults.heldBack(open).answer(call, apis);
        });
        ExecutorService threads = Executors.newFixedThreadPool(askers);
        try {
            List<Future<String>> asked = new ArrayList<>();
            asked.add(threads.submit(ask));
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            List<Thread> waiting = new ArrayList<>();
            for (int i = 1; i < askers; i++) {
                asked.add(threads.submit(() -> {
                    synchronized (waiting) {
                        waiting.add(Thread.currentThread());
                    }
                    return ask.call();
                }));
            }
            while (!allWait(waiting, askers - 1)) {
                Thread.onSpinWait();
            }
            open.countDown();
            List<String> answers = new ArrayList<>();
            for (Future<String> each : asked) {
                answers.add(each.get(10, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            threads.shutdownNow();
            tokenGate.open();
        }
    }

    private static boolean allWait(List<Thread> threads, int count) {
        synchronized (threads) {
            return threads.size() == count
                    && threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING);
        }
    }

    // --- a 401 of the Admin API ----------------------------------------------------------------------------------

    @Test
    void aRefusedTokenIsRenewedOnceAndTheCallIsMadeAgain() {
        AdminApi admin = admin();
        admin.organization();
        tokens.revokeAll();
        journal.clear();

        assertThat(admin.organization()).isEqualTo(Sample.ORGANIZATION);
        assertThat(journal.entries())
                .extracting(Journal.Entry::toString)
                .containsExactly(
                        "admin GET /v1/organizations/me -> 401",
                        "metadata GET /computeMetadata/v1/instance/service-accounts/default/identity -> 200",
                        "token POST /v1/oauth/token -> 200",
                        "admin GET /v1/organizations/me -> 200");
    }

    @Test
    void aTokenThatIsRefusedAfreshIsNeverRenewedASecondTime() {
        anthropicGate.put((call, apis) -> {
            tokens.revokeAll();
            return apis.answer(call);
        });

        PermanentException thrown = catchThrowableOfType(PermanentException.class, () -> admin().organization());

        assertThat(thrown.finding().reason()).isEqualTo(Reason.CREDENTIAL_REJECTED);
        assertThat(thrown.finding().remedy().toString()).contains("Workload identity page");
        assertThat(tokens.issued()).hasSize(2);
        assertThat(journal.entries()).hasSize(6);
    }

    @Test
    void theSameTokenAgainIsNotTriedAgain() {
        answer(200, "{\"access_token\":\"sk-ant-oat01-x\",\"expires_in\":600}");

        assertThat(federation.renew(federation.current())).isFalse();
    }

    // --- no exchange ---------------------------------------------------------------------------------------------

    @Test
    void aRuleThatIsNotMetIsARefusalThatSaysWhereToLook() {
        tokens.admit("117000000000000000043");

        PermanentException thrown = catchThrowableOfType(PermanentException.class, this::shown);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.CREDENTIAL_REJECTED);
        assertThat(thrown.finding().message()).contains("HTTP 401, invalid_grant (request-id req_token");
        assertThat(thrown.requestId()).isPresent();
        assertThat(thrown.finding().remedy()).hasSize(2).anyMatch(line -> line.contains("scope org:admin"));
        assertThat(bodies).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void aPageOfSomethingInBetweenDoesNotRefuseTheExchange(int status) {
        tokenGate.put(Faults.every(1, Faults.anyCall(), Faults.html(status)));

        TransientException thrown = catchThrowableOfType(TransientException.class, this::shown);

        assertThat(thrown.reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(thrown).hasMessageContaining("is not an answer of the Admin API");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void whatTheEndpointSaysBeyondAWordIsNotRepeated(int status) {
        tokenGate.put((call, apis) -> {
            String assertion = json(call.text()).path("assertion").asText();
            return Reply.json(
                    status,
                    JSON.createObjectNode()
                            .put("error", "bad " + assertion)
                            .put("error_description", assertion)
                            .put("request_id", assertion)
                            .toString());
        });

        PermanentException thrown = catchThrowableOfType(PermanentException.class, this::shown);

        assertThat(thrown.finding().toString() + thrown).doesNotContain(metadata.issued());
        assertThat(thrown.finding().message()).endsWith("HTTP " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503, 529})
    void overloadIsNoRefusal(int status) {
        answer(status, "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"later\"}}");

        TransientException thrown = catchThrowableOfType(TransientException.class, this::shown);

        assertThat(thrown.reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(bodies).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>",
                "{}",
                "{\"access_token\":null}",
                "{\"access_token\":\"\"}",
                "{\"access_token\":7}",
                "{\"access_token\":{\"access_token\":\"sk-ant-oat01-x\"}}",
                "{\"access_token\":\"sk-ant-oat01-x\\r\\nx-evil: 1\"}",
                "{\"access_token\":\"sk-ant-oat01-\\u00fc\"}",
                "{\"access_token\":\"sk-ant-oat01-x y\"}",
                "{\"access_token\":\"sk-ant-oat01-x\",\"token_type\":\"mac\"}",
                "{\"access_token\":\"sk-ant-oat01-x\",\"access_token\":\"sk-ant-oat01-y\"}",
                "{\"access_token\":\"sk-ant-oat01-x\",\"expires_in\":600"
            })
    void whatIsNoTokenIsNoneAndIsNotShown(String answer) {
        answer(200, answer);

        TransientException thrown = catchThrowableOfType(TransientException.class, this::shown);

        assertThat(thrown.reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(thrown).hasMessageNotContaining("sk-ant").hasNoCause();
    }

    @Test
    void noAnswerIsNoRefusal() {
        tokenGate.put((call, apis) -> {
            throw new UncheckedIOException(new IOException("reset"));
        });

        assertThat(catchThrowableOfType(TransientException.class, this::shown).reason())
                .isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
    }

    // --- no identity ---------------------------------------------------------------------------------------------

    @Test
    void aFunctionWithoutAnIdentityIsRefused() {
        metadataGate.put(Faults.every(1, Faults.anyCall(), Faults.html(404)));

        PermanentException thrown = catchThrowableOfType(PermanentException.class, this::shown);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.CREDENTIAL_REJECTED);
        assertThat(bodies).isEmpty();
    }

    @Test
    void aMetadataServerThatFailsIsNoRefusal() {
        metadataGate.put(Faults.every(1, Faults.anyCall(), Faults.html(503)));

        assertThat(catchThrowableOfType(TransientException.class, this::shown).reason())
                .isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a.b.c.d", "a..c", ".b.c", "a.b.", "a.b.c\"", "a.b.c\n", "<html>.b.c", "a.b.ü"})
    void whatIsNoIdentityTokenIsShownToNobody(String answer) {
        metadataGate.put(Faults.every(1, Faults.anyCall(), Faults.status(200, Map.of(), answer)));

        assertThat(catchThrowableOfType(TransientException.class, this::shown).reason())
                .isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(bodies).isEmpty();
    }

    @Test
    void anIdentityTokenIsNotCutToFit() {
        String signed = part("{\"alg\":\"RS256\"}") + "." + part("{\"exp\":1}") + ".";
        String large = signed + "c".repeat(16 * 1024 - signed.length());
        metadataGate.put(Faults.next(1, Faults.anyCall(), Faults.status(200, Map.of(), large + "c")));
        assertThat(catchThrowable(this::shown)).isInstanceOf(TransientException.class);
        assertThat(bodies).isEmpty();

        metadataGate.put(Faults.next(1, Faults.anyCall(), Faults.status(200, Map.of(), large)));

        assertThat(catchThrowable(this::shown)).isInstanceOf(PermanentException.class);
        assertThat(bodies).hasSize(1);
    }

    // --- what is left of it --------------------------------------------------------------------------------------

    @Test
    void theRequestIsWipedWhetherItWentWellOrNot() {
        shown();
        tokens.admit("nobody");
        assertThat(catchThrowable(() -> federation.renew(federation.current()))).isInstanceOf(PermanentException.class);

        assertThat(bodies).hasSize(2).allSatisfy(body -> assertThat(body).containsOnly(0));
    }

    /** On a finer level Google's HTTP client logs the content of every answer. */
    @Test
    void noIdentityTokenIsLoggedWhereEverythingIs() {
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        root.setLevel(Level.ALL);
        try {
            shown();

            assertThat(Logger.getLogger(HttpTransport.class.getName()).isLoggable(Level.CONFIG))
                    .isFalse();
        } finally {
            root.setLevel(before);
        }
    }

    @Test
    void noValueIsInAnyText() throws IOException {
        AuthHeaders credential = federation.current();
        AnthropicToken token = exchange(CONFIG).exchange();

        assertThat(List.of(credential.toString(), federation.toString(), token.toString()))
                .noneMatch(text -> text.contains("sk-ant") || text.contains("eyJ"));
    }

    // -------------------------------------------------------------------------------------------------------------

    private String shown() {
        return Objects.requireNonNull(federation.current().authorization);
    }

    private AdminApi admin() {
        Simulator wire = anthropicGate;
        return new HttpAdminApi(
                InProcess.client(AdminHttp.class, wire),
                InProcess.client(ValidateHttp.class, wire),
                federation,
                new Retry(wait -> {}, () -> 0.5),
                CONFIG,
                Sample.ORGANIZATION);
    }

    private TokenExchange exchange(CmekConfig config) {
        TokenHttp wire = InProcess.client(TokenHttp.class, tokenGate);
        return new TokenExchange(
                google,
                body -> {
                    bodies.add(body);
                    return wire.exchange(body);
                },
                config.anthropic().federation(),
                Sample.ORGANIZATION,
                clock);
    }

    private void answer(int status, String body) {
        tokenGate.put(
                (call, apis) -> new Reply(status, Map.of("content-type", "application/json"), body.getBytes(UTF_8)));
    }

    private static CmekConfig config(String rule, String account) {
        return Configs.of(Map.of(
                "cmek.anthropic.federation.rule-id", rule, "cmek.anthropic.federation.service-account-id", account));
    }

    private static JsonNode golden(String name) {
        try (InputStream file = FederatedAuthTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return JSON.readTree(Objects.requireNonNull(file, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
