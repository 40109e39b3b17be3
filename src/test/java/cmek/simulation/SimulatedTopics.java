package cmek.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.onboarding.Step;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pub/Sub as badly as it may behave: any order, duplicates side by side, redelivery, dead letters. */
final class SimulatedTopics {

    static final String RESULTS = "results";
    private static final String DEAD_LETTER = "dead-letter";
    private static final Map<String, String> FUNCTIONS = functions();

    private final SplittableRandom dice;
    private final List<Message> waiting = new ArrayList<>();
    private final List<Message> results = new ArrayList<>();
    private long published;

    SimulatedTopics(SplittableRandom dice) {
        this.dice = dice;
    }

    /** A message on its way to its function. */
    static final class Message {

        final String function;
        final String id;
        final String data;
        final Map<String, String> attributes;
        final Instant publishedAt;
        Instant due;
        int attempts;
        int underWay;
        boolean acknowledged;

        private Message(String function, String id, String data, Map<String, String> attributes, Instant publishedAt) {
            this.function = function;
            this.id = id;
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
        functions.put(DEAD_LETTER, "reportDeadLetter");
        return functions;
    }

    String publish(String topic, String data, Map<String, String> attributes, Instant now) {
        published++;
        String id = String.valueOf(1000 + published);
        if (topic.equals(RESULTS)) {
            results.add(new Message(RESULTS, id, data, attributes, now));
            return id;
        }
        String function = FUNCTIONS.get(topic);
        if (function == null) {
            throw new IllegalArgumentException("no topic " + topic);
        }
        Message message = new Message(function, id, data, attributes, now);
        message.due = now.plusMillis(dice.nextInt(400));
        waiting.add(message);
        return id;
    }

    List<Message> results() {
        return results;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
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

    void refuse(Message message, Instant now, int attemptsAtMost) {
        message.underWay--;
        if (message.acknowledged || !waiting.contains(message)) {
            return;
        }
        boolean last = message.attempts >= attemptsAtMost && !message.function.equals("reportDeadLetter");
        if (last && message.underWay == 0) {
            waiting.remove(message);
            Map<String, String> attributes = new TreeMap<>(message.attributes);
            attributes.put("CloudPubSubDeadLetterSourceDeliveryCount", String.valueOf(message.attempts));
            attributes.put("CloudPubSubDeadLetterSourceSubscription", "cmek-" + message.function);
            attributes.put(
                    "CloudPubSubDeadLetterSourceTopicPublishTime",
                    message.publishedAt.toString().replace("Z", "+00:00"));
            publish(DEAD_LETTER, message.data, attributes, now);
            return;
        }
        long backoff = Math.min(600, 10L << Math.min(message.attempts, 6));
        message.due = now.plusSeconds(backoff).plusMillis(dice.nextInt(1000));
    }
}
