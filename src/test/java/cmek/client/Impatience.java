package cmek.client;

import cmek.client.http.GoogleHttp;
import cmek.client.http.RestClients;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Lets all clients wait a moment only. Whoever hopes for an answer must not be in such a hurry. */
@Alternative
@Singleton
public class Impatience {

    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Produces
    @Singleton
    GoogleHttp googleHttp() {
        return new GoogleHttp(PATIENCE);
    }

    @Produces
    @Singleton
    RestClients restClients(TlsConfigurationRegistry tls) {
        return new RestClients(tls, PATIENCE, PATIENCE, PATIENCE);
    }
}
