package cmek.sandbox;

import cmek.simulator.PubSubSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Pushes to one of several processes: late, so that messages overtake one another, twice at once, not at all, or in a way
 * that nobody hears the answer of.
 */
final class ChaosDeliverer implements PubSubSimulator.Pusher {

    private static final int NO_ANSWER = -1;
    private static final int LATE_AT_MOST_MILLIS = 400;

    private final List<Host> hosts;
    private final Random dice;
    private final BooleanSupplier quiet;
    private final PubSubSimulator.Pusher http = PubSubSimulator.Pusher.overHttp();
    private final ExecutorService duplicates = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "duplicate");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger pushes = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger doubled = new AtomicInteger();
    private final AtomicInteger unheard = new AtomicInteger();

    /**
     * A deliverer.
     *
     * @param hosts the processes, which are started again when they are killed
     * @param quiet whether it behaves now
     */
    ChaosDeliverer(List<Host> hosts, Random dice, BooleanSupplier quiet) {
        this.hosts = hosts;
        this.dice = dice;
        this.quiet = quiet;
    }

    /** Where a function's subscription pushes to; which process that is, is decided anew for each push. */
    URI urlOf(String function) {
        return URI.create("http://functions.invalid/" + function);
    }

    @Override
    public int push(URI endpoint, String json, Duration deadline) {
        pushes.incrementAndGet();
        if (quiet.getAsBoolean()) {
            return pushed(endpoint, json, deadline);
        }
        int fate = dice.nextInt(100);
        if (fate < 3) {
            dropped.incrementAndGet();
            return NO_ANSWER;
        }
        later();
        if (fate < 10) {
            doubled.incrementAndGet();
            var unused = CompletableFuture.runAsync(() -> pushed(endpoint, json, deadline), duplicates);
        }
        int status = pushed(endpoint, json, deadline);
        if (fate > 95) {
            unheard.incrementAndGet();
            return NO_ANSWER;
        }
        return status;
    }

    private void later() {
        try {
            TimeUnit.MILLISECONDS.sleep(dice.nextInt(LATE_AT_MOST_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int pushed(URI endpoint, String json, Duration deadline) {
        try {
            return http.push(hosts.get(dice.nextInt(hosts.size())).url().resolve(endpoint.getPath()), json, deadline);
        } catch (IllegalStateException e) {
            // Killed before it listened.
            return NO_ANSWER;
        }
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("pushes", pushes);
        figures.put("  dropped", dropped);
        figures.put("  doubled", doubled);
        figures.put("  done, but not acknowledged", unheard);
        return figures;
    }
}
