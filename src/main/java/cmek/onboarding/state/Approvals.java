package cmek.onboarding.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.model.EventTime;
import cmek.model.Json;
import cmek.model.Versioned;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What somebody else must agree to before a key is attached. It lies in the evidence bucket, so a message that approves
 * says no more than which it is: there is nothing in it to forge.
 *
 * <pre>
 * approvals/DIGEST/asked.json    what somebody else is asked to approve
 * approvals/DIGEST/used.txt      the deduplication key of the message that did, one permanently
 * </pre>
 */
@Singleton
public final class Approvals {

    static final Duration GOOD_FOR = Duration.ofDays(3);

    private final EvidenceStorage storage;

    @Inject
    public Approvals(EvidenceStorage storage) {
        this.storage = storage;
    }

    /**
     * An approval that was asked for.
     *
     * @param at when it was asked for first
     */
    @RegisterForReflection
    public record Asked(Approval approval, Instant at) implements Versioned {

        public Instant until() {
            return at.plus(GOOD_FOR);
        }
    }

    /** Asks for it; however often the same is asked for, the first time counts. */
    public Asked ask(Approval approval, Instant now) {
        return read(EvidenceStorage.keepFirst(
                storage, asked(approval.digest()), MediaKind.JSON, Json.written(new Asked(approval, now))));
    }

    /** What a message approves; empty when it is none that was asked for. */
    public Optional<Asked> asked(byte[] data) {
        return digest(data).filter(digest -> storage.isConfigured()).flatMap(this::stored);
    }

    private Optional<Asked> stored(String digest) {
        return storage.read(asked(digest))
                .map(stored -> read(stored.text()))
                // What lies there under another name was not put there by us.
                .filter(asked -> asked.approval().digest().equals(digest));
    }

    /**
     * What was approved by the message because of which an onboarding goes on. Its event only says so; what counts is what
     * was kept when that message came.
     *
     * @throws PermanentException when that message approved nothing of the kind
     */
    public Approval approvedBy(Onboarding onboarding, String digest) {
        return Optional.of(digest)
                .filter(any -> storage.isConfigured())
                .flatMap(this::stored)
                .filter(asked -> storage.read(used(digest))
                        .filter(stored -> stored.text().equals(onboarding.deduplicationKey()))
                        .isPresent())
                .map(Asked::approval)
                .orElseThrow(() -> new PermanentException(AnthropicFindings.approvalNotAccepted(
                        "the event names an approval that its message did not give")));
    }

    /**
     * Uses it up.
     *
     * @param deduplicationKey of the message that approves
     * @throws PermanentException when another message did before, or it is too late
     */
    public void use(Asked asked, String deduplicationKey, Instant now) {
        String used = used(asked.approval().digest());
        // A message that was in time may be delivered again when it is late.
        if (storage.read(used).isEmpty() && now.isAfter(asked.until())) {
            throw new PermanentException(AnthropicFindings.approvalNotAccepted(
                    "this could be approved until " + EventTime.written(asked.until())));
        }
        if (!EvidenceStorage.keepFirst(storage, used, MediaKind.TEXT, deduplicationKey)
                .equals(deduplicationKey)) {
            throw new PermanentException(
                    AnthropicFindings.approvalNotAccepted("this was approved by another message before"));
        }
    }

    private static String asked(String digest) {
        return "approvals/" + digest + "/asked.json";
    }

    private static String used(String digest) {
        return "approvals/" + digest + "/used.txt";
    }

    private static Optional<String> digest(byte[] data) {
        try {
            JsonNode json = Json.MAPPER.readTree(data);
            return Optional.of(json.path("approve"))
                    .filter(approve -> json.size() == 1 && approve.isTextual())
                    .map(JsonNode::asText)
                    .filter(digest -> Onboarding.DIGEST.matcher(digest).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Asked read(String json) {
        try {
            return Json.read(json.getBytes(UTF_8), Asked.class);
        } catch (IOException e) {
            throw new PermanentException(
                    AnthropicFindings.approvalNotAccepted("what was asked for is kept in a form that cannot be read"));
        }
    }
}
