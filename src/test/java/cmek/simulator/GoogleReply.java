package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * How a Google API answers over REST.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Errors</a>
 */
public final class GoogleReply {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String TYPES = "type.googleapis.com/google.rpc.";

    private GoogleReply() {}

    public static Reply ok(JsonNode body) {
        return Reply.json(200, body.toString());
    }

    /** An error with its typed details, which are what a client may decide upon. */
    public static Reply error(int code, String status, String message, ObjectNode... details) {
        ObjectNode body = JSON.objectNode();
        ObjectNode error = body.putObject("error");
        error.put("code", code).put("message", message).put("status", status);
        if (details.length > 0) {
            error.putArray("details").addAll(java.util.List.of(details));
        }
        return Reply.json(code, body.toString());
    }

    /** The detail that names a cause by a stable word. */
    public static ObjectNode errorInfo(String reason, String domain, Map<String, String> metadata) {
        ObjectNode detail = JSON.objectNode();
        detail.put("@type", TYPES + "ErrorInfo").put("reason", reason).put("domain", domain);
        ObjectNode pairs = detail.putObject("metadata");
        metadata.forEach(pairs::put);
        return detail;
    }

    /** The detail that names what must be otherwise first. */
    public static ObjectNode preconditionFailure(String type, String subject, String description) {
        ObjectNode detail = JSON.objectNode();
        detail.put("@type", TYPES + "PreconditionFailure");
        detail.putArray("violations")
                .addObject()
                .put("type", type)
                .put("subject", subject)
                .put("description", description);
        return detail;
    }
}
