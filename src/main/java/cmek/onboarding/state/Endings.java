package cmek.onboarding.state;

import cmek.finding.RefusedException;
import cmek.model.Json;
import cmek.model.Text;
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
public final class Endings {

    private static final Logger LOG = Logger.getLogger(Endings.class);
    private static final int CAUSE = 500;

    /** Our own words, of which a result leaves out what it does not need. */
    private static final ObjectReader READER =
            Json.MAPPER.readerFor(Ending.class).without(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private final Ledger ledger;

    @Inject
    public Endings(Ledger ledger) {
        this.ledger = ledger;
    }

    /** How it ended; empty while it has not. */
    public Optional<Ending> of(String origin) {
        return ledger.ending(origin).flatMap(Endings::read);
    }

    /** Ends it, unless it has ended; returns the ending that holds. */
    public Ending end(String origin, Ending ending) {
        try {
            return read(ledger.end(origin, Json.written(ending))).orElse(ending);
        } catch (RefusedException e) {
            // A bucket that cannot be written must not keep the answer from those who wait for it.
            LOG.warnf("the end of %s is not kept: %s", origin, e.finding().message());
            return ending;
        }
    }

    /** Notes why a step is tried again. */
    public void note(String origin, String cause) {
        ledger.note(origin, Text.plain(cause, CAUSE));
    }

    /** Why a step was last tried again; an answer without it is better than none. */
    public Optional<String> lastCause(String origin) {
        try {
            return ledger.lastCause(origin).map(cause -> Text.plain(cause, CAUSE));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    private static Optional<Ending> read(String json) {
        try {
            return Optional.ofNullable(READER.readValue(json));
        } catch (IOException e) {
            LOG.warn("an ending in the ledger cannot be read, and counts as none");
            return Optional.empty();
        }
    }
}
