package cmek.onboarding.state;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.StoredObject;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.Json;
import cmek.model.OnboardingRequest;
import cmek.result.Status;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Where a request is: its newest result, for whoever asks without a subscription.
 *
 * <pre>
 * requests/REQUEST_ID/MESSAGE_ID.json    the newest result of what the message started, as it was published
 * </pre>
 *
 * <p>The message is that of the request, or the one that approved its attachment. An end stays: only another end that names
 * it in {@code supersedes} takes its place.
 */
@Singleton
public final class NewestResults {

    private static final Logger LOG = Logger.getLogger(NewestResults.class);
    private static final int ATTEMPTS = 5;

    private final EvidenceStorage storage;

    @Inject
    public NewestResults(EvidenceStorage storage) {
        this.storage = storage;
    }

    /** Where the newest result of a message is kept. */
    public static String name(String requestId, String messageId) {
        return folder(requestId) + messageId + ".json";
    }

    /** Where the newest results of all messages of a request are kept. */
    public static String folder(String requestId) {
        return "requests/" + requestId + "/";
    }

    /** What was kept when it was looked up. */
    public record Before(Optional<StoredObject> kept) {}

    /** Looks up what is kept, for whoever will keep something newer; empty where that cannot be said now. */
    public Optional<Before> lookUp(String requestId, String messageId) {
        if (!isKept(requestId, messageId)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Before(storage.read(name(requestId, messageId))));
        } catch (PermanentException | TransientException e) {
            return Optional.empty();
        }
    }

    /** A message that nobody could read may name its request with any characters, a slash among them. */
    private boolean isKept(String requestId, String messageId) {
        return storage.isConfigured()
                && OnboardingRequest.ID.matcher(requestId).matches()
                && OnboardingRequest.ID.matcher(messageId).matches();
    }

    /**
     * Keeps a result that is published.
     *
     * @param before what was looked up earlier, if it was
     * @throws TransientException when it is an end and could not be kept now: whoever waits for it must find it
     */
    public void keep(String messageId, JsonNode result, Optional<Before> before) {
        String requestId = result.path("requestId").asText();
        if (!isKept(requestId, messageId)) {
            return;
        }
        try {
            write(name(requestId, messageId), result, before);
        } catch (PermanentException e) {
            // A bucket that cannot be written must not keep anybody from their key.
            LOG.warnf(
                    "the newest result of %s is not kept: %s",
                    requestId, e.finding().message());
        } catch (TransientException e) {
            if (isEnd(result)) {
                throw e;
            }
            LOG.warnf("the newest result of %s is not kept: %s", requestId, e.getMessage());
        }
    }

    private void write(String name, JsonNode result, Optional<Before> before) {
        String json = Json.written(result);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<StoredObject> found =
                    before.isPresent() && attempt == 0 ? before.get().kept() : storage.read(name);
            boolean done = found.isPresent()
                    ? !isNewer(result, Json.tree(found.get().text()))
                            || storage.replace(
                                    name, MediaKind.JSON, json, found.get().generation())
                    : storage.create(name, MediaKind.JSON, json);
            if (done) {
                return;
            }
        }
        throw new TransientException(Reason.BUSY, "other instances are writing " + name, null);
    }

    /** Whether a result takes the place of one that is kept; what is not JSON was not written by us and keeps nothing out. */
    private static boolean isNewer(JsonNode next, JsonNode kept) {
        if (isEnd(kept)) {
            return isEnd(next) && next.has("supersedes") && !next.equals(kept);
        }
        return isEnd(next)
                || next.path("occurredAt")
                                .asText()
                                .compareTo(kept.path("occurredAt").asText())
                        > 0;
    }

    private static boolean isEnd(JsonNode result) {
        return Status.isTerminal(result.path("status").asText());
    }
}
