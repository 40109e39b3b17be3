package cmek.client.pubsub;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.client.OnTheWire;
import cmek.client.WireTest;
import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OnTheWire.class)
class PubSubTopicsWireTest extends WireTest {

    private static final String TAKEN = "{\"messageIds\":[\"1\"]}";

    @Inject
    Topics topics;

    @Inject
    GoogleHttp http;

    @Inject
    GoogleAuth credential;

    @Inject
    Retry retry;

    @Inject
    CmekConfig config;

    @Test
    void theMessageIsPublishedWithItsAttributesAndItsKey() {
        answersJson(TAKEN);

        publish();

        LoggedRequest sent = onlyRequest();
        JsonNode message = json(sent.getBodyAsString()).at("/messages/0");
        assertThat(sent.getUrl()).startsWith("/v1/projects/acme-cmek/topics/cmek-results:publish");
        assertThat(sent.containsHeader("authorization")).isFalse();
        assertThat(new String(Base64.getDecoder().decode(message.path("data").asText()), StandardCharsets.UTF_8))
                .isEqualTo("{\"ü\":1}");
        assertThat(message.at("/attributes/ce-id").asText()).isEqualTo("a.b");
        assertThat(message.path("orderingKey").asText()).isEqualTo("projects/p/é");
    }

    @Test
    void anEmulatorIsHonouredAndGetsNoCredential() {
        WireMockServer emulator = new WireMockServer(
                WireMockConfiguration.wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));
        emulator.start();
        PubSubTopics there =
                new PubSubTopics(http, credential, retry, config, Optional.of("127.0.0.1:" + emulator.port()));
        try {
            emulator.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.okJson(TAKEN)));

            there.publish("results", "{}", Map.of(), "key");

            assertThat(emulator.getAllServeEvents()).hasSize(1);
            assertThat(emulator.getAllServeEvents().get(0).getRequest().containsHeader("authorization"))
                    .isFalse();
            assertThat(requests()).isEmpty();
        } finally {
            there.close();
            emulator.stop();
        }
    }

    @Test
    void aDumb500IsTriedAgainByUsAlone() {
        answers(html(500));

        assertThat(unavailable().reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(requests()).hasSize(3);
    }

    @Test
    void whatIsNoHttpIsNoAnswer() {
        answers(garbage());

        assertThat(unavailable().reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @Test
    void aResetIsTriedAgainByUsAlone() {
        answers(reset());

        assertThat(unavailable().reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(requests()).hasSize(3);
    }

    @Test
    void aSpentQuotaIsNoRefusal() {
        answers(googleError(429, "RESOURCE_EXHAUSTED"));

        assertThat(unavailable().reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
    }

    @Test
    void aTopicClosedToUsIsRefused() {
        answers(googleError(403, "PERMISSION_DENIED", errorInfo("IAM_PERMISSION_DENIED", "{}")));

        assertThat(refused().finding().reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aMissingTopicIsRefused() {
        answers(googleError(404, "NOT_FOUND"));

        assertThat(refused().finding().message()).contains("projects/acme-cmek/topics/cmek-results", "NOT_FOUND");
    }

    @Test
    void whatIsNoReceiptIsNoSuccess() {
        for (String body : new String[] {"", "{}", "[]", "{\"messageIds\":[", HTML}) {
            answers(aResponse().withStatus(200).withBody(body));

            assertThat(catchThrowable(this::publish)).isInstanceOf(TransientException.class);
        }
    }

    private void publish() {
        topics.publish("results", "{\"ü\":1}", Map.of("ce-id", "a.b"), "projects/p/é");
    }

    private TransientException unavailable() {
        return catchThrowableOfType(TransientException.class, this::publish);
    }

    private PermanentException refused() {
        return catchThrowableOfType(PermanentException.class, this::publish);
    }
}
