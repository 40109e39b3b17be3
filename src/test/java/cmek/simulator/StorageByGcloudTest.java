package cmek.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents tell people to do with the evidence bucket, done by {@code gcloud} itself. */
@Tag("thorough")
class StorageByGcloudTest {

    private final CloudStorageSimulator storage = new CloudStorageSimulator(
                    new Journal(), InstantSource.fixed(Instant.parse("2026-11-24T08:00:00Z")))
            .withBucket("acme-evidence");
    private final SimulatorServer server = SimulatorServer.start(storage);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void objectsAreListedShownAndCopied(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Gcloud.isInstalled(), "gcloud is not installed");
        Gcloud gcloud = new Gcloud(Map.of("storage", server.url()), directory);
        storage.withObject(
                "acme-evidence", "requests/payments/1.json", "application/json", "{\"status\":\"ATTACHED\"}");
        Files.writeString(directory.resolve("note.txt"), "a note");

        assertThat(gcloud.run("storage", "ls", "gs://acme-evidence/requests/"))
                .contains("gs://acme-evidence/requests/payments/");
        assertThat(gcloud.run("storage", "cat", "gs://acme-evidence/requests/payments/1.json"))
                .isEqualTo("{\"status\":\"ATTACHED\"}");
        gcloud.run("storage", "cp", "gs://acme-evidence/requests/payments/1.json", "copy.json");
        assertThat(directory.resolve("copy.json")).hasContent("{\"status\":\"ATTACHED\"}");
        gcloud.run("storage", "cp", "note.txt", "gs://acme-evidence/note.txt");
        assertThat(storage.text("acme-evidence", "note.txt")).contains("a note");
    }
}
