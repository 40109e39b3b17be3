package cmek.client.http;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP transport of Google's own clients. Their timeouts begin again with each byte, and they read and unpack any
 * amount; here every call is sent by {@link GoogleHttp}, which limits both.
 */
final class BoundedTransport extends HttpTransport {

    /** The headers of an answer that Google's clients or ours read. */
    private static final List<String> READ =
            List.of("content-type", "retry-after", "metadata-flavor", GoogleRest.REQUEST_ID);

    private final HttpRequestFactory requests;
    private final Duration usually;
    private final Sender sender;

    /** Sends a request and reads the answer within a time. */
    @FunctionalInterface
    interface Sender {
        HttpAnswer send(HttpRequest request, Duration limit) throws IOException;
    }

    /**
     * Sends by other means.
     *
     * @param usually how long a call may take whose client asks for nothing less
     */
    BoundedTransport(HttpRequestFactory requests, Duration usually, Sender sender) {
        this.requests = requests;
        this.usually = usually;
        this.sender = sender;
    }

    @Override
    public boolean supportsMethod(String method) throws IOException {
        return requests.getTransport().supportsMethod(method);
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new Request(method, url);
    }

    private final class Request extends LowLevelHttpRequest implements HttpContent {

        private final String method;
        private final String url;
        private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private Duration atMost = usually;

        Request(String method, String url) {
            this.method = method;
            this.url = url;
        }

        @Override
        public void addHeader(String name, String value) {
            headers.computeIfAbsent(name, added -> new ArrayList<>()).add(value);
        }

        /** A client that wants its answer sooner gets it sooner, or not at all. */
        @Override
        public void setTimeout(int connectMillis, int readMillis) {
            Duration wanted = Duration.ofMillis((long) connectMillis + readMillis);
            if (connectMillis > 0 && readMillis > 0 && wanted.compareTo(atMost) < 0) {
                atMost = wanted;
            }
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            // A compressed answer may be of any size, so none is asked for.
            headers.remove("accept-encoding");
            HttpRequest request = requests.buildRequest(
                    method, new GenericUrl(url, true), getStreamingContent() == null ? null : this);
            headers.forEach((name, values) -> request.getHeaders().set(name, values));
            HttpAnswer answer = sender.send(request, atMost);
            MockLowLevelHttpResponse response = new MockLowLevelHttpResponse()
                    .setStatusCode(answer.status())
                    .setContent(answer.bytes());
            for (String name : READ) {
                answer.header(name).ifPresent(value -> response.addHeader(name, value));
            }
            answer.header("content-type").ifPresent(response::setContentType);
            return response;
        }

        // --- what is sent ----------------------------------------------------------------------------------------

        @Override
        public long getLength() {
            return getContentLength();
        }

        @Override
        public @Nullable String getType() {
            return getContentType();
        }

        @Override
        public boolean retrySupported() {
            return false;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            Objects.requireNonNull(getStreamingContent()).writeTo(out);
        }
    }
}
