package cmek.client.http;

import cmek.logging.LogContext;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Makes independent reads side by side, a few at a time. What they mean is for whoever collects them, in an order of its
 * own, so that an answer never depends on which read was the fastest. A read must not begin another, and may wait only for
 * one that was begun before it.
 */
@Singleton
public final class SideBySide {

    private static final int AT_A_TIME = 8;

    private final Executor executor;
    private final Runnable end;

    @Inject
    public SideBySide() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                AT_A_TIME, AT_A_TIME, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "cmek-read-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        ExecutorService service = pool;
        this.executor = service;
        this.end = service::shutdownNow;
    }

    /** With another executor, for tests: one that runs each read at once makes the order plain. */
    public SideBySide(Executor executor) {
        this.executor = executor;
        this.end = () -> {};
    }

    /** Begins a read, which logs with the caller's labels and ends by the caller's deadline; the supplier waits for it, and throws what it threw. */
    public <T> Supplier<T> begin(Supplier<T> read) {
        CompletableFuture<T> future =
                CompletableFuture.supplyAsync(Deadline.wrap(read), work -> executor.execute(LogContext.wrap(work)));
        return () -> {
            try {
                return future.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        };
    }

    @PreDestroy
    void close() {
        end.run();
    }
}
