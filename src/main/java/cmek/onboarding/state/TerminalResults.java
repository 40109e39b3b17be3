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
 * written into the ledger. All others publish that one again, under the same {@code ce-id}.
 */
@Singleton
public final class TerminalResults {

    private static final Logger LOG = Logger.getLogger(TerminalResults.class);
    private static final int CAUSE = 500;

    /** Our own words, of which a result leaves out what it does not need. */
    private static final ObjectReader READER = Json.MAPPER
            .readerFor(TerminalResult.class)
            .without(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private final OnboardingStore ledger;

    @Inject
    public TerminalResults(OnboardingStore ledger) {
        this.ledger = ledger;
    }

    /** How it ended; empty while it has not. */
    public Optional<TerminalResult> of(String origin) {
        return ledger.ending(origin).flatMap(TerminalResults::read);
    }

    /** Ends it, unless it has ended; returns the ending that holds. */
    public TerminalResult end(String origin, TerminalResult ending) {
        try {
            return read(ledger.end(origin, Json.written(ending))).orElse(ending);
        } catch (PermanentException e) {
            // A bucket that cannot be written must not keep the answer from those who wait for it.
            LOG.warnf("the end of %s is not kept: %s", origin, e.finding().message());
            return ending;
        }
    }

    /** Notes why a step is tried again. */
    public void note(String origin, String cause) {
        ledger.note(origin, SafeText.plain(cause, CAUSE));
    }

    /** Why a step was last tried again; an answer without it is better than none. */
    public Optional<String> lastCause(String origin) {
        try {
            return ledger.lastCause(origin).map(cause -> SafeText.plain(cause, CAUSE));
        } catch (PermanentException e) {
            return Optional.empty();
        }
    }

    private static Optional<TerminalResult> read(String json) {
        try {
            return Optional.ofNullable(READER.readValue(json));
        } catch (IOException e) {
            LOG.warn("an ending in the ledger cannot be read, and counts as none");
            return Optional.empty();
        }
    }
}
