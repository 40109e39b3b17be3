package cmek.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.onboarding.Step;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pub/Sub as badly as it may behave: any order, duplicates side by side, redelivery, dead letters. */
final class SimulatedTopics {

    static final String RESULTS = "results";
    static final String APPROVALS = "approvals";
    static final String SCAN = "scan";
    private static final String DEAD_LETTER = "dead-letter";
    private static final String ADDED_TO_A_DEAD_LETTER = "CloudPubSubDeadLetter";

    /** Redelivery is the timer of this one. */
    private static final String REPORT = "report-scan";

    private static final int ATTEMPTS_OF_THE_REPORT = 100;
    private static final Map<String, String> FUNCTIONS = functions();

    private final SplittableRandom dice;
    private final List<Message> waiting = new ArrayList<>();
    private final Map<String, String> roots = new HashMap<>();
    private long published;

    SimulatedTopics(SplittableRandom dice) {
        this.dice = dice;
    }

    /** A message on its way to its function. */
    static final class Message {

        final String topic;
        final String function;
        final String id;
        /** The id of the message that came from outside and that this one goes back to; its own where it is that. */
        final String root;

        final String data;
        final Map<String, String> attributes;
        final Instant publishedAt;
        Instant due;
        int attempts;
        int underWay;
        boolean acknowledged;

        private Message(
                String topic,
                String function,
                String id,
                @Nullable String root,
                String data,
                Map<String, String> attributes,
                Instant publishedAt) {
            this.topic = topic;
            this.function = function;
            this.id = id;
            this.root = root == null ? id : root;
            this.data = data;
            this.attributes = attributes;
            this.publishedAt = publishedAt;
            this.due = publishedAt;
        }

        String envelope() {
            ObjectNode envelope = JsonNodeFactory.instance.objectNode();
            ObjectNode message = envelope.putObject("message");
            message.put("data", Base64.getEncoder().encodeToString(data.getBytes(UTF_8)));
            message.put("messageId", id);
            message.put("publishTime", publishedAt.toString());
            ObjectNode named = message.putObject("attributes");
            attributes.forEach(named::put);
            envelope.put("subscription", "projects/cmek-simulation/subscriptions/cmek-" + topic);
            return envelope.toString();
        }

        @Override
        public String toString() {
            return function + " #" + id;
        }
    }

    private static Map<String, String> functions() {
        Map<String, String> functions = new TreeMap<>();
        for (Step step : Step.values()) {
            functions.put(step.topic(), step.function());
        }
        functions.put(APPROVALS, Step.ATTACH_WORKSPACE.function());
        functions.put(SCAN, "startScan");
        functions.put("scan-key", "scanKey");
        functions.put(REPORT, "reportScan");
        functions.put(DEAD_LETTER, "reportDeadLetter");
        return functions;
    }

    /**
     * Publishes a message.
     *
     * @param root of the message because of which it is published; null where it comes from outside
     */
    Message publish(String topic, String data, Map<String, String> attributes, Instant now, @Nullable String root) {
        published++;
        String id = String.valueOf(1000 + published);
        String function = FUNCTIONS.get(topic);
        if (topic.equals(RESULTS)) {
            return new Message(topic, RESULTS, id, root, data, attributes, now);
        }
        if (function == null) {
            throw new IllegalArgumentException("no topic " + topic);
        }
        Message message = new Message(topic, function, id, root, data, attributes, now);
        roots.put(id, message.root);
        message.due = now.plusMillis(dice.nextInt(400));
        waiting.add(message);
        return message;
    }

    /** The message from outside that a message goes back to. */
    String rootOf(String id) {
        return roots.getOrDefault(id, id);
    }

    /** One that may be delivered now, any of them; null when there is none. */
    @Nullable
    Message next(Instant now) {
        List<Message> due =
                waiting.stream().filter(message -> !message.due.isAfter(now)).toList();
        return due.isEmpty() ? null : due.get(dice.nextInt(due.size()));
    }

    @Nullable
    Instant nextDue() {
        return waiting.stream()
                .map(message -> message.due)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** Delivers: until it is acknowledged or not, it is held back, unless it is delivered twice. */
    void delivered(Message message, Instant now, boolean twice) {
        message.attempts++;
        message.underWay++;
        message.due = twice ? now : now.plus(Duration.ofMinutes(6));
    }

    void acknowledge(Message message) {
        message.underWay--;
        message.acknowledged = true;
        waiting.remove(message);
    }

    /**
     * Takes a message back that was not acknowledged.
     *
     * @return the dead letter that became of it, if it did
     */
    Optional<Message> refuse(Message message, Instant now, int attemptsAtMost) {
        message.underWay--;
        if (message.acknowledged || !waiting.contains(message)) {
            return Optional.empty();
        }
        int most = message.topic.equals(REPORT) ? ATTEMPTS_OF_THE_REPORT : attemptsAtMost;
        boolean last = message.attempts >= most && !message.topic.equals(DEAD_LETTER);
        if (last && message.underWay == 0) {
            waiting.remove(message);
            Map<String, String> attributes = new TreeMap<>(message.attributes);
            attributes.put(ADDED_TO_A_DEAD_LETTER + "SourceDeliveryCount", String.valueOf(message.attempts));
            attributes.put(ADDED_TO_A_DEAD_LETTER + "SourceSubscription", "cmek-" + message.topic);
            attributes.put(
                    ADDED_TO_A_DEAD_LETTER + "SourceTopicPublishTime",
                    message.publishedAt.toString().replace("Z", "+00:00"));
            publish(DEAD_LETTER, message.data, attributes, now, message.root);
            return Optional.of(message);
        }
        long backoff = Math.min(600, 10L << Math.min(message.attempts, 6));
        message.due = now.plusSeconds(backoff).plusMillis(dice.nextInt(1000));
        return Optional.empty();
    }

    /** Publishes what became a dead letter once more, as {@code cmek dead-letters --replay} does. */
    void replay(Message letter, Instant now) {
        Map<String, String> attributes = new TreeMap<>(letter.attributes);
        attributes.merge("replay", "1", (before, one) -> String.valueOf(Integer.parseInt(before) + 1));
        attributes.putIfAbsent("replayOf", letter.publishedAt.toString());
        publish(letter.topic, letter.data, attributes, now, letter.root);
    }
}
