package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/** One HTTP response of a the simulated APIs. */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares two replies.
public record Reply(int status, Map<String, String> headers, byte[] body) {

    /** A response that bears JSON. */
    public static Reply json(int status, String json) {
        return new Reply(status, Map.of("content-type", "application/json; charset=UTF-8"), json.getBytes(UTF_8));
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> more = new java.util.TreeMap<>(headers);
        more.put(name, value);
        return new Reply(status, Map.copyOf(more), body);
    }

    public String text() {
        return new String(body, UTF_8);
    }
}
