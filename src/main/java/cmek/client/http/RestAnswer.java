package cmek.client.http;

import io.vertx.core.VertxException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** The answers to calls by Quarkus's REST client, which the command for people does not have. */
public final class RestAnswer {

    private RestAnswer() {}

    /**
     * Makes a call and reads the answer.
     *
     * @throws IOException when there was no answer, or not all of it: refused, reset, timed out
     */
    public static HttpAnswer to(Supplier<Response> call) throws IOException {
        return to(call, HttpAnswer.BYTES_AT_MOST);
    }

    /** The same, for an answer that may be larger. */
    static HttpAnswer to(Supplier<Response> call, int bytesAtMost) throws IOException {
        if (Deadline.isOver()) {
            throw new IOException(HttpAnswer.NO_TIME_LEFT);
        }
        try (Response response = call.get();
                InputStream entity = response.readEntity(InputStream.class)) {
            return HttpAnswer.of(
                    response.getStatus(),
                    name -> Optional.ofNullable(response.getHeaderString(name)),
                    response.getHeaderString("content-encoding"),
                    entity,
                    bytesAtMost);
        } catch (ProcessingException | IllegalStateException | VertxException e) {
            // Not passed on as a cause: its message may quote what came from outside, or the header that was sent.
            throw new IOException(HttpAnswer.names(e));
        }
    }
}
