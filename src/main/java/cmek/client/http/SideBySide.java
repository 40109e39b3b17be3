package cmek.client.http;

import cmek.config.CmekConfig;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.logging.LogContext;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Makes independent calls side by side. What they mean is for whoever collects them, in an order of its own, so that an
 * answer never depends on which call was the fastest.
 *
 * <p>The {@link Bulkhead} of each API limits how many calls are made at a time. Here are as many threads as all of them
 * together let through, and whoever waits for work that no thread has taken up does it itself: so work may begin other work
 * and wait for it. What nobody has taken up when its event is answered is not done at all.
 */
@Singleton
public final class SideBySide {

    /** Pub/Sub, Cloud Storage, the Admin API, and Google's five for keys and projects. */
    private static final int APIS = 8;

    private final Executor executor;
    private final Runnable end;

    @Inject
    public SideBySide(CmekConfig config) {
        this(APIS * config.concurrency());
    }

    private SideBySide(int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "cmek-call-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        ExecutorService service = pool;
        this.executor = service;
        this.end = service::shutdownNow;
    }

    /**
     * With another executor, for tests: one that runs all work at once makes the order plain, and with one that runs none
     * it is done when it is waited for.
     */
    public SideBySide(Executor executor) {
        this.executor = executor;
        this.end = () -> {};
    }

    /**
     * Begins work, which logs with the caller's labels and ends by the caller's deadline; the supplier waits for it, and
     * throws what it threw.
     */
    public <T> Supplier<T> begin(Supplier<T> work) {
        FutureTask<T> task = started(work);
        return () -> outcome(task);
    }

    private <T> FutureTask<T> started(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(Deadline.wrap(work)::get);
        executor.execute(LogContext.wrap(task));
        return task;
    }

    /** Does both, side by side, and throws what one of them threw. */
    public void both(Runnable one, Runnable other) {
        FutureTask<Boolean> begun = started(() -> {
            one.run();
            return true;
        });
        other.run();
        outcome(begun);
    }

    /** Does work now; the supplier gives what came of it as often as it is asked, or throws that. */
    public static <T> Supplier<T> settle(Supplier<T> work) {
        try {
            T value = work.get();
            return () -> value;
        } catch (PermanentException | TransientException e) {
            return () -> {
                throw e;
            };
        }
    }

    private static <T> T outcome(FutureTask<T> task) {
        // Does nothing where a thread has taken it up.
        task.run();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException(Reason.BUSY, "this process is being stopped", e);
        }
    }

    @PreDestroy
    void close() {
        end.run();
    }
}
