package cmek.onboarding.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.StoredObject;
import cmek.fake.FakeStorage;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import cmek.model.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewestResultsTest {

    private static final String NAME = "requests/payments-prod/1001.json";

    private final FakeStorage storage = new FakeStorage();
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

        assertThat(storage.names()).containsExactly(NAME);
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
        var before = storage.snapshot();
        newest.keep("1001", result("ATTACHED", 1), Optional.empty());

        assertThat(storage.snapshot()).isEqualTo(before);
    }

    @Test
    void everyMessageOfARequestHasItsOwn() {
        newest.keep("1001", result("AWAITING_APPROVAL", 1), Optional.empty());
        newest.keep("1002", result("PROGRESS", 2), Optional.empty());

        assertThat(storage.names()).containsExactly(NAME, "requests/payments-prod/1002.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "../x", "", ".hidden"})
    void aRequestWhoseIdIsNoneLeavesNothing(String requestId) {
        newest.keep("1001", result("REFUSED", 1).put("requestId", requestId), Optional.empty());

        assertThat(storage.names()).isEmpty();
    }

    @Test
    void whoComesInBetweenIsReadAgain() {
        AtomicBoolean once = new AtomicBoolean(true);
        FakeStorage contended = new FakeStorage() {
            @Override
            public synchronized boolean replace(String name, MediaKind kind, String text, long generation) {
                if (generation > 0 && once.getAndSet(false)) {
                    overwrite(name, kind, Json.written(result("ATTACHED", 3)));
                }
                return super.replace(name, kind, text, generation);
            }
        };
        NewestResults mine = new NewestResults(contended);
        mine.keep("1001", result("PROGRESS", 1), Optional.empty());
        mine.keep("1001", result("PROGRESS", 2), Optional.empty());

        assertThat(contended.text(NAME)).contains("ATTACHED");
    }

    @Test
    void aBucketThatCannotBeUsedKeepsOnlyAnEndFromBeingAcknowledged() {
        TransientException down = new TransientException(Reason.GOOGLE_UNAVAILABLE, "down", null);
        NewestResults later = new NewestResults(failing(down));
        NewestResults never = new NewestResults(failing(new PermanentException(ScanFindings.noEvidenceBucket())));

        assertThatCode(() -> later.keep("1001", result("PROGRESS", 1), Optional.empty()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> later.keep("1001", result("ATTACHED", 1), Optional.empty()))
                .isSameAs(down);
        assertThatCode(() -> never.keep("1001", result("ATTACHED", 1), Optional.empty()))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        new NewestResults(FakeStorage.absent()).keep("1001", result("ATTACHED", 1), Optional.empty()))
                .doesNotThrowAnyException();
    }

    private static FakeStorage failing(RuntimeException failure) {
        return new FakeStorage() {
            @Override
            public synchronized Optional<StoredObject> read(String name) {
                throw failure;
            }
        };
    }

    private String status() {
        try {
            return Json.MAPPER.readTree(storage.text(NAME)).path("status").asText();
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
