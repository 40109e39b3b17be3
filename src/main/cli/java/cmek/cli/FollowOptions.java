package cmek.cli;

import cmek.cli.ServiceOptions.Service;
import cmek.finding.PermanentException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How results are heard. */
final class FollowOptions {

    @Option(
            names = "--subscription",
            paramLabel = "NAME",
            description = {
                "hear the results by this subscription of the results topic; what belongs to other requests stays in it",
                "(default: read the newest results in the evidence bucket, else create a subscription for a while)"
            })
    private @Nullable String subscription;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "900",
            description = "how long to wait for the end of a request (default: 900); it goes on after that")
    private int timeout = 900;

    java.time.Duration timeout() {
        if (timeout < 1) {
            throw new Usage("--timeout " + timeout + " is not a number of seconds");
        }
        return java.time.Duration.ofSeconds(timeout);
    }

    /** Whatever of both may be used; decided before anything is published. */
    Follower follower(Service service) {
        if (subscription != null) {
            return SubscriptionFollower.sharing(service.pubsub(), subscription);
        }
        try {
            // Reading an object does not tell a bucket that is missing from an object that is.
            service.evidence().list("requests/none/");
            return new NewestResultFollower(service.evidence());
        } catch (PermanentException e) {
            return SubscriptionFollower.ofItsOwn(
                    service.pubsub(), service.topic("results-cmek-") + UUID.randomUUID(), service.topic("results"));
        }
    }
}
