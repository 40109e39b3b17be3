package cmek.client.anthropic;

import cmek.onboarding.UnavailableException;
import java.util.List;
import java.util.Optional;

/**
 * A list that came in pages, and whether it is whole.
 *
 * @param unreadable one entry for each item that cannot be read: its id, as far as it has one
 * @param interrupted why the pages after these could not be had; empty when all were
 */
public record Listing<T>(List<T> items, List<String> unreadable, Optional<UnavailableException> interrupted) {

    public Listing {
        items = List.copyOf(items);
        unreadable = List.copyOf(unreadable);
    }

    /** A list of which nothing is missing. */
    public static <T> Listing<T> whole(List<T> items) {
        return new Listing<>(items, List.of(), Optional.empty());
    }

    /** Whether every item is here. */
    public boolean isWhole() {
        return unreadable.isEmpty() && interrupted.isEmpty();
    }

    /**
     * The items, when no page is missing.
     *
     * @throws UnavailableException when one is
     */
    List<T> allPages() {
        interrupted.ifPresent(cause -> {
            throw cause;
        });
        return items;
    }
}
