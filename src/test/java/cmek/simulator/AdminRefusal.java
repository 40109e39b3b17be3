package cmek.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * An error of the Admin API on its way to the caller.
 *
 * @see <a href="https://docs.claude.com/en/api/errors">Errors</a>
 */
final class AdminRefusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The {@code error.type} that is documented for each status. */
    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(400, "invalid_request_error"),
            Map.entry(401, "authentication_error"),
            Map.entry(402, "billing_error"),
            Map.entry(403, "permission_error"),
            Map.entry(404, "not_found_error"),
            Map.entry(409, "conflict_error"),
            Map.entry(413, "request_too_large"),
            Map.entry(429, "rate_limit_error"),
            Map.entry(500, "api_error"),
            Map.entry(501, "api_error"),
            Map.entry(502, "api_error"),
            Map.entry(503, "api_error"),
            Map.entry(504, "timeout_error"),
            Map.entry(529, "overloaded_error"));

    private static final String APPROVAL_UNREAD = "authorization_check_unavailable";

    private final int status;
    private final Map<String, String> details;

    private AdminRefusal(int status, String message, Map<String, String> details) {
        super(message, null, false, false);
        this.status = status;
        this.details = Map.copyOf(details);
    }

    /** One of Anthropic's approvals of the organization cannot be read; nothing was done. */
    static AdminRefusal approvalUnread() {
        return of(503, "One of the organization's approvals could not be read.").withCode(APPROVAL_UNREAD);
    }

    static AdminRefusal of(int status, String message) {
        return new AdminRefusal(status, message, Map.of());
    }

    static AdminRefusal invalid(String message) {
        return of(400, message);
    }

    static AdminRefusal unauthenticated(String message) {
        return of(401, message);
    }

    static AdminRefusal forbidden(String message) {
        return of(403, message);
    }

    static AdminRefusal notFound(String message) {
        return of(404, message);
    }

    static AdminRefusal conflict(String message) {
        return of(409, message);
    }

    /** Of what Anthropic has and this simulator does not: never to be taken for something that is absent. */
    static AdminRefusal notSimulated(String what) {
        return of(501, what + " is not simulated");
    }

    /** The same with an {@code error.details.error_code}. */
    AdminRefusal withCode(String errorCode) {
        return with("error_code", errorCode);
    }

    /** The same with the name of the field that it is about. */
    AdminRefusal withField(String field) {
        return with("field", field);
    }

    private AdminRefusal with(String name, String value) {
        Map<String, String> more = new TreeMap<>(details);
        more.put(name, value);
        return new AdminRefusal(status, String.valueOf(getMessage()), more);
    }

    int status() {
        return status;
    }

    Reply toReply(String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "error");
        ObjectNode error =
                body.putObject("error").put("type", TYPES.get(status)).put("message", getMessage());
        if (!details.isEmpty()) {
            ObjectNode named = error.putObject("details");
            details.forEach(named::put);
        }
        body.put("request_id", requestId);
        Reply reply = Reply.json(status, body.toString());
        return status == 429 || APPROVAL_UNREAD.equals(details.get("error_code"))
                ? reply.withHeader("retry-after", "1")
                : reply;
    }
}
