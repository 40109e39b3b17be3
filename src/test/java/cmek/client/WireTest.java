package cmek.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;

/** What the tests on the wire share. */
public abstract class WireTest {

    /** The start of every credential of a test, by which a leak is found. */
    protected static final String SECRET = "sk-ant-admin01-s3cr3t";

    protected static final String HTML = "<html><body><h1>Error</h1>\u001b[31mred\u001b[0m</body></html>";
    protected static final ObjectMapper JSON = new ObjectMapper();

    @SuppressWarnings("NullAway.Init")
    protected WireMockServer apis;

    @Inject
    protected Hurry hurry;

    @Inject
    @ConfigProperty(name = WireMockApis.KEY_FILE)
    protected Path keyFile;

    @BeforeEach
    void startAnew() {
        apis.resetAll();
        hurry.waits();
        writeKey(SECRET);
    }

    protected void writeKey(String text) {
        try {
            Files.writeString(keyFile, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever is asked is answered like this. */
    protected void answers(ResponseDefinitionBuilder answer) {
        apis.stubFor(any(anyUrl()).willReturn(answer));
    }

    /** The first request is answered like this, every later one well. */
    protected void answersFirst(ResponseDefinitionBuilder answer, String thenJson) {
        apis.stubFor(any(anyUrl())
                .inScenario("first")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(answer)
                .willSetStateTo("later"));
        apis.stubFor(
                any(anyUrl()).inScenario("first").whenScenarioStateIs("later").willReturn(okJson(thenJson)));
    }

    protected void answersJson(String json) {
        answers(okJson(json));
    }

    protected static ResponseDefinitionBuilder answer(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("content-type", "application/json")
                .withBody(body);
    }

    protected static ResponseDefinitionBuilder html(int status) {
        return aResponse()
                .withStatus(status)
                .withHeader("content-type", "text/html")
                .withBody(HTML);
    }

    protected static ResponseDefinitionBuilder reset() {
        return aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
    }

    /** Something else than HTTP. */
    protected static ResponseDefinitionBuilder garbage() {
        return aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE);
    }

    /** An error as Google's APIs write it. */
    protected static ResponseDefinitionBuilder googleError(int code, String status, String... details) {
        return answer(code, """
                {"error":{"code":%d,"message":"a sentence \\u001b[31m","status":"%s","details":[%s]}}
                """.formatted(code, status, String.join(",", details)));
    }

    protected static String errorInfo(String reason, String metadata) {
        return """
                {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"%s","domain":"googleapis.com","metadata":%s}
                """.formatted(reason, metadata);
    }

    /** Every request that came, oldest first. */
    protected List<LoggedRequest> requests() {
        return apis.getAllServeEvents().stream()
                .map(event -> event.getRequest())
                .sorted(Comparator.comparing(LoggedRequest::getLoggedDate))
                .toList();
    }

    protected LoggedRequest onlyRequest() {
        List<LoggedRequest> requests = requests();
        if (requests.size() != 1) {
            throw new AssertionError("one request was expected, but there were " + requests);
        }
        return requests.get(0);
    }

    protected static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A recording of what another client sent. */
    protected static JsonNode golden(String name) {
        try (InputStream file = WireTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return JSON.readTree(Objects.requireNonNull(file, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every text that a stack trace would show. */
    protected static List<String> messages(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .map(String::valueOf)
                .toList();
    }
}
