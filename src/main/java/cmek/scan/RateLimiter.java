package cmek.scan;

import cmek.client.http.Sleeper;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * Keeps the reads of Cloud KMS within a rate: each check of a key is given the next free moment, evenly spaced. Where
 * that is far away nothing waits; the message is delivered again later.
 */
final class RateLimiter {

    private static final Duration WAITED_AT_MOST = Duration.ofSeconds(20);

    private final OptionalInt readsPerMinute;
    private final Clock clock;
    private final Sleeper sleeper;
    private Instant free = Instant.MIN;

    RateLimiter(OptionalInt readsPerMinute, Clock clock, Sleeper sleeper) {
        this.readsPerMinute = readsPerMinute;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Waits until that many reads may be made.
     *
     * @throws TransientException when that is not soon
     */
    void before(int reads) {
        if (readsPerMinute.isEmpty()) {
            return;
        }
        Duration wait = reserve(Duration.ofMinutes(1).multipliedBy(reads).dividedBy(readsPerMinute.getAsInt()));
        if (!wait.isZero()) {
            try {
                sleeper.pause(wait);
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

    private static TransientException later() {
        return new TransientException(Reason.BUSY, "local limit of reads of Cloud KMS per minute reached", null);
    }
}
