package cmek.cli;

import cmek.cli.Follower.Heard;
import cmek.cli.Follower.Published;
import cmek.client.pubsub.PubSubHttp.Message;
import cmek.finding.TransientException;
import cmek.model.Json;
import cmek.result.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes messages, a limited number at a time, and follows each to its end. */
final class Batch {

    private static final Duration BETWEEN_POLLS = Duration.ofSeconds(1);

    private final Surroundings surroundings;
    private final Follower follower;
    private final int outstanding;
    private final Duration patience;

    /**
     * A way to publish.
     *
     * @param outstanding how many may be under way at a time
     * @param patience how long the end of a message is waited for
     */
    Batch(Surroundings surroundings, Follower follower, int outstanding, Duration patience) {
        this.surroundings = surroundings;
        this.follower = follower;
        this.outstanding = outstanding;
        this.patience = patience;
    }

    /**
     * What is published.
     *
     * @param requestId empty where the message's own id is
     */
    record Order(String label, Optional<String> requestId, Message message) {}

    /**
     * What became of it.
     *
     * @param result the newest that was heard; missing where nothing was
     */
    record Ended(Order order, Published published, JsonNode result) {

        String status() {
            return result.path("status").asText("");
        }

        boolean hasEnded() {
            return Status.isTerminal(status());
        }
    }

    /** What is told while it goes on. */
    record Telling(BiConsumer<Order, JsonNode> heard, Consumer<String> trouble) {}

    private record Open(Order order, Instant until) {}

    /** Publishes all and returns when each has ended or is not waited for any longer, in the order of the orders. */
    List<Ended> run(List<Order> orders, Function<Order, String> publish, Telling telling) {
        Deque<Order> waiting = new ArrayDeque<>(orders);
        Map<Published, Open> open = new LinkedHashMap<>();
        Map<Published, JsonNode> newest = new LinkedHashMap<>();
        Map<Published, Order> all = new LinkedHashMap<>();
        String trouble = "";
        while (!waiting.isEmpty() || !open.isEmpty()) {
            while (!waiting.isEmpty() && open.size() < outstanding) {
                Order order = waiting.remove();
                String id = publish.apply(order);
                Published published = new Published(order.requestId().orElse(id), id);
                open.put(
                        published,
                        new Open(order, surroundings.clock().instant().plus(patience)));
                all.put(published, order);
            }
            boolean quiet = true;
            try {
                for (Heard heard : follower.poll(List.copyOf(open.keySet()))) {
                    Order order = all.get(heard.published());
                    if (order == null || Status.isTerminal(status(newest.get(heard.published())))) {
                        continue;
                    }
                    quiet = false;
                    newest.put(heard.published(), heard.result());
                    telling.heard().accept(order, heard.result());
                    if (Status.isTerminal(status(heard.result()))) {
                        open.remove(heard.published());
                    }
                }
                trouble = "";
            } catch (TransientException e) {
                // Said once, and at once: it may be a network that is down for good.
                String now = String.valueOf(e.getMessage());
                if (!now.equals(trouble)) {
                    telling.trouble().accept(now);
                }
                trouble = now;
            }
            open.values().removeIf(one -> !surroundings.clock().instant().isBefore(one.until()));
            if (quiet && !open.isEmpty()) {
                pause();
            }
        }
        List<Ended> ended = new ArrayList<>();
        all.forEach((published, order) ->
                ended.add(new Ended(order, published, newest.getOrDefault(published, MissingNode.getInstance()))));
        return ended;
    }

    private static String status(@Nullable JsonNode result) {
        return result == null ? "" : result.path("status").asText("");
    }

    private void pause() {
        try {
            surroundings.sleeper().pause(BETWEEN_POLLS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for results", e);
        }
    }

    /** An end for a program, also of what was not heard of. */
    static JsonNode json(Ended ended) {
        if (ended.result().isObject()) {
            return ended.result();
        }
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("requestId", ended.published().requestId())
                .put("messageId", ended.published().messageId());
        return json.putNull("status");
    }
}
