package cmek.onboarding.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.finding.TransientException;
import cmek.model.Json;
import cmek.simulator.Faults;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewestResultsTest {

    private static final String NAME = "requests/payments-prod/1001.json";

    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
    private final NewestResults newest = new NewestResults(storage);

    @ParameterizedTest
    @CsvSource({
        // what is kept, second; what comes, second; which stays
        "ACCEPTED, 1, PROGRESS, 2, PROGRESS",
        "PROGRESS, 2, ACCEPTED, 1, PROGRESS",
        "RETRYING, 2, PROGRESS, 3, PROGRESS",
        "PROGRESS, 2, ATTACHED, 2, ATTACHED",
        "PENDING, 9, REFUSED, 1, REFUSED",
        "ATTACHED, 1, PROGRESS, 9, ATTACHED",
        "REFUSED, 1, RETRYING, 9, REFUSED",
        "FAILED, 1, PROGRESS, 9, FAILED",
        "ATTACHED, 1, FAILED, 9, ATTACHED",
        "ENDED_IN_A_WAY_OF_ANOTHER_RELEASE, 1, PROGRESS, 9, ENDED_IN_A_WAY_OF_ANOTHER_RELEASE",
    })
    void theNewestStaysAndAnEndStays(String kept, int at, String next, int later, String stays) {
        newest.keep("1001", result(kept, at), Optional.empty());
        newest.keep("1001", result(next, later), Optional.empty());

        assertThat(bucket.names()).containsExactly(NAME);
        assertThat(status()).isEqualTo(stays);
    }

    @Test
    void anEndThatNamesAnotherTakesItsPlaceForGood() {
        newest.keep("1001", result("FAILED", 1), Optional.empty());
        newest.keep(
                "1001",
                result("ATTACHED", 2).put("supersedes", "payments-prod.1001.attachWorkspace.FAILED"),
                Optional.empty());
        newest.keep("1001", result("FAILED", 1), Optional.empty());

        assertThat(status()).isEqualTo("ATTACHED");
    }

    @Test
    void aRepeatWritesNothing() {
        newest.keep("1001", result("ATTACHED", 1), Optional.empty());
        var before = bucket.snapshot();
        newest.keep("1001", result("ATTACHED", 1), Optional.empty());

        assertThat(bucket.snapshot()).isEqualTo(before);
    }

    @Test
    void everyMessageOfARequestHasItsOwn() {
        newest.keep("1001", result("AWAITING_APPROVAL", 1), Optional.empty());
        newest.keep("1002", result("PROGRESS", 2), Optional.empty());

        assertThat(bucket.names()).containsExactly(NAME, "requests/payments-prod/1002.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "../x", "", ".hidden"})
    void aRequestWhoseIdIsNoneLeavesNothing(String requestId) {
        newest.keep("1001", result("REFUSED", 1).put("requestId", requestId), Optional.empty());

        assertThat(bucket.names()).isEmpty();
    }

    @Test
    void whoComesInBetweenIsReadAgain() {
        newest.keep("1001", result("PROGRESS", 1), Optional.empty());
        bucket.put(Faults.next(
                1,
                Faults.calls("POST", ".*"),
                Faults.after(() -> bucket.write(NAME, Json.written(result("ATTACHED", 3))))));
        newest.keep("1001", result("PROGRESS", 2), Optional.empty());

        assertThat(bucket.text(NAME)).contains("ATTACHED");
    }

    @Test
    void aBucketThatCannotBeUsedKeepsOnlyAnEndFromBeingAcknowledged() {
        NewestResults later = new NewestResults(failing(503));
        NewestResults never = new NewestResults(failing(403));

        assertThatCode(() -> later.keep("1001", result("PROGRESS", 1), Optional.empty()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> later.keep("1001", result("ATTACHED", 1), Optional.empty()))
                .isInstanceOf(TransientException.class);
        assertThatCode(() -> never.keep("1001", result("ATTACHED", 1), Optional.empty()))
                .doesNotThrowAnyException();
        assertThatCode(() -> new NewestResults(StorageInProcess.absent())
                        .keep("1001", result("ATTACHED", 1), Optional.empty()))
                .doesNotThrowAnyException();
    }

    private static EvidenceStorage failing(int status) {
        return new StorageInProcess()
                .put(Faults.status(status, Map.of("content-type", "text/plain"), "no"))
                .client();
    }

    private String status() {
        try {
            return Json.MAPPER.readTree(bucket.text(NAME)).path("status").asText();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ObjectNode result(String status, int second) {
        return Json.MAPPER
                .createObjectNode()
                .put("requestId", "payments-prod")
                .put("status", status)
                .put("occurredAt", "2026-11-24T10:00:0" + second + ".000Z");
    }
}
