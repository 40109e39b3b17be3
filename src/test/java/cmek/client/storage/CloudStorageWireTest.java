package cmek.client.storage;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.client.OnTheWire;
import cmek.client.WireTest;
import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.Retry;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.config.CmekConfig;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The evidence bucket where the other side is at its worst. */
@QuarkusTest
@TestProfile(OnTheWire.class)
class CloudStorageWireTest extends WireTest {

    private static final int MEGABYTE = 1024 * 1024;

    @Inject
    EvidenceStorage storage;

    /** Every kind of call. */
    enum Verb {
        READ(storage -> storage.read("a/b.json")),
        READ_LARGE(storage -> storage.read("a/b.json", content -> content.readAllBytes())),
        LIST(storage -> storage.list("a/")),
        WRITE(storage -> storage.create("a/b.json", MediaKind.JSON, "{}")),
        WRITE_LARGE(storage -> storage.create("a/b.json", MediaKind.CSV, out -> out.write(new byte[300_000])));

        @SuppressWarnings("ImmutableEnumChecker") // Each holds nothing.
        private final Call call;

        Verb(Call call) {
            this.call = call;
        }

        ThrowingCallable on(EvidenceStorage storage) {
            return () -> call.on(storage);
        }

        private interface Call {
            void on(EvidenceStorage storage) throws Exception;
        }
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void overloadIsTriedAgainAfterTheTimeAskedFor(Verb verb) {
        answers(html(503).withHeader("retry-after", "3"));

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(requests()).hasSize(3);
        assertThat(hurry.waits()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void aResetIsTriedAgain(Verb verb) {
        answers(reset());

        assertThat(unavailable(verb)).hasMessageContaining("was not answered");
        assertThat(requests()).hasSizeGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE"})
    void halfAnAnswerIsNone(Fault fault) {
        answers(aResponse().withHeader("x-goog-generation", "7").withFault(fault));

        for (Verb verb : Verb.values()) {
            assertThat(unavailable(verb)).hasMessageContaining("was not answered");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void nobodyIsSentElsewhere(int status) {
        answers(aResponse().withStatus(status).withHeader("location", apis.baseUrl() + "/elsewhere"));

        for (Verb verb : Verb.values()) {
            assertThat(unavailable(verb)).hasMessageContaining(" answered " + status);
        }
        assertThat(requests())
                .hasSize(3 * Verb.values().length)
                .noneMatch(sent -> sent.getUrl().contains("elsewhere"));
    }

    /** Taken for an absent object it would have a request ended twice. */
    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void aPageOfAFrontEndIsNoAbsentObject(int status) {
        answers(html(status));

        for (Verb verb : Verb.values()) {
            assertThat(unavailable(verb).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        }
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void aSingle401IsTriedAgainAtOnce(Verb verb) {
        answers(googleError(401, "UNAUTHENTICATED"));

        assertThat(unavailable(verb)).hasMessageContaining(" answered 401");
        assertThat(requests()).hasSize(6);
    }

    @Test
    void aListWithoutAnEndIsReadNoFurtherThanIsReasonable() {
        apis.stubFor(get(urlPathEqualTo("/storage/v1/b/acme-evidence/o"))
                .willReturn(aResponse().withBody("{\"items\":[" + " ".repeat(5 * MEGABYTE))));

        assertThat(unavailable(Verb.LIST)).hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void whatIsSentSaysWhoSendsItAndHasNoCredentialForASimulator(Verb verb) {
        answers(googleError(403, "PERMISSION_DENIED"));

        assertThat(catchThrowableOfType(PermanentException.class, verb.on(storage)))
                .isNotNull();

        LoggedRequest sent = onlyRequest();
        assertThat(sent.getHeader("user-agent")).isEqualTo("cmek-onboarding");
        assertThat(sent.containsHeader("authorization")).isFalse();
        assertThat(sent.containsHeader("accept-encoding")).isFalse();
    }

    @Test
    void namesAreSentAsTheyAre() {
        answers(aResponse().withStatus(404).withBody("No such object: acme-evidence/a b"));

        assertThat(storage.read("a b/ü+&?#%2F.json")).isEmpty();

        assertThat(onlyRequest().getUrl())
                .isEqualTo("/storage/v1/b/acme-evidence/o/a%20b%2F%C3%BC%2B%26%3F%23%252F.json?alt=media");
    }

    /** Whoever listens and reads nothing takes what fits into the buffers between, and no more. */
    @Test
    void whoTakesNothingIsNotWaitedForForEver() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CmekConfig config = new SmallRyeConfigBuilder()
                    .withMapping(CmekConfig.class)
                    .withDefaultValue("cmek.evidence.bucket", "acme-evidence")
                    .withDefaultValue("cmek.google.storage-url", "http://127.0.0.1:" + deaf.getLocalPort())
                    .addDefaultInterceptors()
                    .build()
                    .getConfigMapping(CmekConfig.class);
            GoogleHttp impatient = new GoogleHttp(Duration.ofMillis(50));
            EvidenceStorage there = new CloudStorage(
                    impatient, new GoogleAuth(impatient, config), new Retry(pause -> {}, () -> 1.0), config);

            assertThatThrownBy(() -> there.create("a.csv", MediaKind.CSV, out -> {
                        for (int i = 0; i < 64; i++) {
                            out.write(new byte[MEGABYTE]);
                        }
                    }))
                    .isInstanceOf(TransientException.class)
                    .hasMessageContaining("InsertObject was not answered");
        }
    }

    private TransientException unavailable(Verb verb) {
        TransientException thrown = catchThrowableOfType(TransientException.class, verb.on(storage));
        assertThat(thrown).describedAs("%s", verb).isNotNull();
        return thrown;
    }
}
