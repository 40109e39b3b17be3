package cmek.client.http;

import io.vertx.core.http.HttpClientRequest;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.client.ClientResponseFilter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.resteasy.reactive.client.impl.ClientRequestContextImpl;
import org.jboss.resteasy.reactive.client.impl.RestClientRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call of a REST client in time. The client's own timeout begins again with each byte of the answer, and an answer
 * that nobody wants to read further would be read to its end, should it have one: here the connection is closed.
 */
final class CallLimit implements ClientRequestFilter, ClientResponseFilter {

    private static final String TIMEOUT = "cmek.timeout";

    private final Duration atMost;
    private final ScheduledExecutorService timer;

    /**
     * For all calls of one client.
     *
     * @param atMost from the first byte of a request to the last byte of its answer, connecting included
     */
    CallLimit(Duration atMost, ScheduledExecutorService timer) {
        this.atMost = atMost;
        this.timer = timer;
    }

    @Override
    public void filter(ClientRequestContext request) {
        RestClientRequestContext call = ((ClientRequestContextImpl) request).getRestClientRequestContext();
        // Asked on the caller's own thread, before the call goes over to others.
        Duration left = Deadline.atMost(atMost);
        request.setProperty(
                TIMEOUT, timer.schedule(() -> close(call), Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS));
    }

    @Override
    public void filter(ClientRequestContext request, ClientResponseContext response) {
        RestClientRequestContext call = ((ClientRequestContextImpl) request).getRestClientRequestContext();
        Future<?> timeout = (Future<?>) request.getProperty(TIMEOUT);
        if (timeout.isDone()) {
            // It came too late to be waited for.
            close(call);
        }
        InputStream entity = response.getEntityStream();
        if (entity == null) {
            timeout.cancel(false);
        } else {
            response.setEntityStream(new Body(entity, call, timeout));
        }
    }

    private static void close(RestClientRequestContext call) {
        HttpClientRequest sent = call.getHttpClientRequest();
        if (sent != null) {
            sent.reset(0, new TimeoutException());
        }
    }

    /** An answer's body; who stops reading before its end closes the connection. */
    private static final class Body extends FilterInputStream {

        private final RestClientRequestContext call;
        private final Future<?> timeout;
        private boolean ended;

        Body(@Nullable InputStream body, RestClientRequestContext call, Future<?> timeout) {
            super(body);
            this.call = call;
            this.timeout = timeout;
        }

        @Override
        public int read() throws IOException {
            return noted(super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return noted(super.read(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            timeout.cancel(false);
            if (!ended) {
                CallLimit.close(call);
            }
            super.close();
        }

        private int noted(int read) {
            ended |= read < 0;
            return read;
        }
    }
}
