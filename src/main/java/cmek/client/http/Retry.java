package cmek.client.http;

import cmek.finding.TransientException;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The one place where a call is retried at once: a few times, with exponential backoff and full jitter, honouring the
 * delay that the other side asks for, and within the time of the event. Only for calls that may be repeated. What takes longer than seconds is left to
 * the redelivery of the event, because waiting inside a function is expensive.
 */
@Singleton
@DefaultBean
public final class Retry {

    /** The only way in which anything here waits. */
    public static final Sleeper SLEEPING = duration -> Thread.sleep(duration.toMillis());

    private static final int ATTEMPTS = 3;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration WAITED_AT_MOST = Duration.ofSeconds(5);

    private final Sleeper pause;
    private final DoubleSupplier random;

    @Inject
    public Retry() {
        this(SLEEPING, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** With another way to wait and another source of random numbers, for tests. */
    public Retry(Sleeper pause, DoubleSupplier random) {
        this.pause = pause;
        this.random = random;
    }

    /**
     * Makes a call that may be repeated.
     *
     * @throws TransientException of the last attempt, or at once when the other side asks for a longer wait than a
     *     function can afford
     */
    public <T> T repeatable(Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (TransientException e) {
                Duration wait = e.retryAfter().orElseGet(backoff(attempt));
                if (attempt == ATTEMPTS
                        || wait.compareTo(WAITED_AT_MOST) > 0
                        || wait.compareTo(Deadline.atMost(WAITED_AT_MOST)) > 0
                        || Deadline.isOver()) {
                    throw e;
                }
                waitFor(wait, e);
            }
        }
    }

    /**
     * Asks once more after a while where the first answer may be due to chance.
     *
     * @param lasting whether an answer counts at once
     * @throws TransientException of either attempt
     */
    public <T> T onceMore(Supplier<T> question, Predicate<T> lasting, Duration after) {
        T first = question.get();
        if (lasting.test(first)) {
            return first;
        }
        try {
            pause.pause(after);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return first;
        }
        return question.get();
    }

    private Supplier<Duration> backoff(int attempt) {
        return () -> {
            long ceiling = FIRST_BACKOFF.toMillis() << (2 * (attempt - 1));
            return Duration.ofMillis((long) (ceiling * random.getAsDouble()));
        };
    }

    private void waitFor(Duration wait, TransientException cause) {
        try {
            pause.pause(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }
}
