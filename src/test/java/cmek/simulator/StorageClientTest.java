package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Google's own client of Cloud Storage against the simulator: every call of the product with each of its outcomes. */
class StorageClientTest {

    private static final String CLIENT = "google-cloud-storage";
    private static final BlobId ABSENT = BlobId.of("acme-evidence", "absent");
    private static final BlobId THERE = BlobId.of("acme-evidence", "runs/1.json");
    private static final byte[] CONTENT = "{}".getBytes(UTF_8);
    private static final CertificationReport REPORT = new CertificationReport("google-storage.csv");

    private final CloudStorageSimulator storage = new CloudStorageSimulator(
                    new Journal(), InstantSource.fixed(Instant.parse("2026-11-24T08:00:00Z")))
            .withBucket("acme-evidence")
            .withObject("acme-evidence", "runs/1.json", "application/json", "{\"a\":1}");
    private final SimulatorServer server = SimulatorServer.start(storage);

    /**
     * One outcome of one call.
     *
     * @param documented as the client shows it
     */
    private record Outcome(String call, String documented, Function<Storage, Object> work) {

        @Override
        public String toString() {
            return call + " " + documented;
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write();
    }

    static Stream<Outcome> outcomes() {
        return Stream.of(
                new Outcome(
                        "InsertObject",
                        "object",
                        client -> client.create(BlobInfo.newBuilder(ABSENT).build(), CONTENT)
                                .getSize()),
                new Outcome(
                        "InsertObject",
                        "412",
                        client -> client.create(
                                BlobInfo.newBuilder(THERE).build(), CONTENT, BlobTargetOption.doesNotExist())),
                new Outcome(
                        "InsertObject",
                        "404",
                        client -> client.create(
                                BlobInfo.newBuilder("nobodys", "a").build(), CONTENT)),
                new Outcome("GetObject", "object", client -> client.get(THERE).getGeneration()),
                new Outcome("GetObject", "nothing", client -> client.get(ABSENT)),
                new Outcome("GetObject content", "{\"a\":1}", client -> new String(client.readAllBytes(THERE), UTF_8)),
                new Outcome("GetObject content", "404", client -> client.readAllBytes(ABSENT)),
                new Outcome("ListObjects", "[runs/1.json]", client -> names(client, "acme-evidence")),
                new Outcome("ListObjects", "404", client -> names(client, "nobodys")));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void theClientUnderstands(Outcome outcome) {
        // Over HTTP the client holds nothing that would have to be closed.
        Storage client = StorageOptions.http()
                .setHost(server.url().toString())
                .setProjectId("acme-kms-prod")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();

        assertThat(understood(outcome, client)).isEqualTo(outcome.documented());
        REPORT.add(outcome.call(), CLIENT, outcome.documented(), "same");
    }

    private static String understood(Outcome outcome, Storage client) {
        try {
            Object result = outcome.work().apply(client);
            return result == null ? "nothing" : result instanceof Long ? "object" : result.toString();
        } catch (StorageException e) {
            return Integer.toString(e.getCode());
        }
    }

    private static List<String> names(Storage client, String bucket) {
        return client.list(bucket, BlobListOption.prefix("runs/"))
                .streamAll()
                .map(BlobInfo::getName)
                .toList();
    }
}
