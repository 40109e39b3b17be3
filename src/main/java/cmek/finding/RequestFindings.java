package cmek.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a request or its way through the steps. */
public final class RequestFindings {

    private RequestFindings() {}

    /** Bytes that are no JSON object. */
    public static Finding unreadable(String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the message's data is no JSON object: " + why,
                List.of("publish a JSON object such as deployment/examples/provision.json"));
    }

    /** A request that would attach a key and does not say that this is permanent. */
    public static Finding permanenceNotAcknowledged() {
        return new Finding(
                Reason.PERMANENCE_NOT_ACKNOWLEDGED,
                "workspaceId is set and acknowledgePermanent is not true",
                List.of(
                        "attaching a key to a workspace can never be undone: set acknowledgePermanent to true if that is"
                                + " wanted, or leave out workspaceId to end after validation"));
    }

    public static Finding expired(Instant acceptedAt, Duration maxAge, Optional<String> cause) {
        return new Finding(
                Reason.EXPIRED,
                "the request was taken at " + acceptedAt + " and may take " + maxAge + " at the most" + last(cause),
                List.of("publish the same request again: what is done is found and left as it is"));
    }

    /**
     * A step that was delivered again and again and never succeeded.
     *
     * @param step the function that gave up, where it is known
     * @param cause why its last attempt that was noted did not succeed
     */
    public static Finding retriesExhausted(String step, Optional<String> cause) {
        return new Finding(
                Reason.RETRIES_EXHAUSTED,
                step + " failed after all retries" + last(cause),
                List.of(
                        cause.isPresent()
                                ? "fix the cause, " + Instructions.PUBLISH_AGAIN
                                : "look for the last cause in the log of function " + step + ", fix it, "
                                        + Instructions.PUBLISH_AGAIN));
    }

    private static String last(Optional<String> cause) {
        return cause.map(known -> "; the last cause: " + known).orElse("");
    }
}
