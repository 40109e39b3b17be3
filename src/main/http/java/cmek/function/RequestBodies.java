package cmek.function;

import io.quarkus.arc.DefaultBean;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads what is posted: all of it in time, and never more than can be held. Pub/Sub pushes up to fourteen megabytes; a
 * message of ours has some kilobytes. Of a larger one so much is kept that its end can be published under its name; what is
 * no message of Pub/Sub's is refused.
 */
@Singleton
@DefaultBean
class RequestBodies {

    /** How many bytes a body had that was cut. */
    static final String CUT = "cmek.body-bytes";

    /** What Pub/Sub pushes at most, and a little more. */
    private static final long BYTES_AT_MOST = 16L * 1024 * 1024;

    /** Bodies larger than this are counted. */
    private static final int SMALL = 64 * 1024;

    private static final int LARGE_ONES_AT_MOST = 8;

    private static final Duration READ_AT_MOST = Duration.ofSeconds(30);
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;

    private final long patience;
    private final AtomicInteger large = new AtomicInteger();

    @Inject
    RequestBodies() {
        this(READ_AT_MOST);
    }

    RequestBodies(Duration patience) {
        this.patience = patience.toMillis();
    }

    /** Reads the body of a request and lets whoever comes next have it. */
    void read(RoutingContext context) {
        HttpServerRequest request = context.request();
        ((RoutingContextInternal) context).visitHandler(RoutingContextInternal.BODY_HANDLER);
        ShortenedJson body = new ShortenedJson();
        long timer = context.vertx().setTimer(patience, expired -> refuse(context, REQUEST_TIMEOUT));
        boolean[] counted = {false};
        request.exceptionHandler(broken -> context.vertx().cancelTimer(timer));
        context.addEndHandler(ended -> {
            context.vertx().cancelTimer(timer);
            if (counted[0]) {
                large.decrementAndGet();
            }
        });
        request.handler(more -> {
            body.append(more);
            if (body.isTooLarge() || body.bytes() > BYTES_AT_MOST) {
                refuse(context, TOO_LARGE);
            } else if (!counted[0] && body.bytes() > SMALL) {
                counted[0] = true;
                if (large.incrementAndGet() > LARGE_ONES_AT_MOST) {
                    // Pub/Sub delivers it again when others are done.
                    refuse(context, UNAVAILABLE);
                }
            }
        });
        request.endHandler(end -> {
            context.vertx().cancelTimer(timer);
            if (!context.response().ended()) {
                if (body.isCut()) {
                    context.put(CUT, body.bytes());
                }
                ((RoutingContextInternal) context).setBody(body.kept());
                context.next();
            }
        });
        request.resume();
    }

    /** What is still to come is not read. */
    private static void refuse(RoutingContext context, int status) {
        if (!context.response().ended()) {
            context.request().handler(ignored -> {});
            context.response()
                    .setStatusCode(status)
                    .putHeader("connection", "close")
                    .end()
                    .onComplete(sent -> context.request().connection().close());
        }
    }
}
