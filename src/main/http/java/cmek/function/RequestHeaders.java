package cmek.function;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The headers of a push. Compiled only where the functions are an HTTP service. */
@Singleton
final class RequestHeaders implements IncomingHeaders {

    private final CurrentVertxRequest request;

    @Inject
    RequestHeaders(CurrentVertxRequest request) {
        this.request = request;
    }

    @Override
    public Optional<String> header(String name) {
        if (!Arc.container().requestContext().isActive()) {
            return Optional.empty();
        }
        RoutingContext current = request.getCurrent();
        return current == null ? Optional.empty() : Optional.ofNullable(current.request().getHeader(name));
    }
}
