package cmek.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.storage.EvidenceStorage.MediaKind;
import org.junit.jupiter.api.Test;

class StorageInProcessTest {

    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();

    @Test
    void whatNoFunctionMayReplaceFailsTheTestThatReplacesIt() {
        bucket.write("runs/1/run.json", "{}");
        long generation = storage.read("runs/1/run.json").orElseThrow().generation();

        assertThatThrownBy(() -> storage.replace("runs/1/run.json", MediaKind.JSON, "[]", generation))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("terraform/permissions.json");
    }

    @Test
    void whatMayBeReplacedIs() {
        bucket.write("requests/1.json", "{}");
        long generation = storage.read("requests/1.json").orElseThrow().generation();

        assertThat(storage.replace("requests/1.json", MediaKind.JSON, "[]", generation))
                .isTrue();
        assertThat(bucket.text("requests/1.json")).isEqualTo("[]");
    }
}
