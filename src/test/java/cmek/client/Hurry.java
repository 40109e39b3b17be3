package cmek.client;

import cmek.client.http.Retry;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tries again at once, and writes down what would have been waited between two attempts. */
@Alternative
@Singleton
public class Hurry {

    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    @Produces
    @Singleton
    Retry retry() {
        return new Retry(waits::add, () -> 0.5);
    }

    /** The waits since the last time this was asked. */
    public List<Duration> waits() {
        List<Duration> since = List.copyOf(waits);
        waits.clear();
        return since;
    }
}
