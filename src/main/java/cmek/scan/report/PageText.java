package cmek.scan.report;

import cmek.finding.Actor;
import cmek.result.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, times and names as the page writes them. */
final class PageText {

    private static final DateTimeFormatter DAY = time("EEEE d MMMM uuuu, HH:mm 'UTC'");
    private static final DateTimeFormatter MINUTE = time("d MMM uuuu, HH:mm 'UTC'");

    private PageText() {}

    static String day(Instant instant) {
        return DAY.format(instant);
    }

    static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    static String number(int number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    /** {@code 1 key}, {@code 2 keys}. */
    static String number(int number, String one) {
        return number(number) + " " + one + (number == 1 ? "" : "s");
    }

    static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** How long it is from one time to a later one, in the largest unit. */
    static String span(Instant from, Instant to) {
        Duration span = Duration.between(from, to);
        if (span.compareTo(Duration.ofMinutes(1)) < 0) {
            return "less than a minute";
        }
        if (span.toHours() < 1) {
            return number((int) span.toMinutes(), "minute");
        }
        return span.toDays() < 1
                ? number((int) span.toHours(), "hour")
                : number((int) Math.min(span.toDays(), Integer.MAX_VALUE), "day");
    }

    static String who(Actor actor) {
        return switch (actor) {
            case REQUESTER -> "whoever sent the request";
            case KEY_OWNER -> "the owner of the key";
            case OPERATOR -> "the operator of this service";
            case ORGANIZATION_ADMIN -> "an administrator of the Google Cloud organization";
            case ANTHROPIC_ADMIN -> "an administrator in Anthropic's Console";
            case NOBODY -> "nobody";
        };
    }

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }
}
