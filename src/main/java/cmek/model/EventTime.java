package cmek.model;

import java.time.Instant;

/** The time at which something is said to have happened. */
public final class EventTime {

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private EventTime() {}

    /** Whether something may have happened then; a plausible time does not overflow when a duration is added to it. */
    public static boolean isPlausible(Instant instant) {
        return !instant.isBefore(EARLIEST) && instant.isBefore(LATEST);
    }
}
