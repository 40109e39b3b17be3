package cmek.function;

import cmek.config.CmekConfig;
import io.quarkus.funqy.runtime.FunctionRecorder;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Whom the HTTP service lets in: a POST to a function that this process serves. Funqy alone would run any function, whatever
 * {@code QUARKUS_FUNQY_EXPORT} names, and for a GET too.
 */
@Singleton
final class ExportedFunctionFilter {

    private static final int BEFORE_THE_BODY_IS_READ = Integer.MIN_VALUE;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final Optional<String> serves;
    private final RequestBodies bodies;

    @Inject
    ExportedFunctionFilter(CmekConfig config, RequestBodies bodies) {
        this.bodies = bodies;
        this.serves = config.host().serves();
    }

    void guard(@Observes Router router) {
        router.route().order(BEFORE_THE_BODY_IS_READ).handler(this::admit);
    }

    private void admit(RoutingContext context) {
        // Funqy looks a function up by the path as it was sent, so no other spelling of one can come by.
        if (!isServed(context.request().path())) {
            context.response().setStatusCode(NOT_FOUND).end();
        } else if (!context.request().method().equals(HttpMethod.POST)) {
            context.response()
                    .setStatusCode(METHOD_NOT_ALLOWED)
                    .putHeader("allow", "POST")
                    .end();
        } else {
            bodies.read(context);
        }
    }

    private boolean isServed(String path) {
        String function = path.startsWith("/") ? path.substring(1) : path;
        return FunctionRecorder.registry.matchInvoker(function) != null
                && serves.map(function::equals).orElse(true);
    }
}
