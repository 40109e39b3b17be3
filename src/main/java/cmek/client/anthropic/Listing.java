package cmek.client.anthropic;

import cmek.finding.TransientException;
import java.util.List;
import java.util.Optional;

/**
 * How much of a list that comes in pages could be read.
 *
 * @param unreadable one entry for each item that cannot be read: its id, if it has one
 * @param interrupted why the rest of the pages could not be read; empty when all were
 */
public record Listing(List<String> unreadable, Optional<TransientException> interrupted) {

    public Listing {
        unreadable = List.copyOf(unreadable);
    }

    /** Whether nothing is missing. */
    public boolean isWhole() {
        return unreadable.isEmpty() && interrupted.isEmpty();
    }
}
