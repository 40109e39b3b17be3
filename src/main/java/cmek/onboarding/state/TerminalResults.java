package cmek.onboarding.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.finding.PermanentException;
import cmek.finding.RequestFindings;
import cmek.model.Json;
import cmek.model.SafeText;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Every onboarding has one end, however often its messages are delivered and wherever they end up: the first that is
 * written into the store. All others publish that one again, under the same {@code ce-id}.
 */
@Singleton
public final class TerminalResults {

    private static final Logger LOG = Logger.getLogger(TerminalResults.class);
    private static final int CAUSE = 500;

    private final OnboardingStore store;

    @Inject
    public TerminalResults(OnboardingStore store) {
        this.store = store;
    }

    /** How it ended; empty while it has not. */
    public Optional<TerminalResult> of(String deduplicationKey) {
        return store.ending(deduplicationKey).map(json -> read(deduplicationKey, json));
    }

    /** Ends it, unless it has ended; returns the ending that holds. */
    public TerminalResult end(String deduplicationKey, TerminalResult ending) {
        try {
            return read(deduplicationKey, store.end(deduplicationKey, Json.written(ending)));
        } catch (PermanentException e) {
            // A bucket that cannot be written must not keep the answer from those who wait for it.
            LOG.warnf(
                    "the end of %s is not kept: %s",
                    deduplicationKey, e.finding().message());
            return ending;
        }
    }

    /** Notes why a step will be retried. */
    public void note(String deduplicationKey, String cause) {
        store.note(deduplicationKey, SafeText.sanitize(cause, CAUSE));
    }

    /** Why a step was last retried; an answer without it is better than none. */
    public Optional<String> lastCause(String deduplicationKey) {
        try {
            return store.lastCause(deduplicationKey).map(cause -> SafeText.sanitize(cause, CAUSE));
        } catch (PermanentException e) {
            return Optional.empty();
        }
    }

    private static TerminalResult read(String deduplicationKey, String json) {
        try {
            return Json.read(json.getBytes(UTF_8), TerminalResult.class);
        } catch (IOException e) {
            // It has ended, though this release cannot say how: nothing is done a second time.
            throw new PermanentException(RequestFindings.unreadableObject(
                    "onboardings/" + deduplicationKey + "/end.json", String.valueOf(e.getMessage())));
        }
    }
}
