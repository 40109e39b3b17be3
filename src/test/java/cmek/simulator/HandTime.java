package cmek.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Time moved by hand: nothing happens until a test says how long it waits. */
final class HandTime implements InstantSource, PubSubSimulator.Later {

    private record Due(Instant at, long order, Runnable task) {}

    private final List<Due> waiting = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T08:00:00Z");
    private long ordered;

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized void after(Duration delay, Runnable task) {
        waiting.add(new Due(now.plus(delay), ordered++, task));
        notifyAll();
    }

    /** Does what is due now, and what becomes due by it. */
    void settle() {
        pass(Duration.ZERO);
    }

    /** Lets time pass, doing everything at its own moment. */
    void pass(Duration duration) {
        Instant until = instant().plus(duration);
        for (Optional<Due> next = next(until); next.isPresent(); next = next(until)) {
            next.get().task().run();
        }
        synchronized (this) {
            now = until;
        }
    }

    /** Waits, in real time, until another thread has asked for something to happen later. */
    synchronized void awaitSomeoneWaiting() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait(10_000);
        }
    }

    private synchronized Optional<Due> next(Instant until) {
        Optional<Due> next = waiting.stream()
                .filter(due -> !due.at().isAfter(until))
                .min(Comparator.comparing(Due::at).thenComparingLong(Due::order));
        next.ifPresent(due -> {
            waiting.remove(due);
            if (due.at().isAfter(now)) {
                now = due.at();
            }
        });
        return next;
    }
}
