package cmek.onboarding.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.model.EventTime;
import cmek.model.Json;
import cmek.onboarding.Approval;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What somebody else must agree to before a key is attached. It lies in the store, so a message that approves says no more
 * than which it is: there is nothing in it to forge.
 */
@Singleton
public final class Approvals {

    static final Duration GOOD_FOR = Duration.ofDays(3);

    private final OnboardingStore store;

    @Inject
    public Approvals(OnboardingStore store) {
        this.store = store;
    }

    /**
     * An approval that was asked for.
     *
     * @param at when it was asked for first
     */
    public record Asked(Approval approval, Instant at) {

        public Instant until() {
            return at.plus(GOOD_FOR);
        }

        /** The edition of the event or object, for its readers. */
        @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        public int schemaVersion() {
            return Json.SCHEMA_VERSION;
        }
    }

    /** Asks for it; however often the same is asked for, the first time counts. */
    public Asked ask(Approval approval, Instant now) {
        return read(store.ask(approval.digest(), Json.written(new Asked(approval, now))));
    }

    /** What a message approves; empty when it is none that was asked for. */
    public Optional<Asked> asked(byte[] data) {
        return digest(data)
                .flatMap(digest -> store.asked(digest)
                        .map(Approvals::read)
                        // What lies there under another name was not put there by us.
                        .filter(asked -> asked.approval().digest().equals(digest)));
    }

    /**
     * Uses it up.
     *
     * @param deduplicationKey of the message that approves
     * @throws PermanentException when another message did before, or it is too late
     */
    public void use(Asked asked, String deduplicationKey, Instant now) {
        String digest = asked.approval().digest();
        // A message that was in time may be delivered again when it is late.
        if (store.usedBy(digest).isEmpty() && now.isAfter(asked.until())) {
            throw new PermanentException(AnthropicFindings.approvalNotAccepted(
                    "this could be approved until " + EventTime.written(asked.until())));
        }
        if (!store.use(digest, deduplicationKey).equals(deduplicationKey)) {
            throw new PermanentException(
                    AnthropicFindings.approvalNotAccepted("this was approved by another message before"));
        }
    }

    private static Optional<String> digest(byte[] data) {
        try {
            JsonNode json = Json.MAPPER.readTree(data);
            return Optional.of(json.path("approve"))
                    .filter(approve -> json.size() == 1 && approve.isTextual())
                    .map(JsonNode::asText)
                    .filter(digest -> Approval.DIGEST.matcher(digest).matches());
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
