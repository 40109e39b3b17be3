package cmek.client;

import cmek.client.transport.GoogleHttp;
import cmek.client.transport.RestClients;
import cmek.client.transport.Retry;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets Google's clients wait a moment only, and writes down what would have been waited between two attempts. */
@Alternative
@Singleton
public class Hurry {

    private final List<Duration> waits = new ArrayList<>();

    @Produces
    @Singleton
    GoogleHttp googleHttp() {
        return new GoogleHttp(Duration.ofMillis(500));
    }

    @Produces
    @Singleton
    RestClients restClients(TlsConfigurationRegistry tls) {
        Duration moment = Duration.ofSeconds(1);
        return new RestClients(tls, moment, moment, moment.plusMillis(100));
    }

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
