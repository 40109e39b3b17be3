package cmek.sandbox;

import cmek.onboarding.Step;
import cmek.simulator.PubSubRest;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The topics and subscriptions of a deployment, as Terraform would make them, with the short waits of a sandbox. */
public final class Topology {

    /** Where the sandbox reads the results from. */
    public static final String RESULTS = "cmek-results-sandbox";

    private static final String PREFIX = "cmek-";
    private static final String DEAD_LETTER = PREFIX + "dead-letter";

    /** Where dead letters are kept for whoever replays them. */
    static final String KEPT = PREFIX + "dead-letter-kept";

    /** Where somebody else agrees to what is to be attached. */
    static final String APPROVALS = PREFIX + "approvals";

    static final int ATTEMPTS = 12;

    /** Where an empty message starts a scan. */
    public static final String NIGHT = PREFIX + "scan";

    /** Where the entries of the audit log about keys arrive. */
    static final String KEY_CHANGES = PREFIX + "key-changes";

    /** The functions of the scan by the topics that wake them. */
    private static final SortedMap<String, String> OF_THE_NIGHT = new TreeMap<>(Map.of(
            NIGHT,
            "startScan",
            PREFIX + "scan-key",
            "scanKey",
            PREFIX + "report-scan",
            "reportScan",
            PREFIX + "key-changes",
            "rescanChangedKey"));

    /** Redelivery is the timer of this one, and Pub/Sub takes no higher number. */
    private static final int ATTEMPTS_OF_THE_REPORT = 100;

    private final PubSubRest pubsub;
    private final String project;
    private final Duration minBackoff;
    private final Duration maxBackoff;
    private final boolean ordering;

    public Topology(PubSubRest pubsub, String project) {
        this(pubsub, project, Duration.ofMillis(500), Duration.ofSeconds(2));
    }

    /**
     * For the official emulator (0.8.20): there, a message with an ordering key that comes to its last attempt ends all
     * pushes of its subscription, and no request after it would come to an end. Without ordering it becomes a dead letter.
     */
    public static Topology onTheEmulator(PubSubRest pubsub, String project) {
        return new Topology(pubsub, project, Duration.ofMillis(500), Duration.ofSeconds(2), false);
    }

    /** With other waits before a redelivery. */
    Topology(PubSubRest pubsub, String project, Duration minBackoff, Duration maxBackoff) {
        this(pubsub, project, minBackoff, maxBackoff, true);
    }

    private Topology(PubSubRest pubsub, String project, Duration minBackoff, Duration maxBackoff, boolean ordering) {
        this.ordering = ordering;
        this.pubsub = pubsub;
        this.project = project;
        this.minBackoff = minBackoff;
        this.maxBackoff = maxBackoff;
    }

    /** The full topic's id of requests. */
    public static String requests() {
        return topicOf(Step.ONBOARD);
    }

    static String topicOf(Step step) {
        return PREFIX + step.topic();
    }

    /** Makes the topics, where they are not there yet, and the subscriptions anew: an emulator may have older ones. */
    public void create(Function<String, URI> endpointOf) {
        topic(PREFIX + "results");
        topic(DEAD_LETTER);
        topic(APPROVALS);
        for (Step step : Step.values()) {
            topic(PREFIX + step.topic());
        }
        OF_THE_NIGHT.keySet().forEach(this::topic);
        drop(RESULTS);
        pubsub.createPullSubscription(project, RESULTS, PREFIX + "results");
        drop(KEPT);
        pubsub.createPullSubscription(project, KEPT, DEAD_LETTER);
        subscribe(APPROVALS, APPROVALS, endpointOf.apply("attachWorkspace"), Optional.of(DEAD_LETTER), ATTEMPTS);
        subscribe("reportDeadLetter", DEAD_LETTER, endpointOf, Optional.empty(), ATTEMPTS);
        for (Step step : Step.values()) {
            subscribe(step.function(), PREFIX + step.topic(), endpointOf, Optional.of(DEAD_LETTER), ATTEMPTS);
        }
        OF_THE_NIGHT.forEach((topic, function) -> subscribe(
                function,
                topic,
                endpointOf,
                Optional.of(DEAD_LETTER),
                function.equals("reportScan") ? ATTEMPTS_OF_THE_REPORT : ATTEMPTS));
    }

    /** As Terraform names it: after the function. */
    private void subscribe(
            String function,
            String topic,
            Function<String, URI> endpointOf,
            Optional<String> deadLetter,
            int attempts) {
        String name = PREFIX + function.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        subscribe(name, topic, endpointOf.apply(function), deadLetter, attempts);
    }

    private void topic(String topic) {
        try {
            pubsub.createTopic(project, topic);
        } catch (PubSubRest.PermanentException e) {
            if (e.status() != 409) {
                throw e;
            }
        }
    }

    private void drop(String subscription) {
        try {
            pubsub.deleteSubscription(project, subscription);
        } catch (PubSubRest.PermanentException e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    private void subscribe(String name, String topic, URI endpoint, Optional<String> deadLetter, int attempts) {
        drop(name);
        pubsub.createPushSubscription(
                project,
                name,
                topic,
                endpoint,
                new PubSubRest.PushOptions(
                        Duration.ofSeconds(90), minBackoff, maxBackoff, deadLetter, attempts, ordering));
    }
}
