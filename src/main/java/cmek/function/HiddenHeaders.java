package cmek.function;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Google's functions runtime hands over an event and keeps the request to itself. */
@Singleton
@DefaultBean
final class HiddenHeaders implements IncomingHeaders {

    @Override
    public Optional<String> header(String name) {
        return Optional.empty();
    }
}
