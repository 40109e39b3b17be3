package cmek.client.http;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Until when the event that a thread works on must be answered. Each call, each wait for another call and each retry ends
 * by then, however patient it would be otherwise; so an event is answered in time even if all APIs are slow.
 *
 * <p>A thread of a pool does not know it by itself: wrap the work that is handed to it.
 */
public final class Deadline {

    /** By {@link System#nanoTime}, which no change of the clock moves. */
    private static final ThreadLocal<@Nullable Long> END = new ThreadLocal<>();

    private Deadline() {}

    /** Does work whose calls must end within a limit; within the remaining time of a limit that is set already. */
    public static <T> T within(Duration limit, Supplier<T> work) {
        Long before = END.get();
        set(System.nanoTime() + atMost(limit).toNanos());
        try {
            return work.get();
        } finally {
            set(before);
        }
    }

    /** The same for work that returns nothing. */
    public static void within(Duration limit, Runnable work) {
        within(limit, () -> {
            work.run();
            return true;
        });
    }

    /** A limit, or what is left of the event's time where that is less; zero when nothing is left. */
    public static Duration atMost(Duration limit) {
        Long end = END.get();
        if (end == null) {
            return limit;
        }
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        return left.compareTo(limit) < 0 ? left : limit;
    }

    /** Whether the event's time is used up. */
    public static boolean isOver() {
        return atMost(Duration.ofNanos(1)).isZero();
    }

    /** The same work, with the deadline of the thread that wraps it. */
    public static <T> Supplier<T> wrap(Supplier<T> work) {
        Long end = END.get();
        return () -> {
            Long before = END.get();
            set(end);
            try {
                return work.get();
            } finally {
                set(before);
            }
        };
    }

    private static void set(@Nullable Long end) {
        if (end == null) {
            END.remove();
        } else {
            END.set(end);
        }
    }
}
