package cmek.onboarding.state;

import cmek.finding.PermanentException;
import cmek.model.Json;
import cmek.model.SafeText;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
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

    /** Our own words, of which a result leaves out what it does not need. */
    private static final ObjectReader READER = Json.MAPPER
            .readerFor(TerminalResult.class)
            .without(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private final OnboardingStore store;

    @Inject
    public TerminalResults(OnboardingStore store) {
        this.store = store;
    }

    /** How it ended; empty while it has not. */
    public Optional<TerminalResult> of(String deduplicationKey) {
        return store.ending(deduplicationKey).flatMap(TerminalResults::read);
    }

    /** Ends it, unless it has ended; returns the ending that holds. */
    public TerminalResult end(String deduplicationKey, TerminalResult ending) {
        try {
            return read(store.end(deduplicationKey, Json.written(ending))).orElse(ending);
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

    private static Optional<TerminalResult> read(String json) {
        try {
            return Optional.ofNullable(READER.readValue(json));
        } catch (IOException e) {
            LOG.warn("an ending in the store cannot be read, and counts as none");
            return Optional.empty();
        }
    }
}
