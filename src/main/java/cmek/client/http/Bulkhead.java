package cmek.client.http;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many calls this process makes to one outside API at a time. Further calls wait for a while and are then
 * rejected: a slow API must fill neither the process with waiting calls nor its own queue. All clients of one API share
 * one.
 */
public final class Bulkhead {

    /** Longer than a call usually takes, and short compared with the time that a function has. */
    private static final Duration WAITED_AT_MOST = Duration.ofSeconds(5);

    private final String api;
    private final int atMost;
    private final Duration patience;
    private final Semaphore free;

    /**
     * For one outside API.
     *
     * @param api its name, for whoever reads why a call was rejected
     * @param atMost calls at a time
     */
    public Bulkhead(String api, int atMost) {
        this(api, atMost, WAITED_AT_MOST);
    }

    Bulkhead(String api, int atMost, Duration patience) {
        this.api = api;
        this.atMost = atMost;
        this.patience = patience;
        this.free = new Semaphore(atMost, true);
    }

    /** A call, and the one checked exception it may throw. */
    @FunctionalInterface
    public interface Call<T, E extends Exception> {
        T make() throws E;
    }

    /**
     * Makes a call as soon as the limit permits it.
     *
     * @throws TransientException when the limit was reached; the call was not made
     */
    public <T, E extends Exception> T within(Call<T, E> call) throws E {
        enter();
        try {
            return call.make();
        } finally {
            free.release();
        }
    }

    private void enter() {
        try {
            if (free.tryAcquire(Deadline.atMost(patience).toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new TransientException(
                        Reason.BUSY,
                        "local limit of " + atMost + (atMost == 1 ? " concurrent call to " : " concurrent calls to ")
                                + api + " reached",
                        null)
                .turnedAway();
    }
}
