package cmek.cli;

import cmek.client.pubsub.PubSubHttp;
import cmek.client.pubsub.PubSubHttp.Message;
import cmek.client.pubsub.PubSubHttp.Received;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.model.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters, or publishes them again. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the messages that a step failed on after all retries. They are kept.",
            "With --replay each is published again as it was, and its request goes on from the step that failed."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  cmek dead-letters --project acme-cmek", "  cmek dead-letters --request payments-prod --replay"})
final class DeadLettersCommand implements Callable<Integer> {

    private static final String ADDED = "CloudPubSubDeadLetter";
    private static final Pattern SUBSCRIPTION = Pattern.compile("[A-Za-z][A-Za-z0-9._~+%-]{2,254}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
    private static final int REPLAYS_AT_MOST = 99;

    /** Longer than it takes to read them all. */
    private static final int HELD_SECONDS = 600;

    /** A request is limited in its size. */
    private static final int GIVEN_BACK_AT_ONCE = 1_000;

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Option(names = "--request", paramLabel = "ID", description = "only the dead letters of this request")
    private @Nullable String request;

    @Option(names = "--replay", description = "publish them again on their original topics")
    private boolean replay;

    private final Map<String, String> topics = new HashMap<>();

    /** Held while a letter is replayed, and from an interruption on: after it none is replayed any more. */
    private final ReentrantLock replaying = new ReentrantLock();

    DeadLettersCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ServiceOptions.Service service = services.service(surroundings);
        PubSubHttp pubsub = service.pubsub();
        String subscription = service.topic("dead-letter-kept");
        Set<String> kept = Collections.synchronizedSet(new LinkedHashSet<>());
        Interruption interruption = new Interruption(() -> {
            replaying.lock();
            giveBack(pubsub, subscription, kept);
        });
        try {
            return readAll(pubsub, subscription, kept);
        } finally {
            interruption.forget();
            giveBack(pubsub, subscription, kept);
        }
    }

    private int readAll(PubSubHttp pubsub, String subscription, Set<String> kept) {
        Set<String> seen = new HashSet<>();
        int count = 0;
        int failed = 0;
        // A pull returns only some of the messages. When two in a row return nothing new, all messages have been seen.
        for (int empty = 0; empty < 2; ) {
            List<Received> pulled = pubsub.pull(subscription);
            pubsub.modifyAckDeadline(
                    subscription, pulled.stream().map(Received::ackId).toList(), HELD_SECONDS);
            empty++;
            for (Received letter : pulled) {
                kept.add(letter.ackId());
                if (!seen.add(letter.messageId())) {
                    continue;
                }
                empty = 0;
                String of = requestOf(letter.message());
                if (request != null && !request.equals(of)) {
                    continue;
                }
                count++;
                if (!handle(pubsub, subscription, letter, of, kept)) {
                    failed++;
                }
            }
        }
        output.line(surroundings, Output.number(count, "dead letter"));
        return failed == 0 ? Exit.WELL : Exit.REFUSED;
    }

    private boolean handle(PubSubHttp pubsub, String subscription, Received letter, String of, Set<String> kept) {
        Optional<String> topic = topic(pubsub, letter.message());
        String status = topic.isEmpty() ? "FAILED" : replay ? "REPLAYED" : "KEPT";
        try {
            if (replay && topic.isPresent()) {
                replay(pubsub, subscription, topic.get(), letter);
                kept.remove(letter.ackId());
            }
        } catch (PermanentException | TransientException e) {
            status = "FAILED";
            surroundings.err().println("cmek dead-letters: " + letter.messageId() + " is kept: " + e.getMessage());
        }
        String shown =
                topic.map(name -> name.substring(name.lastIndexOf('/') + 1)).orElse("-");
        output.line(
                surroundings,
                status,
                String.format("%-9s %s %s %s", status, letter.messageId(), shown, of)
                        + (topic.isEmpty() ? "  its original topic is unknown" : ""));
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("messageId", letter.messageId())
                .put("topic", shown)
                .put("requestId", of)
                .put("status", status);
        output.object(surroundings, json);
        return !status.equals("FAILED");
    }

    private void replay(PubSubHttp pubsub, String subscription, String topic, Received letter) {
        replaying.lock();
        try {
            pubsub.publish(topic, replayed(letter.message()));
            pubsub.acknowledge(subscription, List.of(letter.ackId()));
        } finally {
            replaying.unlock();
        }
    }

    /** What is kept can be read again at once, by this command too. */
    private static void giveBack(PubSubHttp pubsub, String subscription, Set<String> kept) {
        List<String> all = List.of(kept.toArray(new String[0]));
        try {
            for (int i = 0; i < all.size(); i += GIVEN_BACK_AT_ONCE) {
                pubsub.modifyAckDeadline(subscription, all.subList(i, Math.min(all.size(), i + GIVEN_BACK_AT_ONCE)), 0);
            }
        } catch (PermanentException | TransientException e) {
            // It comes back by itself, a little later.
        }
    }

    /** The messages between the steps have the request's id as an attribute; the first one has it in its data, if at all. */
    private static String requestOf(Message letter) {
        String id = letter.attributes().get("requestId");
        return (id != null ? id : requestIn(letter.text())).replaceAll("[^A-Za-z0-9._:-]", "?");
    }

    private static String requestIn(String text) {
        JsonNode id = Json.tree(text).path("requestId");
        return id.isTextual() ? id.asText() : "-";
    }

    /** Pub/Sub records the source subscription of a dead letter, which knows the topic. */
    private Optional<String> topic(PubSubHttp pubsub, Message letter) {
        String source = letter.attributes().getOrDefault(ADDED + "SourceSubscription", "");
        if (!SUBSCRIPTION.matcher(source).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(topics.computeIfAbsent(source, pubsub::topicOf))
                    .filter(topic -> !topic.isEmpty() && !topic.startsWith("_"));
        } catch (PermanentException e) {
            return Optional.empty();
        }
    }

    /**
     * The message as it was, without what Pub/Sub added to the dead letter. The service recognizes a replay by its number and
     * by the time at which the message was published first, which names the message.
     */
    private static Message replayed(Message letter) {
        Map<String, String> attributes = new TreeMap<>(letter.attributes());
        attributes.keySet().removeIf(name -> name.startsWith(ADDED));
        String before = attributes.getOrDefault("replay", "0");
        int times = NUMBER.matcher(before).matches() ? Integer.parseInt(before) : 0;
        attributes.put("replay", String.valueOf(Math.min(REPLAYS_AT_MOST, times + 1)));
        String first = letter.attributes().get(ADDED + "SourceTopicPublishTime");
        if (first != null) {
            attributes.putIfAbsent("replayOf", first);
        }
        return new Message(letter.data(), attributes, letter.orderingKey());
    }
}
