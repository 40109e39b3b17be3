package cmek.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * An error of the Admin API on its way to the caller.
 *
 * @see <a href="https://docs.claude.com/en/api/errors">Errors</a>
 */
final class AdminRefusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final Optional<String> code;

    private AdminRefusal(int status, String type, String message, Optional<String> code) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
    }

    static AdminRefusal invalid(String message) {
        return new AdminRefusal(400, "invalid_request_error", message, Optional.empty());
    }

    static AdminRefusal unauthenticated(String message) {
        return new AdminRefusal(401, "authentication_error", message, Optional.empty());
    }

    static AdminRefusal unpaid(String message) {
        return new AdminRefusal(402, "billing_error", message, Optional.empty());
    }

    static AdminRefusal unavailable(String message) {
        return new AdminRefusal(503, "api_error", message, Optional.empty());
    }

    static AdminRefusal forbidden(String message) {
        return new AdminRefusal(403, "permission_error", message, Optional.empty());
    }

    static AdminRefusal notFound(String message) {
        return new AdminRefusal(404, "not_found_error", message, Optional.empty());
    }

    static AdminRefusal conflict(String message) {
        return new AdminRefusal(409, "conflict_error", message, Optional.empty());
    }

    /** The same with an {@code error.details.error_code}. */
    AdminRefusal withCode(String errorCode) {
        return new AdminRefusal(status, type, String.valueOf(getMessage()), Optional.of(errorCode));
    }

    int status() {
        return status;
    }

    Reply toReply(String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "error");
        ObjectNode error = body.putObject("error").put("type", type).put("message", getMessage());
        code.ifPresent(value -> error.putObject("details").put("error_code", value));
        body.put("request_id", requestId);
        return Reply.json(status, body.toString());
    }
}
