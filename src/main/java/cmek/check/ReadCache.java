package cmek.check;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What several checks, or the checks of several keys, read once. Whoever asks while it is being read waits for that read.
 * What a read throws is not kept.
 */
final class ReadCache {

    /** Rings, projects and roles; where there are more, all of them are read again. */
    private static final int KEPT_AT_MOST = 10_000;

    private final InstantSource clock;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();

    ReadCache(InstantSource clock) {
        this.clock = clock;
    }

    private static final class Slot {
        private @Nullable Object value;
        private Instant readAt = Instant.MIN;

        synchronized boolean holds(Instant notBefore) {
            return value != null && !readAt.isBefore(notBefore);
        }

        synchronized Object get(Instant notBefore, InstantSource clock, Consumer<Instant> used, Supplier<?> read) {
            Object known = value;
            if (known != null && !readAt.isBefore(notBefore)) {
                used.accept(readAt);
                return known;
            }
            // Taken before the read: a change after this instant may not be in it.
            Instant now = clock.instant();
            Object fresh = read.get();
            value = fresh;
            readAt = now;
            used.accept(now);
            return fresh;
        }
    }

    /**
     * What was read, or is read now.
     *
     * @param name of what is read; one name is always read to one type
     * @param notBefore what was read earlier is read again
     * @param used told when it was read
     */
    @SuppressWarnings("unchecked") // One name, one type.
    <T> T get(String name, Instant notBefore, Consumer<Instant> used, Supplier<T> read) {
        if (slots.size() >= KEPT_AT_MOST) {
            slots.clear();
        }
        return (T) slots.computeIfAbsent(name, unused -> new Slot()).get(notBefore, clock, used, read);
    }

    /** Whether that would be answered without a read. */
    boolean has(String name, Instant notBefore) {
        Slot slot = slots.get(name);
        return slot != null && slot.holds(notBefore);
    }
}
