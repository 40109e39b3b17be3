package cmek.function;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The headers of a push, and its size. Compiled only where the functions are an HTTP service. */
@Singleton
final class RequestHeaders implements IncomingHeaders {

    private final CurrentVertxRequest request;

    @Inject
    RequestHeaders(CurrentVertxRequest request) {
        this.request = request;
    }

    @Override
    public Optional<String> header(String name) {
        return current().map(context -> context.request().getHeader(name));
    }

    @Override
    public Optional<Long> bytesOfCutBody() {
        return current().map(context -> context.get(RequestBodies.CUT));
    }

    private Optional<RoutingContext> current() {
        return Arc.container().requestContext().isActive()
                ? Optional.ofNullable(request.getCurrent())
                : Optional.empty();
    }
}
