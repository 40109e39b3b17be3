package cmek.client.anthropic;

import cmek.client.http.HttpAnswer;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.SafeText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An error of the Admin API, read from its status, {@code error.type} and {@code error.details.error_code}; its message
 * is shown and never matched on.
 */
final class AdminApiError {

    private static final int SHOWN = 300;
    private static final Pattern WORD = Pattern.compile("[a-z_]{1,40}");

    private final HttpAnswer answer;
    private final JsonNode error;

    AdminApiError(HttpAnswer answer) {
        this(answer, errorOf(answer));
    }

    private AdminApiError(HttpAnswer answer, JsonNode error) {
        this.answer = answer;
        this.error = error;
    }

    /**
     * An error of the token endpoint, in its own form or in that of OAuth. Only one word of it is used: the rest may
     * repeat the token.
     */
    static AdminApiError ofExchange(HttpAnswer answer) {
        JsonNode error = errorOf(answer);
        String word = error.isTextual() ? error.asText() : error.path("type").asText("");
        return new AdminApiError(
                answer,
                WORD.matcher(word).matches()
                        ? JsonNodeFactory.instance.objectNode().put("type", word)
                        : MissingNode.getInstance());
    }

    private static JsonNode errorOf(HttpAnswer answer) {
        return answer.json().map(json -> json.path("error")).orElse(MissingNode.getInstance());
    }

    int status() {
        return answer.status();
    }

    /** {@code error.details.error_code}; empty where there is none. */
    String code() {
        return error.path("details").path("error_code").asText("");
    }

    /** Anthropic's own words, made safe to show, with the request id by which its support finds it. */
    String text() {
        String type = error.path("type").asText("");
        String message = error.path("message").asText("");
        StringBuilder text = new StringBuilder("HTTP " + status());
        for (String part : new String[] {type, code(), message}) {
            if (!part.isEmpty()) {
                text.append(", ").append(SafeText.sanitize(part, SHOWN));
            }
        }
        requestId().ifPresent(id -> text.append(" (request-id ").append(id).append(')'));
        return text.toString();
    }

    /** Anthropic's id of the request, made safe to show. */
    Optional<String> requestId() {
        return answer.header("request-id").map(id -> SafeText.sanitize(id, 80));
    }

    boolean isNotFound() {
        return error.path("type").asText("").equals("not_found_error");
    }

    /** For an error that may pass. */
    TransientException toUnavailable(String operation) {
        TransientException unavailable = new TransientException(
                Reason.ANTHROPIC_UNAVAILABLE,
                operation + " was answered with " + text(),
                null,
                answer.retryAfter().orElse(null),
                requestId().orElse(null));
        return status() == 429 ? unavailable.turnedAway() : unavailable;
    }

    /** What the caller throws. */
    RuntimeException toException(String operation) {
        int status = status();
        if (status == 429 || status >= 500 || status == 408) {
            return toUnavailable(operation);
        }
        return new PermanentException(
                switch (status) {
                    case 401 -> AnthropicFindings.credentialRejected(text());
                    case 403 -> AnthropicFindings.credentialForbidden(text());
                    default -> AnthropicFindings.anthropicRefused(operation, text());
                },
                requestId().orElse(null));
    }
}
