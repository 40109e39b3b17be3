package cmek.simulation;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What people are going to do. */
final class Agenda {

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparing(Entry::number));
    private long number;

    private record Entry(Instant due, long number, Runnable act) {}

    void add(Instant due, Runnable act) {
        entries.add(new Entry(due, number++, act));
    }

    /** Does the first that is due; false when none is. */
    boolean act(Instant now) {
        Entry first = entries.peek();
        if (first == null || first.due().isAfter(now)) {
            return false;
        }
        entries.remove();
        first.act().run();
        return true;
    }

    /** When the first is due. */
    @Nullable
    Instant nextDue() {
        Entry first = entries.peek();
        return first == null ? null : first.due();
    }
}
