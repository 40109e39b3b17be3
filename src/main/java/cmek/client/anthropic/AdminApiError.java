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
    private static final String NOT_APPROVED = "cmek_not_approved";

    /** One of Anthropic's approvals of the organization could not be read, so nothing was done. */
    private static final String APPROVAL_UNREAD = "authorization_check_unavailable";

    private static final Pattern WORD = Pattern.compile("[a-z_]{1,40}");

    private final HttpAnswer answer;
    private final JsonNode error;
    private final boolean ofTheAdminApi;

    AdminApiError(HttpAnswer answer) {
        this(answer, errorOf(answer), !errorOf(answer).path("type").asText("").isEmpty());
    }

    private AdminApiError(HttpAnswer answer, JsonNode error, boolean ofTheAdminApi) {
        this.answer = answer;
        this.error = error;
        this.ofTheAdminApi = ofTheAdminApi;
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
                        : MissingNode.getInstance(),
                !error.isMissingNode());
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

    /**
     * Whether the Admin API itself answered: each error of its own is JSON with a type. What a proxy, a firewall or a page
     * in between says in its place, whatever the status, says nothing about the credential or the request.
     */
    boolean isOfTheAdminApi() {
        return ofTheAdminApi;
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
        if (!isOfTheAdminApi()) {
            text.append(", which is not an answer of the Admin API: something in between answered");
        }
        requestId().ifPresent(id -> text.append(" (request-id ").append(id).append(')'));
        answer.header("cf-ray")
                .ifPresent(ray -> text.append(" (cf-ray ")
                        .append(SafeText.sanitize(ray, 80))
                        .append(')'));
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
        return status() == 429 || code().equals(APPROVAL_UNREAD) ? unavailable.turnedAway() : unavailable;
    }

    /** What the caller throws. */
    RuntimeException toException(String operation) {
        int status = status();
        if (status == 429 || status >= 500 || status == 408 || !isOfTheAdminApi()) {
            return toUnavailable(operation);
        }
        if (status == 409) {
            // Somebody else changed the same thing: the next attempt reads it first.
            return toUnavailable(operation).turnedAway();
        }
        return new PermanentException(
                switch (status) {
                    case 401 -> AnthropicFindings.credentialRejected(text());
                    case 402 -> AnthropicFindings.billing(text());
                    case 403 ->
                        code().equals(NOT_APPROVED)
                                ? AnthropicFindings.cmekNotApproved(text())
                                : AnthropicFindings.credentialForbidden(text());
                    default ->
                        code().equals(NOT_APPROVED)
                                ? AnthropicFindings.cmekNotApproved(text())
                                : AnthropicFindings.anthropicRefused(operation, text());
                },
                requestId().orElse(null));
    }
}
