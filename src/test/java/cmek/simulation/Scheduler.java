package cmek.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lets several tasks run as if side by side, one at a time: whoever runs goes on until it reaches an outside call or waits,
 * and then the dice say who is next. Time passes only where the scheduler says so.
 */
final class Scheduler {

    private final SplittableRandom dice;
    private final ExecutorService threads;
    private final List<Task> tasks = new ArrayList<>();
    private final Semaphore turn = new Semaphore(0);
    private Instant now;
    private @Nullable Task running;

    Scheduler(SplittableRandom dice, ExecutorService threads, Instant begin) {
        this.dice = dice;
        this.threads = threads;
        this.now = begin;
    }

    /** Something that runs until it waits. */
    final class Task {

        final String name;
        final long begun;
        boolean dead;
        private final Semaphore go = new Semaphore(0);
        private @Nullable Thread thread;
        private Instant wakes = now;
        private boolean done;

        private Task(String name, long begun) {
            this.name = name;
            this.begun = begun;
        }
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    int alive() {
        return tasks.size();
    }

    Task running() {
        if (running == null) {
            throw new IllegalStateException("nobody runs");
        }
        return running;
    }

    boolean isSomebodyRunning() {
        return running != null;
    }

    /** Whether the caller is the running task itself and not a helper of it, which the scheduler knows nothing of. */
    boolean isRunning(Thread thread) {
        return thread.equals(running().thread);
    }

    /** Begins a task; it does nothing before its first turn. */
    Task begin(String name, long at, Runnable work) {
        Task task = new Task(name, at);
        tasks.add(task);
        threads.execute(() -> {
            task.thread = Thread.currentThread();
            task.go.acquireUninterruptibly();
            try {
                work.run();
            } finally {
                task.done = true;
                turn.release();
            }
        });
        return task;
    }

    /** Lets one of those that can run have a turn; false when all wait for a later time. */
    boolean step() {
        List<Task> ready =
                tasks.stream().filter(task -> !task.wakes.isAfter(now)).toList();
        if (ready.isEmpty()) {
            return false;
        }
        Task task = ready.get(dice.nextInt(ready.size()));
        running = task;
        task.go.release();
        turn.acquireUninterruptibly();
        running = null;
        if (task.done) {
            tasks.remove(task);
        }
        return true;
    }

    /** When the first of those that wait wakes. */
    @Nullable
    Instant nextWake() {
        return tasks.stream().map(task -> task.wakes).min(Instant::compareTo).orElse(null);
    }

    /** The running task stops here and goes on after some time, when its turn comes. */
    void pause(Duration time) {
        Task task = running();
        task.wakes = now.plus(time);
        turn.release();
        task.go.acquireUninterruptibly();
    }

    /** The time of all who live in this simulation. */
    Clock clock() {
        InstantSource time = this::now;
        return time.withZone(ZoneOffset.UTC);
    }
}
