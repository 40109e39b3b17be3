package cmek.client.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.OnTheWire;
import cmek.client.RawServer;
import cmek.client.http.Deadline;
import cmek.client.http.HttpAnswer;
import cmek.client.http.RestAnswer;
import cmek.client.http.RestClients;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the REST clients do with an answer that does not end. */
@QuarkusTest
@TestProfile(CallLimitTest.AllIsLogged.class)
class CallLimitTest {

    /** As somebody may set it who is looking for a fault. */
    public static final class AllIsLogged extends OnTheWire {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("quarkus.rest-client.logging.scope", "all");
            overrides.put("quarkus.log.category.\"org.jboss.resteasy.reactive.client.logging\".level", "DEBUG");
            return overrides;
        }
    }

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int FOUR_MEGABYTES = 4 * 1024 * 1024;

    @Inject
    TlsConfigurationRegistry tls;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlowAnswerIsCutOffAndItsConnectionClosed(boolean headers) throws Exception {
        try (RawServer server = new RawServer(headers ? RawServer.slowHeaders() : RawServer.slowBody())) {
            assertThatThrownBy(() -> answer(server, SHORT)).isInstanceOf(IOException.class);

            server.awaitClosed();
        }
    }

    @Test
    void anEndlessAnswerIsCutAndItsConnectionClosed() throws Exception {
        try (RawServer server = new RawServer(RawServer.endlessBody())) {
            assertThat(answer(server, LONG).bytes()).hasSize(FOUR_MEGABYTES);

            server.awaitClosed();
        }
    }

    @Test
    void aCompressedAnswerIsRefusedAndItsConnectionClosed() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new byte[10 * FOUR_MEGABYTES]);
        }
        try (RawServer server = new RawServer(RawServer.of(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 1000000\r\n\r\n",
                packed.toByteArray()))) {
            assertThatThrownBy(() -> answer(server, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it is compressed");

            server.awaitClosed();
        }
    }

    @Test
    void noCallTakesLongerThanItsEvent() throws Exception {
        try (RawServer server = new RawServer(RawServer.slowBody())) {
            assertThatThrownBy(() -> Deadline.within(SHORT, () -> {
                        try {
                            return answer(server, LONG);
                        } catch (IOException e) {
                            throw new AssertionError(e.getMessage(), e);
                        }
                    }))
                    .isInstanceOf(AssertionError.class);

            server.awaitClosed();
        }
    }

    /** Its headers hold a credential. */
    @Test
    void noSettingLogsARequest() throws Exception {
        List<String> logged = Collections.synchronizedList(new ArrayList<>());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line.getLoggerName() + ": " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("org.jboss.resteasy.reactive.client.logging");
        logger.addHandler(handler);
        try (RawServer server = new RawServer(RawServer.endlessBody())) {
            answer(server, LONG);
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(logged).isEmpty();
    }

    private HttpAnswer answer(RawServer server, Duration atMost) throws IOException {
        AdminHttp http = new RestClients(tls, LONG, atMost, atMost).client(AdminHttp.class, server.url());
        return RestAnswer.to(() -> http.organization(AuthHeaders.ofKey("not-a-key")));
    }
}
