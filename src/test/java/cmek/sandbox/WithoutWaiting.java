package cmek.sandbox;

import cmek.client.http.Retry;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes a call that failed again at once: how long is waited between two attempts is for the tests of {@link Retry}. */
@Alternative
@Singleton
public class WithoutWaiting {

    @Produces
    @Singleton
    Retry retry() {
        return new Retry(wait -> {}, () -> 0);
    }
}
