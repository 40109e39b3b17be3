package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudStorageSimulatorTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    private static final String OBJECTS = "/storage/v1/b/acme-evidence/o";

    private final Journal journal = new Journal();
    private final CloudStorageSimulator storage =
            new CloudStorageSimulator(journal, () -> NOW).withBucket("acme-evidence");

    private Reply send(String method, String target, String body) {
        return storage.answer(
                Call.of(method, URI.create(target), Map.of("Content-Type", "application/json"), body.getBytes(UTF_8)));
    }

    private Reply upload(String name, String more, String body) {
        return send("POST", "/upload" + OBJECTS + "?uploadType=media&name=" + name + more, body);
    }

    private Reply media(String name) {
        return send("GET", OBJECTS + "/" + URLEncoder.encode(name, UTF_8) + "?alt=media", "");
    }

    private static JsonNode json(Reply reply) throws IOException {
        return JSON.readTree(reply.text());
    }

    private static void isError(Reply reply, int code, String reason) throws IOException {
        assertThat(reply.status()).isEqualTo(code);
        JsonNode error = json(reply).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.at("/errors/0/domain").asText()).isEqualTo("global");
        assertThat(error.at("/errors/0/reason").asText()).isEqualTo(reason);
        assertThat(error.has("status")).isFalse();
    }

    @Test
    void whatWasUploadedIsReadWithItsGeneration() throws IOException {
        JsonNode written = json(upload("runs/a.json", "", "{\"k\":\"ü\"}"));

        Reply read = media("runs/a.json");

        assertThat(read.text()).isEqualTo("{\"k\":\"ü\"}");
        assertThat(read.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("x-goog-generation", written.path("generation").asText());
        assertThat(written.path("size").asText()).isEqualTo("10");
        assertThat(written.path("kind").asText()).isEqualTo("storage#object");
    }

    @Test
    void checksumsAreThoseOfTheContent() throws IOException {
        // Of "123456789": CRC-32C's published check value 0xe3069283, and the MD5 of RFC 1321's kind.
        JsonNode written = json(upload("sum", "", "123456789"));

        assertThat(written.path("crc32c").asText()).isEqualTo("4waSgw==");
        assertThat(written.path("md5Hash").asText()).isEqualTo("JfnnlDI7RTiF9RgfG2JNCw==");
    }

    @Test
    void aGenerationGrowsThoughTheClockStands() throws IOException {
        long first = json(upload("a", "", "1")).path("generation").asLong();

        assertThat(json(upload("a", "", "2")).path("generation").asLong()).isGreaterThan(first);
        assertThat(first).isEqualTo(NOW.toEpochMilli() * 1000);
    }

    @Test
    void aGuardedWriteTakesPlaceOnlyOverWhatItNames() throws IOException {
        long first = json(upload("a", "&ifGenerationMatch=0", "1"))
                .path("generation")
                .asLong();

        isError(upload("a", "&ifGenerationMatch=0", "2"), 412, "conditionNotMet");
        isError(upload("a", "&ifGenerationMatch=" + (first - 1), "2"), 412, "conditionNotMet");
        isError(upload("b", "&ifGenerationMatch=" + first, "2"), 412, "conditionNotMet");
        assertThat(storage.text("acme-evidence", "a")).contains("1");

        assertThat(upload("a", "&ifGenerationMatch=" + first, "2").status()).isEqualTo(200);
        assertThat(storage.text("acme-evidence", "a")).contains("2");
        assertThat(storage.names("acme-evidence")).containsExactly("a");
    }

    @Test
    void aRangeIsAPartAndSaysOfWhat() {
        upload("a", "", "0123456789");

        Reply middle = range("bytes=2-4");
        Reply last = range("bytes=8-99");

        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.text()).isEqualTo("234");
        assertThat(middle.headers())
                .containsEntry("content-range", "bytes 2-4/10")
                .containsKey("x-goog-generation");
        assertThat(last.text()).isEqualTo("89");
        assertThat(last.headers()).containsEntry("content-range", "bytes 8-9/10");
        assertThat(range("bytes=10-19").status()).isEqualTo(416);
    }

    private Reply range(String range) {
        return storage.answer(
                Call.of("GET", URI.create(OBJECTS + "/a?alt=media"), Map.of("Range", range), new byte[0]));
    }

    @Test
    void aMissingObjectIsSaidInPlainTextWhereContentWasAskedFor() throws IOException {
        Reply content = media("runs/none");

        assertThat(content.status()).isEqualTo(404);
        assertThat(content.text()).isEqualTo("No such object: acme-evidence/runs/none");
        isError(send("GET", OBJECTS + "/runs%2Fnone", ""), 404, "notFound");
    }

    @Test
    void aBucketThatIsNotThereIsSaidSo() throws IOException {
        Reply list = send("GET", "/storage/v1/b/nobodys/o", "");

        isError(list, 404, "notFound");
        assertThat(json(list).at("/error/message").asText()).isEqualTo("The specified bucket does not exist.");
        isError(send("POST", "/upload/storage/v1/b/nobodys/o?uploadType=media&name=a", ""), 404, "notFound");
    }

    @Test
    void metadataIsReadWithoutTheContent() throws IOException {
        upload("a", "", "1");

        JsonNode metadata = json(send("GET", OBJECTS + "/a", ""));

        assertThat(metadata.path("name").asText()).isEqualTo("a");
        assertThat(metadata.path("bucket").asText()).isEqualTo("acme-evidence");
        assertThat(metadata.path("timeCreated").asText()).isEqualTo("2026-11-23T02:00:00Z");
    }

    @Test
    void aListHasThoseOfThePrefixInTheOrderOfTheirBytesPageByPage() throws IOException {
        for (String name : new String[] {"a/%C3%BC", "a/z", "a/Z", "b/1", "a"}) {
            upload(name, "", "");
        }

        JsonNode first = json(send("GET", OBJECTS + "?prefix=a/&maxResults=2", ""));
        JsonNode second = json(send(
                "GET",
                OBJECTS + "?prefix=a/&maxResults=2&pageToken="
                        + first.path("nextPageToken").asText(),
                ""));

        assertThat(first.path("items"))
                .extracting(item -> item.path("name").asText())
                .containsExactly("a/Z", "a/z");
        assertThat(second.path("items"))
                .extracting(item -> item.path("name").asText())
                .containsExactly("a/ü");
        assertThat(second.has("nextPageToken")).isFalse();
    }

    @Test
    void aPageHasAThousandAtTheMost() throws IOException {
        for (int i = 0; i < 1001; i++) {
            storage.withObject("acme-evidence", "k/" + i, "text/plain", "");
        }

        JsonNode page = json(send("GET", OBJECTS + "?maxResults=5000", ""));

        assertThat(page.path("items")).hasSize(1000);
        assertThat(page.path("nextPageToken").asText()).isNotEmpty();
    }

    @Test
    void anEmptyListHasNoItems() throws IOException {
        assertThat(json(send("GET", OBJECTS + "?prefix=none", "")).toString())
                .isEqualTo("{\"kind\":\"storage#objects\"}");
    }

    @Test
    void onlyTheSelectedFieldsAreAnswered() throws IOException {
        upload("a", "", "");
        upload("b", "", "");

        assertThat(json(send("GET", OBJECTS + "?maxResults=1&fields=items(name),nextPageToken", ""))
                        .toString())
                .isEqualTo("{\"nextPageToken\":\"YWZ0ZXI6YQ\",\"items\":[{\"name\":\"a\"}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?pageToken=%21",
                "?pageToken=abc",
                "?maxResults=many",
                "?fields=items(",
                "?fields=items)",
                "?fields=,",
                "?fields=a(b)c"
            })
    void aQueryThatCannotBeUnderstoodIsRefused(String query) throws IOException {
        Reply reply = send("GET", OBJECTS + query, "");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(json(reply).at("/error/errors/0/location").asText())
                .isEqualTo(query.substring(1, query.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a%0Ab", ".well-known/acme-challenge/x"})
    void aNameThatNoObjectCanHaveIsRefused(String name) {
        assertThat(upload(name, "", "").status()).isEqualTo(400);
        assertThat(upload("x".repeat(1025), "", "").status()).isEqualTo(400);
    }

    @Test
    void whatIsNotSimulatedIsSaidAloud() {
        assertThat(send("GET", OBJECTS + "?matchGlob=*", "").status()).isEqualTo(501);
        assertThat(send("POST", OBJECTS + "/a/rewriteTo/b/acme-evidence/o/b", "{}")
                        .status())
                .isEqualTo(501);
        assertThat(send("PATCH", OBJECTS + "/a", "{}").status()).isEqualTo(501);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=2-, cdef, 206",
        "bytes=-2, ef, 206",
        "bytes=-20, abcdef, 206",
        "bytes=1-2, bc, 206",
        "pages=1, abcdef, 200"
    })
    void aRangeMayBeOpen(String range, String part, int status) {
        upload("a", "", "abcdef");

        Reply reply = storage.answer(
                Call.of("GET", URI.create(OBJECTS + "/a?alt=media"), Map.of("Range", range), new byte[0]));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text()).isEqualTo(part);
    }

    @Test
    void aMultipartUploadHasItsMetadataInTheFirstPart() throws IOException {
        String body = """
            --b
            content-type: application/json

            {"name":"a/b","metadata":{"k":"v"}}
            --b
            content-type: text/plain

            line
            line ü
            --b--
            """.replace("\n", "\r\n");

        Reply reply = storage.answer(Call.of(
                "POST",
                URI.create("/upload" + OBJECTS + "?uploadType=multipart"),
                Map.of("Content-Type", "multipart/related; boundary=b"),
                body.getBytes(UTF_8)));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(json(reply).path("contentType").asText()).isEqualTo("text/plain");
        assertThat(json(reply).at("/metadata/k").asText()).isEqualTo("v");
        assertThat(storage.text("acme-evidence", "a/b")).contains("line\r\nline ü");
    }

    @Test
    void aResumableUploadComesInPieces() throws IOException {
        Reply begun =
                send("POST", "/upload" + OBJECTS + "?uploadType=resumable&ifGenerationMatch=0", "{\"name\":\"a\"}");
        URI session = URI.create(begun.headers().getOrDefault("location", ""));

        Reply first = put(session, "bytes 0-2/*", "abc");
        Reply asked = put(session, "bytes */*", "");
        Reply last = put(session, "bytes 3-4/5", "de");

        assertThat(first.status()).isEqualTo(308);
        assertThat(asked.headers()).containsEntry("range", "bytes=0-2");
        assertThat(json(last).path("size").asText()).isEqualTo("5");
        assertThat(storage.text("acme-evidence", "a")).contains("abcde");
        assertThat(put(session, "bytes */*", "").status()).isEqualTo(404);
        isError(
                send("POST", "/upload" + OBJECTS + "?uploadType=resumable&ifGenerationMatch=0", "{\"name\":\"a\"}"),
                412,
                "conditionNotMet");
    }

    private Reply put(URI session, String range, String body) {
        return storage.answer(Call.of("PUT", session, Map.of("Content-Range", range), body.getBytes(UTF_8)));
    }

    @Test
    void aDeletedObjectIsGone() throws IOException {
        upload("a", "", "x");

        isError(send("DELETE", OBJECTS + "/a?ifGenerationMatch=1", ""), 412, "conditionNotMet");
        assertThat(send("DELETE", OBJECTS + "/a", "").status()).isEqualTo(204);
        isError(send("DELETE", OBJECTS + "/a", ""), 404, "notFound");
        assertThat(storage.names("acme-evidence")).isEmpty();
    }

    @Test
    void aBucketIsDescribed() throws IOException {
        assertThat(json(send("GET", "/storage/v1/b/acme-evidence", ""))
                        .path("name")
                        .asText())
                .isEqualTo("acme-evidence");
        assertThat(json(send("GET", "/storage/v1/b/acme-evidence?fields=location", "")))
                .hasSize(1);
        isError(send("GET", "/storage/v1/b/nobodys", ""), 404, "notFound");
    }

    @Test
    void aDelimiterMakesFolders() throws IOException {
        for (String name : List.of("a", "runs/1", "runs/2", "z")) {
            upload(URLEncoder.encode(name, UTF_8), "", "");
        }

        JsonNode first = json(send("GET", OBJECTS + "?delimiter=/&maxResults=2", ""));
        JsonNode second = json(send(
                "GET",
                OBJECTS + "?delimiter=/&pageToken="
                        + first.path("nextPageToken").asText(),
                ""));

        assertThat(first.path("items").findValuesAsText("name")).containsExactly("a");
        assertThat(first.path("prefixes")).isEqualTo(JSON.readTree("[\"runs/\"]"));
        assertThat(second.path("items").findValuesAsText("name")).containsExactly("z");
        assertThat(second.has("prefixes")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?uploadType=media&name=a&dryRun=true", "?uploadType=media&name=a&ifGenerationMatch=x"})
    void aParameterThatAnUploadDoesNotHaveIsRefused(String query) throws IOException {
        isError(send("POST", "/upload" + OBJECTS + query, ""), 400, "invalid");
    }

    @Test
    void everyCallIsInTheJournal() {
        upload("a", "&ifGenerationMatch=0", "");
        upload("a", "&ifGenerationMatch=0", "");
        media("a");
        send("GET", OBJECTS + "?prefix=a", "");

        assertThat(journal.entries())
                .containsExactly(
                        new Journal.Entry("storage", "InsertObject gs://acme-evidence/a", true, 200),
                        new Journal.Entry("storage", "InsertObject gs://acme-evidence/a", true, 412),
                        new Journal.Entry("storage", "GetObject gs://acme-evidence/a", false, 200),
                        new Journal.Entry("storage", "ListObjects gs://acme-evidence/a", false, 200));
        assertThat(journal.writesTo("storage")).hasSize(1);
        assertThat(journal.writesTo("kms", "admin")).isEmpty();
    }
}
