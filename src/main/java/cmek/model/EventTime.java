package cmek.model;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** The time at which something is said to have happened. */
public final class EventTime {

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private static final DateTimeFormatter THREE_DECIMALS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private EventTime() {}

    /** {@code 2026-11-23T02:00:00.000Z}: all with three decimals, so that their text sorts as they do. */
    public static String written(Instant instant) {
        return THREE_DECIMALS.format(instant);
    }

    /** Whether something may have happened then; a plausible time does not overflow when a duration is added to it. */
    public static boolean isPlausible(Instant instant) {
        return !instant.isBefore(EARLIEST) && instant.isBefore(LATEST);
    }
}
