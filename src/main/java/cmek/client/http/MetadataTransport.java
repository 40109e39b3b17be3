package cmek.client.http;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes the requests of Google's authentication library to the metadata server at the configured URL, with the limits of
 * time and size that all calls to Google have.
 */
final class MetadataTransport extends HttpTransport {

    static final String OPERATION = "GET identity of the metadata server";

    /** On a finer level it logs the content of an answer, and that is a token. Held, because levels are lost otherwise. */
    private static final Logger CONTENT = Logger.getLogger(HttpTransport.class.getName());

    static {
        CONTENT.setLevel(Level.INFO);
    }

    private final GoogleHttp http;
    private final String base;

    /** One token is enough for all callers, so one call at a time. This server's errors are pages, and there are no credentials. */
    private final GoogleRest rest = new GoogleRest("the metadata server", 1, () -> {}, body -> true);

    MetadataTransport(GoogleHttp http, URI url) {
        this.http = http;
        this.base = GoogleHttp.base(url);
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
        // The library takes the server's address from an environment variable, or the usual one.
        return new Request(
                http.requests().buildGetRequest(new GenericUrl(base + new GenericUrl(url).buildRelativeUrl())));
    }

    private final class Request extends LowLevelHttpRequest {

        private final HttpRequest request;

        Request(HttpRequest request) {
            this.request = request;
        }

        @Override
        public void addHeader(String name, String value) {
            request.getHeaders().set(name, List.of(value));
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            // The buffer of a connection that is kept open would keep the token.
            request.getHeaders().set("Connection", "close");
            try {
                HttpAnswer answer = rest.attempt(OPERATION, () -> http.send(request));
                return new MockLowLevelHttpResponse()
                        .setStatusCode(answer.status())
                        .setContent(answer.bytes());
            } catch (GoogleRest.Failed e) {
                throw new IOException(e);
            }
        }
    }
}
