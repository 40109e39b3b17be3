package cmek.sandbox;

import cmek.client.transport.GoogleHttp;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Google's own clients wait no longer than the REST clients of {@link InBadWeather}. */
@Alternative
@Singleton
public class Impatience {

    @Produces
    @Singleton
    GoogleHttp googleHttp() {
        return new GoogleHttp(Duration.ofMillis(InBadWeather.PATIENCE_MILLIS));
    }
}
