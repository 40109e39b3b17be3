package cmek.onboarding.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.StoredObject;
import cmek.finding.PermanentException;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.Json;
import cmek.model.SafeText;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Every onboarding has one end, however often its messages are delivered and wherever they end up: the first that is
 * written into the evidence bucket. All others publish that one again, under the same {@code ce-id}.
 *
 * <pre>
 * onboardings/DEDUPLICATION_KEY/end.json    how it ended; written once
 * onboardings/DEDUPLICATION_KEY/causes/…    why a step of it was retried, by the time of it
 * </pre>
 */
@Singleton
public final class TerminalResults {

    private static final Logger LOG = Logger.getLogger(TerminalResults.class);
    private static final int CAUSE = 500;

    private final EvidenceStorage storage;
    private final Clock clock;

    @Inject
    public TerminalResults(EvidenceStorage storage, Clock clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /** How it ended; empty while it has not, or where nothing is remembered. */
    public Optional<TerminalResult> of(String deduplicationKey) {
        String name = end(deduplicationKey);
        return storage.isConfigured() ? storage.read(name).map(stored -> read(name, stored.text())) : Optional.empty();
    }

    /** Ends it, unless it has ended; returns the ending that holds. */
    public TerminalResult end(String deduplicationKey, TerminalResult ending) {
        if (!storage.isConfigured()) {
            return ending;
        }
        String name = end(deduplicationKey);
        try {
            return read(name, EvidenceStorage.keepFirst(storage, name, MediaKind.JSON, Json.written(ending)));
        } catch (PermanentException e) {
            // A bucket that cannot be written must not keep the answer from those who wait for it.
            LOG.warnf(
                    "the end of %s is not kept: %s",
                    deduplicationKey, e.finding().message());
            return ending;
        }
    }

    /** Notes why a step will be retried, for whoever may have to say it in the end. A failure to do so does no harm. */
    public void note(String deduplicationKey, String cause) {
        try {
            if (storage.isConfigured()) {
                // One more object and none replaced, so that most functions need no right to replace any.
                storage.create(
                        causes(deduplicationKey) + clock.millis() + ".txt",
                        MediaKind.TEXT,
                        SafeText.sanitize(cause, CAUSE));
            }
        } catch (TransientException | PermanentException e) {
            // The log has it, and the step will be retried all the same.
        }
    }

    /** Why a step was last retried; an answer without it is better than none. */
    public Optional<String> lastCause(String deduplicationKey) {
        if (!storage.isConfigured()) {
            return Optional.empty();
        }
        try {
            List<String> causes = storage.list(causes(deduplicationKey));
            return causes.isEmpty()
                    ? Optional.empty()
                    : storage.read(causes.get(causes.size() - 1))
                            .map(StoredObject::text)
                            .map(cause -> SafeText.sanitize(cause, CAUSE));
        } catch (PermanentException e) {
            return Optional.empty();
        }
    }

    private static TerminalResult read(String name, String json) {
        try {
            return Json.read(json.getBytes(UTF_8), TerminalResult.class);
        } catch (IOException e) {
            // It has ended, though this release cannot say how: nothing is done a second time.
            throw new PermanentException(RequestFindings.unreadableObject(name, String.valueOf(e.getMessage())));
        }
    }

    private static String end(String deduplicationKey) {
        return "onboardings/" + deduplicationKey + "/end.json";
    }

    /** In names of milliseconds of one length, the last one comes last. */
    private static String causes(String deduplicationKey) {
        return "onboardings/" + deduplicationKey + "/causes/";
    }
}
