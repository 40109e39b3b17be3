package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP request as a the simulated APIs sees it.
 *
 * @param method upper case
 * @param path decoded, without the query
 * @param query decoded, in the order given per name
 * @param headers names in lower case
 * @param body empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares two calls.
public record Call(
        String method, String path, Map<String, List<String>> query, Map<String, String> headers, byte[] body) {

    /** Builds a call from the raw target of a request line. */
    public static Call of(String method, URI target, Map<String, String> headers, byte[] body) {
        Map<String, List<String>> query = new TreeMap<>();
        String raw = target.getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.computeIfAbsent(URLDecoder.decode(name, UTF_8), unused -> new ArrayList<>())
                        .add(URLDecoder.decode(value, UTF_8));
            }
        }
        Map<String, String> lowered = new TreeMap<>();
        headers.forEach((name, value) -> lowered.put(name.toLowerCase(Locale.ROOT), value));
        return new Call(method, target.getPath(), query, lowered, body);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The first value of a query parameter. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(values -> values.get(0));
    }

    public String text() {
        return new String(body, UTF_8);
    }
}
