package cmek.client.storage;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Listing;
import cmek.client.anthropic.Workspace;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The evidence bucket, and Anthropic's lists that the scan adds, on the wire. */
@QuarkusTest
@WithTestResource(ScanOutside.class)
class CloudStorageTest {

    private static final String OBJECTS = "/storage/v1/b/acme-evidence/o";
    private static final String UPLOAD = "/upload" + OBJECTS;
    private static final String NAME = "runs/scan-20261123T020000Z-0a1b2c3d/keys/ekey_01.json";
    private static final String ENCODED = OBJECTS + "/runs%2Fscan-20261123T020000Z-0a1b2c3d%2Fkeys%2Fekey_01.json";

    @Inject
    EvidenceStorage storage;

    @Inject
    ReportStorage reports;

    @Inject
    AdminApi anthropic;

    @SuppressWarnings("NullAway.Init")
    WireMockServer outside;

    @BeforeEach
    void forget() {
        outside.resetAll();
    }

    @Test
    void aReportGoesToTheBucketOfTheReports() {
        outside.stubFor(post(urlPathEqualTo("/upload/storage/v1/b/acme-reports/o"))
                .willReturn(aResponse().withBody("{\"generation\":\"1\"}")));

        assertThat(reports.create("runs/r/report.csv", MediaKind.CSV, out -> out.write('a')))
                .isTrue();

        outside.verify(
                1,
                postRequestedFor(urlPathEqualTo("/upload/storage/v1/b/acme-reports/o"))
                        .withQueryParam("ifGenerationMatch", equalTo("0")));
        outside.verify(0, postRequestedFor(urlPathEqualTo(UPLOAD)));
    }

    @Test
    void anObjectIsReadWithItsGeneration() {
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .willReturn(aResponse()
                        .withHeader("x-goog-generation", "1764000000000001")
                        .withBody("{\"k\":\"ü\"}")));

        assertThat(storage.read(NAME)).contains(new StoredObject("{\"k\":\"ü\"}", 1_764_000_000_000_001L));

        outside.verify(
                1,
                getRequestedFor(urlPathEqualTo(ENCODED))
                        .withQueryParam("alt", equalTo("media"))
                        .withHeader("authorization", absent()));
    }

    @Test
    void whatIsNotThereIsNothing() {
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .willReturn(aResponse().withStatus(404).withBody("No such object")));

        assertThat(storage.read(NAME)).isEmpty();
    }

    @Test
    void anObjectWithoutAGenerationCannotBeUsed() {
        outside.stubFor(get(urlPathEqualTo(ENCODED)).willReturn(aResponse().withBody("{}")));

        assertThatThrownBy(() -> storage.read(NAME)).isInstanceOf(TransientException.class);
    }

    @ParameterizedTest
    @EnumSource(MediaKind.class)
    void anObjectIsCreatedOnlyWhereNoneIs(MediaKind kind) {
        outside.stubFor(post(urlPathEqualTo(UPLOAD)).willReturn(okJson("{\"generation\":\"1\"}")));

        assertThat(storage.create(NAME, kind, "ü")).isTrue();

        outside.verify(
                1,
                postRequestedFor(urlPathEqualTo(UPLOAD))
                        .withQueryParam("uploadType", equalTo("media"))
                        .withQueryParam("name", equalTo(NAME))
                        .withQueryParam("ifGenerationMatch", equalTo("0"))
                        .withHeader("content-type", equalTo(kind.contentType()))
                        .withRequestBody(equalTo("ü")));
    }

    @Test
    void anObjectThatIsThereIsNotCreated() {
        outside.stubFor(post(urlPathEqualTo(UPLOAD))
                .willReturn(aResponse().withStatus(412).withBody("{}")));

        assertThat(storage.create(NAME, MediaKind.JSON, "{}")).isFalse();
    }

    @Test
    void anObjectIsReplacedUnderItsGeneration() {
        outside.stubFor(post(urlPathEqualTo(UPLOAD)).willReturn(okJson("{}")));

        assertThat(storage.replace(NAME, MediaKind.JSON, "{}", 7)).isTrue();

        outside.verify(postRequestedFor(urlPathEqualTo(UPLOAD)).withQueryParam("ifGenerationMatch", equalTo("7")));
    }

    @Test
    void aWriteWhoseAnswerWasLostIsRepeatedUnderItsGuard() {
        outside.stubFor(post(urlPathEqualTo(UPLOAD))
                .inScenario("lost")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("written"));
        outside.stubFor(post(urlPathEqualTo(UPLOAD))
                .inScenario("lost")
                .whenScenarioStateIs("written")
                .willReturn(aResponse().withStatus(412)));

        assertThat(storage.create(NAME, MediaKind.JSON, "{}")).isFalse();
    }

    @Test
    void allPagesAreListedEmptyOnesToo() {
        outside.stubFor(get(urlPathEqualTo(OBJECTS))
                .withQueryParam("pageToken", absent())
                .willReturn(okJson("{\"items\":[{\"name\":\"a/2\"}],\"nextPageToken\":\"p1\"}")));
        outside.stubFor(get(urlPathEqualTo(OBJECTS))
                .withQueryParam("pageToken", equalTo("p1"))
                .willReturn(okJson("{\"nextPageToken\":\"p2\"}")));
        outside.stubFor(get(urlPathEqualTo(OBJECTS))
                .withQueryParam("pageToken", equalTo("p2"))
                .willReturn(okJson("{\"items\":[{\"name\":\"a/1\"}]}")));

        assertThat(storage.list("a/")).containsExactly("a/1", "a/2");
    }

    @Test
    void pagesWithoutAnEndAreCutOff() {
        outside.stubFor(get(urlPathEqualTo(OBJECTS)).willReturn(okJson("{\"nextPageToken\":\"p1\"}")));

        assertThatThrownBy(() -> storage.list("a/")).isInstanceOf(TransientException.class);
    }

    @Test
    void aBucketThatIsClosedToUsIsRefusedAndNotRetried() {
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .willReturn(aResponse().withStatus(403).withBody("{\"error\":{\"code\":403,\"message\":\"no\"}}")));

        assertThatThrownBy(() -> storage.read(NAME))
                .isInstanceOfSatisfying(
                        PermanentException.class,
                        refusal -> assertThat(refusal.finding().reason()).isEqualTo(Reason.PERMISSION_DENIED));
        outside.verify(1, getRequestedFor(urlPathEqualTo(ENCODED)));
    }

    // --- what may be large ---------------------------------------------------------------------------------------

    private static final int RANGE = 256 * 1024;

    @Test
    void whatIsLargeIsReadRangeByRangeOfOneGeneration() throws IOException {
        part(0, RANGE, RANGE + 3, "x".repeat(RANGE));
        part(RANGE, RANGE, RANGE + 3, "end");

        assertThat(storage.read(NAME, content -> new String(content.readAllBytes(), UTF_8)))
                .contains("x".repeat(RANGE) + "end");

        outside.verify(
                1,
                getRequestedFor(urlPathEqualTo(ENCODED))
                        .withHeader("range", equalTo("bytes=0-" + (RANGE - 1)))
                        .withQueryParam("ifGenerationMatch", absent()));
        outside.verify(
                1,
                getRequestedFor(urlPathEqualTo(ENCODED))
                        .withHeader("range", equalTo("bytes=" + RANGE + "-" + (2 * RANGE - 1)))
                        .withQueryParam("ifGenerationMatch", equalTo("7")));
    }

    @Test
    void aRangeThatIsNotAnsweredIsAskedForAgainByItself() throws IOException {
        part(0, RANGE, RANGE + 3, "x".repeat(RANGE));
        part(RANGE, RANGE, RANGE + 3, "end");
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .withHeader("range", equalTo("bytes=" + RANGE + "-" + (2 * RANGE - 1)))
                .inScenario("again")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("answered"));

        assertThat(storage.read(NAME, content -> content.readAllBytes().length)).contains(RANGE + 3);

        outside.verify(3, getRequestedFor(urlPathEqualTo(ENCODED)));
    }

    @Test
    void whatIsNotThereIsNothingHoweverItIsRead() throws IOException {
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .willReturn(aResponse().withStatus(404).withBody("No such object")));

        assertThat(storage.read(NAME, content -> "read")).isEmpty();
    }

    @Test
    void aRangeThatCannotBeHadIsNoFaultOfTheText() {
        part(0, RANGE, RANGE + 3, "x".repeat(RANGE));
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .withHeader("range", equalTo("bytes=" + RANGE + "-" + (2 * RANGE - 1)))
                .willReturn(aResponse().withStatus(412).withBody("Precondition Failed")));

        assertThatThrownBy(() -> storage.read(NAME, content -> {
                    try {
                        return content.readAllBytes();
                    } catch (RuntimeException e) {
                        throw new IOException("no JSON", e);
                    }
                }))
                .isInstanceOf(PermanentException.class);
    }

    @Test
    void anAnswerThatIsNotTheRangeAskedForIsNone() {
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .willReturn(aResponse().withHeader("x-goog-generation", "7").withBody("all of it")));

        assertThatThrownBy(() -> storage.read(NAME, InputStream::readAllBytes)).isInstanceOf(TransientException.class);
    }

    @Test
    void whatIsLargeIsSentWithItsLengthAndOnceMoreFromItsBeginning() {
        List<String> pieces =
                IntStream.range(0, 20_000).mapToObj(i -> "ü" + i + ";").toList();
        String whole = String.join("", pieces);
        outside.stubFor(post(urlPathEqualTo(UPLOAD))
                .inScenario("again")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("answered"));
        outside.stubFor(post(urlPathEqualTo(UPLOAD))
                .inScenario("again")
                .whenScenarioStateIs("answered")
                .willReturn(okJson("{}")));

        assertThat(storage.create(NAME, MediaKind.CSV, out -> {
                    for (String piece : pieces) {
                        out.write(piece.getBytes(UTF_8));
                    }
                }))
                .isTrue();

        outside.verify(
                2,
                postRequestedFor(urlPathEqualTo(UPLOAD))
                        .withQueryParam("uploadType", equalTo("media"))
                        .withQueryParam("name", equalTo(NAME))
                        .withQueryParam("ifGenerationMatch", equalTo("0"))
                        .withHeader("content-type", equalTo(MediaKind.CSV.contentType()))
                        .withHeader("content-length", equalTo(Integer.toString(whole.getBytes(UTF_8).length)))
                        .withHeader("transfer-encoding", absent())
                        .withRequestBody(equalTo(whole)));
    }

    @Test
    void aLargeObjectThatIsThereIsNotCreated() {
        outside.stubFor(post(urlPathEqualTo(UPLOAD))
                .willReturn(aResponse().withStatus(412).withBody("{}")));

        assertThat(storage.create(NAME, MediaKind.CSV, out -> out.write(65))).isFalse();
    }

    private void part(int from, int length, int size, String body) {
        outside.stubFor(get(urlPathEqualTo(ENCODED))
                .withHeader("range", equalTo("bytes=" + from + "-" + (from + length - 1)))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("x-goog-generation", "7")
                        .withHeader("content-range", "bytes " + from + "-" + (from + body.length() - 1) + "/" + size)
                        .withBody(body)));
    }

    // --- Anthropic's lists --------------------------------------------------------------------------------------

    @Test
    void workspacesAreListedPageByPageArchivedOnesToo() {
        outside.stubFor(get(urlPathEqualTo("/v1/organizations/workspaces"))
                .withQueryParam("after_id", absent())
                .willReturn(okJson(
                        "{\"data\":[{\"id\":\"wrkspc_2\",\"name\":\"Two\",\"archived_at\":null,\"external_key_id\":\"ekey_1\"}],"
                                + "\"has_more\":true,\"first_id\":\"wrkspc_2\",\"last_id\":\"wrkspc_2\"}")));
        outside.stubFor(get(urlPathEqualTo("/v1/organizations/workspaces"))
                .withQueryParam("after_id", equalTo("wrkspc_2"))
                .willReturn(okJson(
                        "{\"data\":[{\"id\":\"wrkspc_1\",\"name\":\"One\",\"archived_at\":\"2026-01-01T00:00:00Z\"},{\"id\":\"??\"}],"
                                + "\"has_more\":false,\"last_id\":\"wrkspc_1\"}")));

        Listing<Workspace> workspaces = anthropic.workspaces();

        assertThat(workspaces.items()).extracting(found -> found.id().value()).containsExactly("wrkspc_2", "wrkspc_1");
        assertThat(workspaces.items()).extracting(Workspace::archived).containsExactly(false, true);
        assertThat(workspaces.unreadable()).containsExactly("??");
        assertThat(workspaces.interrupted()).isEmpty();
        outside.verify(
                2,
                getRequestedFor(urlPathEqualTo("/v1/organizations/workspaces"))
                        .withQueryParam("include_archived", equalTo("true"))
                        .withQueryParam("include_default", equalTo("true"))
                        .withQueryParam("limit", equalTo("1000")));
    }

    @Test
    void morePagesWithoutACursorAreNotTheEnd() {
        outside.stubFor(get(urlPathEqualTo("/v1/organizations/workspaces"))
                .willReturn(okJson("{\"data\":[],\"has_more\":true,\"last_id\":null}")));

        assertThat(anthropic.workspaces().interrupted()).isPresent();
    }

    @Test
    void whatOnePageHeldStaysWhenTheNextCannotBeHad() {
        outside.stubFor(get(urlPathEqualTo("/v1/organizations/external_keys"))
                .withQueryParam("page", absent())
                .willReturn(okJson(
                        "{\"data\":[{\"id\":\"ekey_1\",\"display_name\":\"n\",\"created_at\":\"2026-01-01T00:00:00Z\","
                                + "\"attachment\":{\"type\":\"attached\"},\"provider_config\":{\"type\":\"aws\",\"kms_arn\":\"arn\"}},{\"id\":\"weird\"}],"
                                + "\"next_page\":\"p2\"}")));
        outside.stubFor(get(urlPathEqualTo("/v1/organizations/external_keys"))
                .withQueryParam("page", equalTo("p2"))
                .willReturn(aResponse().withStatus(529)));

        Listing<ExternalKey> registrations = anthropic.registrations();

        assertThat(registrations.items())
                .extracting(found -> found.id().value())
                .containsExactly("ekey_1");
        assertThat(registrations.unreadable()).containsExactly("weird");
        assertThat(registrations.interrupted()).isPresent();
        assertThatThrownBy(() -> anthropic.externalKeys()).isInstanceOf(TransientException.class);
    }
}
