package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** One page of a list, by {@code pageSize} and {@code pageToken}. */
final class GooglePage {

    private static final int SIZE = 100;
    private static final int SIZE_AT_MOST = 1000;

    private GooglePage() {}

    /** Cuts the page that a call asks for. */
    static <T> ObjectNode of(String field, List<T> all, Call call, Function<T, ? extends JsonNode> toJson) {
        for (String narrowed : List.of("filter", "orderBy")) {
            if (call.parameter(narrowed).filter(value -> !value.isEmpty()).isPresent()) {
                throw GoogleFailure.unimplemented("The parameter '" + narrowed + "'");
            }
        }
        int size = call.parameter("pageSize").map(GooglePage::number).orElse(0);
        int from = call.parameter("pageToken")
                .filter(token -> !token.isEmpty())
                .map(GooglePage::offset)
                .orElse(0);
        if (size < 0 || from < 0 || from > all.size()) {
            throw GoogleFailure.invalidArgument("The page size or page token is invalid.");
        }
        int to = Math.min(all.size(), from + (size == 0 ? SIZE : Math.min(size, SIZE_AT_MOST)));
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        if (from < to) {
            ArrayNode entries = page.putArray(field);
            all.subList(from, to).forEach(entry -> entries.add(toJson.apply(entry)));
        }
        if (to < all.size()) {
            page.put("nextPageToken", token(to));
        }
        return page;
    }

    /** Cuts a page of a list that says how long it is as a whole. */
    static <T> ObjectNode counted(String field, List<T> all, Call call, Function<T, ? extends JsonNode> toJson) {
        ObjectNode page = of(field, all, call, toJson);
        return all.isEmpty() ? page : page.put("totalSize", all.size());
    }

    private static String token(int offset) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("after:" + offset).getBytes(UTF_8));
    }

    private static int offset(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
            return text.startsWith("after:") ? number(text.substring("after:".length())) : -1;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
