package cmek.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A rule of a simulated Google API that a call breaks, and the reply that says so. */
final class GoogleFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    GoogleFailure(Reply reply) {
        super(reply.text());
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }

    static GoogleFailure invalidArgument(String message) {
        return new GoogleFailure(GoogleReply.error(400, "INVALID_ARGUMENT", message));
    }

    static GoogleFailure failedPrecondition(String message, ObjectNode... details) {
        return new GoogleFailure(GoogleReply.error(400, "FAILED_PRECONDITION", message, details));
    }

    static GoogleFailure notFound(String message) {
        return new GoogleFailure(GoogleReply.error(404, "NOT_FOUND", message));
    }

    static GoogleFailure alreadyExists(String message) {
        return new GoogleFailure(GoogleReply.error(409, "ALREADY_EXISTS", message));
    }

    static GoogleFailure aborted(String message) {
        return new GoogleFailure(GoogleReply.error(409, "ABORTED", message));
    }

    /** Google does not tell a missing permission from a missing resource, and says so. */
    static GoogleFailure permissionDenied(String permission, String resource) {
        return new GoogleFailure(GoogleReply.error(
                403,
                "PERMISSION_DENIED",
                "Permission '" + permission + "' denied on resource '" + resource + "' (or it may not exist).",
                GoogleReply.errorInfo(
                        "IAM_PERMISSION_DENIED",
                        "iam.googleapis.com",
                        Map.of("permission", permission, "resource", resource))));
    }

    /** What this simulator does not do is said aloud, and never ignored. */
    static GoogleFailure unimplemented(String what) {
        return new GoogleFailure(GoogleReply.error(501, "UNIMPLEMENTED", what + " is not simulated."));
    }
}
