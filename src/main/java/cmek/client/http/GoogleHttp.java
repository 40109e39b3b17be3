package cmek.client.http;

import cmek.logging.LogContext;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.api.gax.rpc.UnaryCallSettings;
import io.quarkus.arc.DefaultBean;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What Google's own clients share: their base URLs, timeouts and threads. Every call of theirs is sent here, and ends in
 * time whatever the other side does: a call that takes too long is abandoned, and its connection closed.
 */
@Singleton
@DefaultBean
public final class GoogleHttp {

    /** From the first byte of a request to the last byte of its answer, connecting included. */
    public static final Duration REQUEST_AT_MOST = Duration.ofSeconds(10);

    /** What is sent may be tens of megabytes, generated while it is sent. */
    private static final int TIMES_LONGER_TO_SEND = 6;

    private static final long IDLE_SECONDS = 10;

    private final Duration atMost;
    private final HttpRequestFactory requests;
    private final HttpTransport transport;

    /**
     * As many threads as calls are in progress, which {@link Bulkhead} limits; by default each client would have fifty a
     * core. They log with the labels of the function that makes the call.
     */
    private final ExecutorService threads;

    @Inject
    GoogleHttp() {
        this(REQUEST_AT_MOST);
    }

    /** With another timeout, for tests. */
    public GoogleHttp(Duration atMost) {
        this(
                atMost,
                new NetHttpTransport.Builder()
                        .setConnectionFactory(new Connections())
                        .build(),
                new LabelledThreads(named("cmek-google-")));
    }

    /** Over another transport and with threads of its own, for tests. */
    GoogleHttp(Duration atMost, HttpTransport wire, ExecutorService threads) {
        this.atMost = atMost;
        this.requests = wire.createRequestFactory(this::asWeSend);
        this.transport = new BoundedTransport(requests, atMost, this::send);
        this.threads = threads;
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** A channel to a base URL, {@code http://} included. */
    public InstantiatingHttpJsonChannelProvider channel(InstantiatingHttpJsonChannelProvider.Builder builder, URI url) {
        // On the caller's own thread, which knows the deadline and waits anyway.
        return builder.setEndpoint(base(url))
                .setHttpTransport(transport)
                .setExecutor(Runnable::run)
                .build();
    }

    /** How any client of Google's sends. */
    HttpTransport transport() {
        return transport;
    }

    /** A base URL without the slash that may end it. */
    public static String base(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** A channel that sends nothing; a client receives this JSON as the answer to every request. */
    public InstantiatingHttpJsonChannelProvider disconnectedChannel(
            InstantiatingHttpJsonChannelProvider.Builder builder, String answer) {
        MockHttpTransport nowhere = new MockHttpTransport.Builder()
                .setLowLevelHttpResponse(new MockLowLevelHttpResponse()
                        .setContentType("application/json")
                        .setContent(answer))
                .build();
        return builder.setEndpoint("http://localhost")
                .setHttpTransport(nowhere)
                .setExecutor(Runnable::run)
                .build();
    }

    /**
     * The clients' own retries are switched off: only {@link Retry} retries. Their own timeout is longer than that of
     * {@link #send}, because it does not end a call whose answer comes slowly.
     */
    public @Nullable Void timeOut(UnaryCallSettings.Builder<?, ?> call) {
        call.setSimpleTimeoutNoRetriesDuration(atMost.multipliedBy(2));
        return null;
    }

    /**
     * Creates requests to an API for which there is no Google client here, on the HTTP client that those use: it is
     * loaded anyway as soon as something is published. They are for {@link #send}.
     */
    public HttpRequestFactory requests() {
        return requests;
    }

    private void asWeSend(HttpRequest request) {
        int millis = Math.toIntExact(atMost.toMillis());
        request.setConnectTimeout(Math.min(millis, Math.toIntExact(RestClients.CONNECT_AT_MOST.toMillis())))
                .setReadTimeout(millis)
                .setNumberOfRetries(0)
                .setFollowRedirects(false)
                // The caller decides what an error means.
                .setThrowExceptionOnExecuteError(false)
                // What is unpacked may be of any size, and nothing packed is asked for.
                .setResponseReturnRawInputStream(true)
                // It would log headers and bodies, a credential among them.
                .setLoggingEnabled(false)
                .setCurlLoggingEnabled(false)
                .setSuppressUserAgentSuffix(true);
        request.getHeaders().setUserAgent(RestClients.USER_AGENT).setAcceptEncoding(null);
    }

    /**
     * Sends a request and reads the answer, up to a size limit. A request with a body of unlimited size has six times as
     * long; none has longer than its event.
     *
     * @throws IOException when there was no answer in time, or not all of it: refused, reset, timed out
     */
    public HttpAnswer send(HttpRequest request) throws IOException {
        return send(request, HttpAnswer.BYTES_AT_MOST);
    }

    /**
     * The same for an answer that may be large.
     *
     * @param bytesAtMost what is longer is cut off
     * @throws IOException when there was no answer in time, or not all of it: refused, reset, timed out
     */
    public HttpAnswer send(HttpRequest request, int bytesAtMost) throws IOException {
        return send(
                request,
                request.getContent() == null ? atMost : atMost.multipliedBy(TIMES_LONGER_TO_SEND),
                bytesAtMost);
    }

    /**
     * The same with another limit, from connecting to the last byte of the answer.
     *
     * @throws IOException when there was no answer in time, or not all of it: refused, reset, timed out
     */
    HttpAnswer send(HttpRequest request, Duration limit) throws IOException {
        return send(request, limit, HttpAnswer.BYTES_AT_MOST);
    }

    private HttpAnswer send(HttpRequest request, Duration limit, int bytesAtMost) throws IOException {
        Duration left = Deadline.atMost(limit);
        if (left.isZero()) {
            throw new IOException(HttpAnswer.NO_TIME_LEFT);
        }
        // Neither a name server nor a peer that takes nothing or answers byte by byte can be interrupted: the thread is
        // abandoned, and its connection closed under it.
        Connections.Held held = new Connections.Held();
        Future<HttpAnswer> answer =
                threads.submit(Connections.holding(held, () -> HttpAnswer.to(request, bytesAtMost)));
        try {
            return answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(HttpAnswer.names(Objects.requireNonNull(e.getCause())));
        } catch (TimeoutException e) {
            abandon(answer, held);
            throw new IOException(HttpAnswer.names(e));
        } catch (InterruptedException e) {
            abandon(answer, held);
            Thread.currentThread().interrupt();
            throw new IOException(HttpAnswer.names(e));
        }
    }

    private void abandon(Future<HttpAnswer> answer, Connections.Held held) {
        answer.cancel(true);
        threads.execute(held::close);
    }

    /** How long a call may take in total. */
    public Duration atMost() {
        return atMost;
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }

    /** As many threads as are needed; each logs with the labels of the function that gave it its work. */
    private static final class LabelledThreads extends ThreadPoolExecutor {

        LabelledThreads(ThreadFactory threads) {
            super(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
        }

        @Override
        public void execute(Runnable work) {
            super.execute(LogContext.wrap(work));
        }
    }
}
