package cmek.simulator;

import static cmek.simulator.KmsCaller.KEY;
import static cmek.simulator.KmsCaller.RING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.simulator.KmsCaller.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fits the published structure of an API, and what does not. */
class GoogleFrontEndTest {

    private final Journal journal = new Journal();
    private final KmsSimulator kms = new KmsSimulator(journal, new SettableClock());
    private final KmsCaller caller = KmsCaller.own(kms);

    @BeforeEach
    void makeKey() {
        caller.withKey();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"labels\":{\"a\":5}} | Invalid value at 'labels[0].value' (TYPE_STRING), 5",
                "{\"labels\":[\"a\"]} | Invalid value at 'labels' (message), [\"a\"]",
                "{\"lables\":{}} | Invalid JSON payload received. Unknown name \"lables\": Cannot find field.",
                "{\"primary\":{\"stat\":\"ENABLED\"}} "
                        + "| Invalid JSON payload received. Unknown name \"stat\" at 'primary': Cannot find field.",
                "{\"purpose\":\"ENCRYPT\"} | Invalid value at 'purpose' (TYPE_ENUM), \"ENCRYPT\"",
                "{\"purpose\":true} | Invalid value at 'purpose' (TYPE_ENUM), true",
                "{\"importOnly\":\"yes\"} | Invalid value at 'import_only' (TYPE_BOOL), \"yes\"",
                "{\"rotationPeriod\":\"P90D\"} "
                        + "| Invalid value at 'rotation_period' (type.googleapis.com/google.protobuf.Duration), \"P90D\"",
                "{\"nextRotationTime\":\"tomorrow\"} | Invalid value at 'next_rotation_time'"
                        + " (type.googleapis.com/google.protobuf.Timestamp), \"tomorrow\"",
                "{\"labels\":  | Invalid JSON payload received. Unexpected token.",
                "[] | Invalid JSON payload received. Unknown name \"\": Root element must be a message."
            })
    void aBodyThatIsNotOfItsTypeIsRefused(String body, String message) {
        Answer answer = caller.patch(KEY + "?updateMask=labels", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.word()).isEqualTo("INVALID_ARGUMENT");
        assertThat(answer.body().at("/error/message").asText()).isEqualTo(message);
    }

    @Test
    void allThatIsWrongIsNamedAtOnce() {
        Answer answer = caller.patch(KEY + "?updateMask=labels&dryRun=true", "{\"labels\":{\"a\":5},\"b\":1}");

        assertThat(answer.detail().path("@type").asText()).isEqualTo("type.googleapis.com/google.rpc.BadRequest");
        assertThat(answer.detail().path("fieldViolations")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?dryRun=true", "?pageSize=many", "?pageSize=1.5", "?versionView=ALL", "?etag=x", "?$nothing=1"})
    void aParameterThatTheMethodDoesNotHaveIsRefused(String query) {
        assertThat(caller.get(RING + "/cryptoKeys" + query).word()).isEqualTo("INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?alt=json",
                "?$alt=json",
                "?prettyPrint=false",
                "?page_size=1",
                "?versionView=FULL",
                "?$.xgafv=2"
            })
    void aParameterOfEveryMethodIsTaken(String query) {
        assertThat(caller.get(RING + "/cryptoKeys" + query).status()).isEqualTo(200);
    }

    @Test
    void aFieldMayBeSpelledInSnakeCaseAndNullIsNoValue() {
        Answer answer = caller.post(
                RING + "/cryptoKeys?crypto_key_id=snake",
                "{\"purpose\":1,\"version_template\":{\"protection_level\":2},\"rotation_period\":null}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().at("/versionTemplate/protectionLevel").asText())
                .isEqualTo("HSM");
    }

    @ParameterizedTest
    @CsvSource({"POST, :fly", "GET, :fly", "PUT, ''", "GET, /cryptoKeyVersion", "DELETE, /cryptoKeyVersions"})
    void aMethodThatTheApiDoesNotHaveIsAPageOfTheFrontEnd(String method, String rest) {
        Reply reply = kms.answer(Call.of(method, URI.create("http://kms/v1/" + KEY + rest), Map.of(), new byte[0]));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.headers()).containsEntry("content-type", "text/html; charset=UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, projects/acme-kms-prod/locations/us-east5/ekmConnections",
        "GET, projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/importJobs",
        "POST, projects/acme-kms-prod/locations/us-east5:generateRandomBytes"
    })
    void aMethodThatIsNotSimulatedSaysSo(String method, String target) {
        Answer answer = caller.call(method, target, "");

        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.body().at("/error/message").asText()).endsWith("is not simulated.");
    }

    @Test
    void anAnswerThatIsNotOfItsTypeIsADefectOfTheSimulator() {
        Simulator mistaken = new GoogleFrontEnd(
                ApiStructure.CLOUD_KMS,
                journal,
                "kms",
                call -> Reply.json(200, "{\"name\":\"x\",\"state\":\"ASLEEP\"}"));

        assertThatThrownBy(() -> mistaken.answer(Call.of(
                        "GET", URI.create("http://kms/v1/" + KEY + "/cryptoKeyVersions/1"), Map.of(), new byte[0])))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ASLEEP");
    }

    @Test
    void anErrorThatIsInNoFormOfGooglesIsADefectOfTheSimulator() {
        Simulator mistaken = new GoogleFrontEnd(
                ApiStructure.CLOUD_KMS, journal, "kms", call -> Reply.json(404, "{\"error\":{\"code\":400}}"));

        assertThatThrownBy(() ->
                        mistaken.answer(Call.of("GET", URI.create("http://kms/v1/" + KEY), Map.of(), new byte[0])))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatAClientSendsOverASocketIsNoted() throws IOException, InterruptedException {
        try (SimulatorServer server = SimulatorServer.start(kms)) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/v1/" + KEY + "?fast=true"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString(UTF_8));

            assertThat(answer.statusCode()).isEqualTo(400);
        }

        assertThat(Departures.taken()).singleElement().asString().contains("cloudkms.v1", "fast");
        assertThat(Departures.taken()).isEmpty();
    }

    @Test
    void whatIsSentWithinTheProcessIsATestOfTheSimulator() {
        caller.get(KEY + "?fast=true");

        assertThat(Departures.taken()).isEmpty();
    }
}
