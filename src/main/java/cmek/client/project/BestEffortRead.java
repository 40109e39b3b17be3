package cmek.client.project;

import cmek.client.http.GoogleError;
import cmek.client.http.GoogleRest;
import cmek.client.http.HttpAnswer;
import cmek.client.http.Retry;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A read that we may not be permitted to make: its result is known or unknown, or there is no answer now. */
final class BestEffortRead {

    private BestEffortRead() {}

    /**
     * Makes a call that may be repeated.
     *
     * @param read interprets the body
     * @param absent what a 404 means; empty where it means nothing that is known
     */
    static <T> Lookup<T> read(
            Retry retry,
            GoogleRest rest,
            String operation,
            String resource,
            Supplier<Response> call,
            Function<JsonNode, T> read,
            Optional<T> absent) {
        return retry.repeatable(() -> {
            try {
                HttpAnswer answer = rest.answer(operation, call);
                return answer.json()
                        .<Lookup<T>>map(json -> new Lookup.Known<>(read.apply(json)))
                        .orElseGet(() ->
                                new Lookup.Unknown<>(operation + " was answered with something that cannot be read"));
            } catch (GoogleRest.Failed e) {
                GoogleError error = e.error();
                if (error.isPassing()) {
                    throw error.toException(operation, resource);
                }
                return error.isNotFound() && absent.isPresent()
                        ? new Lookup.Known<>(absent.get())
                        : new Lookup.Unknown<>(operation + " on " + resource + " answered " + error.inWords());
            }
        });
    }
}
