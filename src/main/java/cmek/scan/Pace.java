package cmek.scan;

import cmek.client.http.Pause;
import cmek.finding.Reason;
import cmek.finding.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * Keeps the reads of Cloud KMS within a rate: each look at a key is given the next free moment, evenly spaced. A moment
 * that is far away is not waited for; the message is delivered again later.
 */
final class Pace {

    private static final Duration WAITED_AT_MOST = Duration.ofSeconds(20);

    private final OptionalInt readsPerMinute;
    private final Clock clock;
    private final Pause pause;
    private Instant free = Instant.MIN;

    Pace(OptionalInt readsPerMinute, Clock clock, Pause pause) {
        this.readsPerMinute = readsPerMinute;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Waits until that many reads may be made.
     *
     * @throws UnavailableException when that is not soon
     */
    void before(int reads) {
        if (readsPerMinute.isEmpty()) {
            return;
        }
        Duration wait = reserve(Duration.ofMinutes(1).multipliedBy(reads).dividedBy(readsPerMinute.getAsInt()));
        if (!wait.isZero()) {
            try {
                pause.pause(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw later();
            }
        }
    }

    private synchronized Duration reserve(Duration length) {
        Instant now = clock.instant();
        Instant moment = free.isAfter(now) ? free : now;
        Duration wait = Duration.between(now, moment);
        if (wait.compareTo(WAITED_AT_MOST) > 0) {
            throw later();
        }
        free = moment.plus(length);
        return wait;
    }

    private static UnavailableException later() {
        return new UnavailableException(
                Reason.QUOTA_EXHAUSTED, "the reads of Cloud KMS that this minute allows are used up", null);
    }
}
