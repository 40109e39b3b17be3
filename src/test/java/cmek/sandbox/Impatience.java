package cmek.sandbox;

import cmek.client.http.GoogleHttp;
import cmek.client.http.RestClients;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The patience of {@link UnderFaults}. */
@Alternative
@Singleton
public class Impatience {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

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
