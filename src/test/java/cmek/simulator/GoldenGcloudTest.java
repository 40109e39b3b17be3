package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The guide's commands as {@code gcloud} sent them, answered by the simulator as they were answered then. */
class GoldenGcloudTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RECORDINGS = Path.of("src/test/resources/golden");

    private final KmsSimulator kms =
            new KmsSimulator(new Journal(), InstantSource.fixed(Instant.parse("2025-01-01T00:00:00Z")));

    /** An etag is opaque, so that of a recording stands for the one that the simulator gave in its place. */
    private final Map<String, String> etags = new HashMap<>();

    @Test
    void everyRecordingOfGcloudIsThere() throws IOException {
        assertThat(recordings()).hasSize(7);
    }

    @TestFactory
    List<DynamicTest> everyRecordedRequestIsAnsweredAsRecorded() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        // In the order of the guide: each finds what those before it left.
        for (Path file : recordings()) {
            JsonNode recording = JSON.readTree(file.toFile());
            for (JsonNode request : recording.path("requests")) {
                tests.add(DynamicTest.dynamicTest(
                        file.getFileName() + " " + request.path("method").asText() + " "
                                + request.path("path").asText(),
                        () -> replay(request)));
            }
        }
        return tests;
    }

    private void replay(JsonNode request) throws IOException {
        Reply reply = kms.answer(Call.of(
                request.path("method").asText(),
                URI.create("http://kms" + request.path("path").asText() + query(request.path("query"))),
                Map.of(),
                request.path("body").isNull() ? new byte[0] : sent(request).getBytes(UTF_8)));

        JsonNode recorded = request.path("response");
        assertThat(reply.status()).isEqualTo(recorded.path("status").asInt());
        JsonNode answered = JSON.readTree(reply.text());
        String etag = recorded.path("body").path("etag").asText();
        if (!etag.isEmpty()) {
            etags.put(etag, answered.path("etag").asText());
            assertThat(answered.path("etag").asText()).isNotEmpty();
            ((ObjectNode) answered).put("etag", etag);
        }
        assertThat(answered).isEqualTo(recorded.path("body"));
    }

    private String sent(JsonNode request) {
        String body = request.path("body").toString();
        for (Map.Entry<String, String> etag : etags.entrySet()) {
            body = body.replace("\"etag\":\"" + etag.getKey() + "\"", "\"etag\":\"" + etag.getValue() + "\"");
        }
        return body;
    }

    private static String query(JsonNode query) {
        List<String> pairs = new ArrayList<>();
        query.properties()
                .forEach(parameter -> parameter
                        .getValue()
                        .forEach(value ->
                                pairs.add(parameter.getKey() + "=" + URLEncoder.encode(value.asText(), UTF_8))));
        return "?" + String.join("&", pairs);
    }

    private static List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            return files.filter(file -> file.getFileName().toString().startsWith("gcloud-"))
                    .sorted()
                    .toList();
        }
    }
}
