package cmek.client;

import cmek.client.http.GoogleHttp;
import cmek.client.http.RestClients;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Lets all clients wait only as long as the profile says. Whoever hopes for an answer must not be in a hurry. */
@Alternative
@Singleton
@SuppressWarnings("NullAway.Init") // Quarkus does it.
public class Impatience {

    /** The property by which a profile says how long. */
    public static final String PATIENCE = "test.patience";

    @Inject
    @ConfigProperty(name = PATIENCE)
    Duration patience;

    @Produces
    @Singleton
    GoogleHttp googleHttp() {
        return new GoogleHttp(patience);
    }

    @Produces
    @Singleton
    RestClients restClients(TlsConfigurationRegistry tls) {
        return new RestClients(tls, patience, patience, patience);
    }
}
