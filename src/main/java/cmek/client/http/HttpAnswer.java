package cmek.client.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response as it came, of any status, read up to a size limit: an answer of ten megabytes of HTML must do no
 * harm.
 */
public final class HttpAnswer {

    /** A page of a hundred registrations is under 64 KiB; little that we request is larger than this many bytes. */
    static final int BYTES_AT_MOST = 4 * 1024 * 1024;

    /** Why a call was not made. */
    static final String NO_TIME_LEFT = "the time of its event is used up";

    private static final int BUFFER = 8 * 1024;

    /** Numbers stay as they were written: what is read here may have to be written back untouched. */
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

    private final int status;
    private final Function<String, Optional<String>> headers;
    private final byte[] body;

    private HttpAnswer(int status, Function<String, Optional<String>> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /**
     * Reads an answer as it comes.
     *
     * @param encoding of its body, as its header says
     * @throws IOException when it does not come whole, or is compressed
     */
    static HttpAnswer of(
            int status,
            Function<String, Optional<String>> headers,
            @Nullable String encoding,
            @Nullable InputStream entity,
            int bytesAtMost)
            throws IOException {
        refuseEncoded(encoding);
        return new HttpAnswer(status, headers, read(entity, bytesAtMost));
    }

    /**
     * Sends a request by Google's HTTP client and reads the answer. Bytes that are not HTTP have no status and are an
     * error.
     */
    static HttpAnswer to(HttpRequest request, int bytesAtMost) throws IOException {
        HttpResponse response = request.execute();
        if (response.getStatusCode() <= 0) {
            throw new ProtocolException();
        }
        boolean whole = false;
        try {
            HttpAnswer answer = of(
                    response.getStatusCode(),
                    name -> Optional.ofNullable(response.getHeaders().getFirstHeaderStringValue(name)),
                    response.getHeaders().getContentEncoding(),
                    response.getContent(),
                    bytesAtMost);
            whole = answer.body.length < bytesAtMost;
            return answer;
        } finally {
            if (!whole) {
                // What is still to come is not read, however much it is.
                response.disconnect();
            }
        }
    }

    /** We never ask for a compressed answer, which may be a thousand times its size. */
    private static void refuseEncoded(@Nullable String encoding) throws IOException {
        if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
            throw new ProtocolException("it is compressed");
        }
    }

    private static byte[] read(@Nullable InputStream entity, int bytesAtMost) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        byte[] body = new byte[Math.min(BUFFER, bytesAtMost)];
        int size = 0;
        while (size < bytesAtMost) {
            if (size == body.length) {
                body = resized(body, Math.min(2 * size, bytesAtMost));
            }
            int some = entity.read(body, size, body.length - size);
            if (some < 0) {
                break;
            }
            size += some;
            if (Thread.currentThread().isInterrupted()) {
                // Whoever waited for it has given up.
                throw new InterruptedIOException();
            }
        }
        return size == body.length ? body : resized(body, size);
    }

    /** Wipes the array that is not used any more: it may hold a token. */
    private static byte[] resized(byte[] bytes, int size) {
        byte[] copy = Arrays.copyOf(bytes, size);
        Arrays.fill(bytes, (byte) 0);
        return copy;
    }

    /** What went wrong underneath, as the names of the exceptions only. */
    static String names(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(8)
                .map(cause -> cause.getClass().getSimpleName())
                .distinct()
                .collect(Collectors.joining(" < "));
    }

    public int status() {
        return status;
    }

    public boolean isSuccess() {
        return status / 100 == 2;
    }

    public Optional<String> header(String name) {
        return headers.apply(name);
    }

    /** How long the other side asks us to wait; only the form in seconds is known to occur. */
    public Optional<Duration> retryAfter() {
        return seconds(header("retry-after"));
    }

    static Optional<Duration> seconds(Optional<String> header) {
        return header.filter(value -> value.matches("[0-9]{1,9}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    /** The body as text. */
    public String body() {
        return new String(body, UTF_8);
    }

    /** The body itself, not a copy: a body with a secret is never made into a string, and its reader wipes it. */
    public byte[] bytes() {
        return body;
    }

    /** The body as JSON; empty when it is something else, or cut off. */
    public Optional<JsonNode> json() {
        try {
            return Optional.ofNullable(JSON.readTree(body())).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * The body as a record; fields that the record does not know are ignored, because new ones may come at any time.
     */
    public <T> Optional<T> as(Class<T> type) {
        // Without a tree in between: a page of a thousand workspaces would make one of several megabytes.
        try (JsonParser parser = JSON.createParser(body())) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    ? Optional.ofNullable(JSON.readValue(parser, type))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
