package cmek.client.http;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Calls to one Google API, a limited number at a time; each ends with an answer or with a {@link GoogleError}. A call that
 * is refused for its access token (401) was not made: it is made once more with a new token.
 */
public final class GoogleRest {

    private static final Logger LOG = Logger.getLogger(GoogleRest.class);
    static final String REQUEST_ID = "x-goog-request-id";

    private final Bulkhead bulkhead;
    private final Runnable renewal;
    private final Predicate<String> otherForm;

    /**
     * Calls to an API whose errors are all in Google's JSON form.
     *
     * @param api its name, for people
     * @param atMost calls at a time
     * @param renewal has the access token renewed that the calls are made with
     */
    public GoogleRest(String api, int atMost, Runnable renewal) {
        this(api, atMost, renewal, body -> false);
    }

    /**
     * Calls to an API that has another form of errors beside Google's JSON.
     *
     * @param otherForm whether a body in another form is the API's all the same
     */
    public GoogleRest(String api, int atMost, Runnable renewal, Predicate<String> otherForm) {
        this.bulkhead = new Bulkhead(api, atMost);
        this.renewal = renewal;
        this.otherForm = otherForm;
    }

    /** A call that a Google API answered with an error; the caller decides what that means. */
    public static final class Failed extends Exception {

        private static final long serialVersionUID = 1;

        private final transient GoogleError error;

        Failed(GoogleError error) {
            super(error.code() + " " + error.status());
            this.error = error;
        }

        public GoogleError error() {
            return error;
        }
    }

    /**
     * Calls by a REST client.
     *
     * @throws Failed when the API answered with an error
     * @throws TransientException when it did not answer, or was not called because the limit of concurrent calls was
     *     reached
     */
    public HttpAnswer answer(String operation, Supplier<Response> call) throws Failed {
        return answer(operation, call, HttpAnswer.BYTES_AT_MOST);
    }

    /**
     * Calls by a REST client for something that may be large.
     *
     * @param bytesAtMost what is longer is cut off
     * @throws Failed when the API answered with an error
     * @throws TransientException when it did not answer, or was not called because the limit of concurrent calls was
     *     reached
     */
    public HttpAnswer answer(String operation, Supplier<Response> call, int bytesAtMost) throws Failed {
        return attempt(operation, () -> RestAnswer.to(call, bytesAtMost));
    }

    /**
     * Makes any call that returns an {@link HttpAnswer}.
     *
     * @throws Failed when the API answered with an error
     * @throws TransientException when it did not answer, or was not called because the limit of concurrent calls was
     *     reached
     */
    public HttpAnswer attempt(String operation, Bulkhead.Call<HttpAnswer, IOException> call) throws Failed {
        return renewing(() -> once(operation, call));
    }

    private HttpAnswer once(String operation, Bulkhead.Call<HttpAnswer, IOException> call) throws Failed {
        HttpAnswer answer;
        try {
            answer = bulkhead.within(call);
        } catch (IOException e) {
            throw unavailable(operation, e);
        }
        if (!answer.isSuccess()) {
            throw failed(
                    operation,
                    GoogleError.of(
                            answer.status(), answer.body(), answer.retryAfter(), answer.header(REQUEST_ID), otherForm));
        }
        return answer;
    }

    /**
     * Calls by one of Google's own clients.
     *
     * @throws Failed when the API answered with an error
     * @throws TransientException when it did not answer, or was not called because the limit of concurrent calls was
     *     reached
     */
    public <T> T call(String operation, Supplier<T> call) throws Failed {
        return renewing(() -> once(operation, call));
    }

    private <T> T once(String operation, Supplier<T> call) throws Failed {
        try {
            return bulkhead.within(call::get);
        } catch (ApiException e) {
            // The client maps different errors to one class; the body says which one it was.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof HttpResponseException response && response.getStatusCode() > 0) {
                    throw failed(operation, error(response));
                }
            }
            throw unavailable(operation, e);
        }
    }

    /** One attempt of a call. */
    @FunctionalInterface
    private interface Attempt<T> {
        T make() throws Failed;
    }

    /** A token may be refused before its time, and a call that is refused for it had no effect, whatever it is. */
    private <T> T renewing(Attempt<T> attempt) throws Failed {
        try {
            return attempt.make();
        } catch (Failed e) {
            if (!e.error().isUnauthenticated()) {
                throw e;
            }
        }
        renewal.run();
        return attempt.make();
    }

    private GoogleError error(HttpResponseException response) {
        HttpHeaders headers = response.getHeaders();
        return GoogleError.of(
                response.getStatusCode(),
                Optional.ofNullable(response.getContent()).orElse(""),
                HttpAnswer.seconds(Optional.ofNullable(headers.getRetryAfter())),
                Optional.ofNullable(headers.getFirstHeaderStringValue(REQUEST_ID)),
                otherForm);
    }

    private static Failed failed(String operation, GoogleError error) {
        LOG.debugf(
                "%s -> %d %s %s, request id %s",
                operation,
                error.code(),
                error.status(),
                error.word(),
                error.requestId().orElse("none"));
        return new Failed(error);
    }

    private static TransientException unavailable(String operation, Exception cause) {
        return new TransientException(
                Reason.GOOGLE_UNAVAILABLE,
                operation + " was not answered: "
                        + (cause instanceof IOException ? cause.getMessage() : HttpAnswer.names(cause)),
                null);
    }
}
