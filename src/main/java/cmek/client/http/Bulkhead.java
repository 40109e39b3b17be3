package cmek.client.http;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many calls of this process are under way to one outside API. Others wait their turn for a while and are then put
 * off: what is slow outside fills neither the process with waiting calls nor the other side's queue. All clients to one
 * APIs share one.
 */
public final class Bulkhead {

    /** Longer than a call usually takes, and short beside the time that a function has. */
    private static final Duration WAITED_AT_MOST = Duration.ofSeconds(5);

    private final String apis;
    private final int atMost;
    private final Duration patience;
    private final Semaphore free;

    /**
     * For one outside API.
     *
     * @param apis its name, for whoever reads why a call was put off
     * @param atMost calls at a time
     */
    public Bulkhead(String apis, int atMost) {
        this(apis, atMost, WAITED_AT_MOST);
    }

    Bulkhead(String apis, int atMost, Duration patience) {
        this.apis = apis;
        this.atMost = atMost;
        this.patience = patience;
        this.free = new Semaphore(atMost, true);
    }

    /** A call, and the one checked exception it may end in. */
    @FunctionalInterface
    public interface Call<T, E extends Exception> {
        T make() throws E;
    }

    /**
     * Makes a call in its turn.
     *
     * @throws TransientException when no turn came; the call was not made
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
            if (free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new TransientException(
                        Reason.QUOTA_EXHAUSTED, atMost + " calls to " + apis + " are under way already", null)
                .turnedAway();
    }
}
