package cmek.finding;

import cmek.model.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a request or its way through the steps. */
public final class RequestFindings {

    private RequestFindings() {}

    /** Bytes that are not a JSON object. */
    public static Finding unreadable(String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the message's data is not a JSON object: " + why,
                List.of("publish a JSON object such as deployment/examples/provision.json"));
    }

    /**
     * A message that is too large to be held.
     *
     * @param function that it was for
     * @param bytes of the request that brought it
     */
    public static Finding tooLarge(String function, long bytes) {
        return new Finding(
                Reason.UNREADABLE,
                "the message for " + function + " is too large to be read: it came in a request of " + bytes + " bytes",
                List.of("publish a JSON object of some kilobytes, such as deployment/examples/provision.json"));
    }

    /**
     * An event between two functions that this release cannot read; not the fault of whoever published the request.
     *
     * @param function that it was for
     */
    public static Finding unreadableEvent(String function, String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the event for " + function + " cannot be read: " + why,
                List.of(
                        "publish the original request again: steps that are already done are recognized and left as they"
                                + " are"));
    }

    /**
     * An object in the evidence bucket that this release cannot read.
     *
     * @param name without the bucket
     */
    public static Finding unreadableObject(String name, String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the object " + name + " in the evidence bucket cannot be read: " + why,
                List.of("publish the request again: steps that are already done are recognized and left as they are"));
    }

    /** A request that would attach a key and does not say that this is permanent. */
    public static Finding permanenceNotAcknowledged() {
        return new Finding(
                Reason.PERMANENCE_NOT_ACKNOWLEDGED,
                "workspaceId is set but acknowledgePermanent is not true",
                List.of(
                        "attaching a key to a workspace is permanent; it cannot be undone: set acknowledgePermanent to true"
                                + " if that is intended, or leave out workspaceId to end after validation"));
    }

    public static Finding expired(Instant acceptedAt, Duration maxAge, Optional<String> cause) {
        return new Finding(
                Reason.EXPIRED,
                "the request was accepted at " + EventTime.written(acceptedAt) + " and may take at most " + maxAge
                        + last(cause),
                List.of(
                        "publish the same request again: steps that are already done are recognized and left as they are"));
    }

    /**
     * A step that failed after all retries.
     *
     * @param step the function that gave up, where it is known
     * @param cause why its last recorded attempt failed
     */
    public static Finding retriesExhausted(String step, Optional<String> cause) {
        return new Finding(
                Reason.RETRIES_EXHAUSTED,
                step + " failed after all retries" + last(cause),
                List.of(
                        cause.isPresent()
                                ? "fix the cause, " + Instructions.PUBLISH_AGAIN
                                : "find the last cause in the log of function " + step + ", fix it, "
                                        + Instructions.PUBLISH_AGAIN));
    }

    /**
     * A step is retried by itself.
     *
     * @param times how often it has failed so far
     * @param until how long it is retried
     */
    public static Finding retrying(String step, TransientException cause, int times, Instant until) {
        return new Finding(
                cause.reason(),
                step + " failed " + (times == 1 ? "once" : times + " times") + " and will be retried until "
                        + EventTime.written(until) + ": " + cause.getMessage(),
                List.of());
    }

    /** The same where nobody can say whether the key is attached all the same. */
    public static Finding perhapsAttached(Finding exhausted) {
        List<String> remedy = new ArrayList<>();
        remedy.add("check in Anthropic's Console whether the workspace has the key");
        remedy.addAll(exhausted.remedy());
        return exhausted
                .message(exhausted.message() + "; whether the key is attached is unknown: Anthropic does not say")
                .remedy(remedy);
    }

    private static String last(Optional<String> cause) {
        return cause.map(known -> "; last cause: " + known).orElse("");
    }
}
