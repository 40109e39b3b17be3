package cmek.client.http;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Until when the event that a thread works on must be answered. Each call, each wait for another call and each retry ends
 * by then, however patient it would be otherwise; so an event is answered in time even if all APIs are slow.
 *
 * <p>A thread of a pool does not know it by itself: wrap the work that is handed to it.
 */
public final class Deadline {

    private static final ThreadLocal<@Nullable Limit> LIMIT = new ThreadLocal<>();

    /** The limit of an event, or a shorter one within it. */
    private static final class Limit {

        /** By {@link System#nanoTime}, which no change of the clock moves. */
        private final long end;

        private final @Nullable Limit outer;
        private volatile boolean answered;

        Limit(long end, @Nullable Limit outer) {
            this.end = end;
            this.outer = outer;
        }

        boolean isAnswered() {
            return answered || (outer != null && outer.isAnswered());
        }

        Duration left(long now) {
            return isAnswered() ? Duration.ZERO : Duration.ofNanos(Math.max(0, end - now));
        }
    }

    private Deadline() {}

    /** Does work whose calls must end within a limit; within the remaining time of a limit that is set already. */
    public static <T> T within(Duration limit, Supplier<T> work) {
        Limit before = LIMIT.get();
        Limit mine = new Limit(System.nanoTime() + atMost(limit).toNanos(), before);
        set(mine);
        try {
            return work.get();
        } finally {
            set(before);
            // What was begun for this and is still going on, nobody waits for any more.
            mine.answered = before == null;
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
        Limit event = LIMIT.get();
        if (event == null) {
            return limit;
        }
        Duration left = event.left(System.nanoTime());
        return left.compareTo(limit) < 0 ? left : limit;
    }

    /** Whether the event's time is used up. */
    public static boolean isOver() {
        return atMost(Duration.ofNanos(1)).isZero();
    }

    /** The same work, with the deadline of the thread that wraps it. */
    public static <T> Supplier<T> wrap(Supplier<T> work) {
        Limit event = LIMIT.get();
        return () -> {
            if (event != null && event.isAnswered()) {
                throw new CancellationException("the event is answered");
            }
            Limit before = LIMIT.get();
            set(event);
            try {
                return work.get();
            } finally {
                set(before);
            }
        };
    }

    private static void set(@Nullable Limit limit) {
        if (limit == null) {
            LIMIT.remove();
        } else {
            LIMIT.set(limit);
        }
    }
}
