package cmek.client.anthropic;

import cmek.finding.TransientException;
import java.util.List;
import java.util.Optional;

/**
 * A list that came in pages, as far as they could be read.
 *
 * @param unreadable one entry for each item that cannot be read: its id, as far as it has one
 * @param interrupted why the rest of the pages could not be read; empty when all were
 */
public record Listing<T>(List<T> items, List<String> unreadable, Optional<TransientException> interrupted) {

    public Listing {
        items = List.copyOf(items);
        unreadable = List.copyOf(unreadable);
    }

    /** Whether nothing is missing. */
    public boolean isComplete() {
        return unreadable.isEmpty() && interrupted.isEmpty();
    }
}
