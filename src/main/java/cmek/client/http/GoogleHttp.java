package cmek.client.http;

import cmek.logging.LogContext;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
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

/** What Google's own clients share: their base URLs, timeouts and threads. */
@Singleton
@DefaultBean
public final class GoogleHttp {

    /** From the first byte of a request to the last byte of its answer, connecting included. */
    public static final Duration REQUEST_AT_MOST = Duration.ofSeconds(10);

    /** What is sent may be tens of megabytes, generated while it is sent. */
    private static final int TIMES_LONGER_TO_SEND = 6;

    private static final long IDLE_SECONDS = 10;

    private final Duration atMost;

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
        this.atMost = atMost;
        AtomicInteger number = new AtomicInteger();
        this.threads = new LabelledThreads(work -> {
            Thread thread = new Thread(work, "cmek-google-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A channel to a base URL, {@code http://} included. */
    public InstantiatingHttpJsonChannelProvider channel(InstantiatingHttpJsonChannelProvider.Builder builder, URI url) {
        return builder.setEndpoint(base(url)).setExecutor(threads).build();
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
                .setExecutor(threads)
                .build();
    }

    /** The clients' own retries are switched off: only {@link Retry} retries. */
    public @Nullable Void timeOut(UnaryCallSettings.Builder<?, ?> call) {
        call.setSimpleTimeoutNoRetriesDuration(atMost);
        return null;
    }

    /**
     * Creates requests to an API for which there is no Google client here, on the HTTP client that those use: it is
     * loaded anyway as soon as something is published. They are for {@link #send}.
     */
    public HttpRequestFactory requests() {
        return new NetHttpTransport().createRequestFactory(this::asWeSend);
    }

    private void asWeSend(HttpRequest request) {
        int millis = Math.toIntExact(atMost.toMillis());
        request.setConnectTimeout(Math.min(millis, Math.toIntExact(RestClients.CONNECT_AT_MOST.toMillis())))
                .setReadTimeout(millis)
                .setNumberOfRetries(0)
                .setFollowRedirects(false)
                // The caller decides what an error means.
                .setThrowExceptionOnExecuteError(false)
                // It would log headers and bodies, a credential among them.
                .setLoggingEnabled(false)
                .setCurlLoggingEnabled(false)
                .setSuppressUserAgentSuffix(true);
        request.getHeaders().setUserAgent(RestClients.USER_AGENT).setAcceptEncoding(null);
    }

    /**
     * Sends a request and reads the answer, up to a size limit. A request with a body has six times as long.
     *
     * @throws IOException when there was no answer in time, or not all of it: refused, reset, timed out
     */
    public HttpAnswer send(HttpRequest request) throws IOException {
        // A thread that writes to a server that reads nothing waits until the network gives up, and the write timeout
        // of
        // the client waits for that thread: it is abandoned.
        Future<HttpAnswer> answer = threads.submit(() -> HttpAnswer.to(request));
        try {
            return answer.get(
                    request.getContent() == null ? atMost.toMillis() : TIMES_LONGER_TO_SEND * atMost.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(HttpAnswer.names(Objects.requireNonNull(e.getCause())));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(HttpAnswer.names(e));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(HttpAnswer.names(e));
        }
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
