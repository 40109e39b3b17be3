package cmek.cli;

import cmek.cli.Batch.Ended;
import cmek.cli.Batch.Order;
import cmek.cli.Follower.Published;
import cmek.cli.ServiceOptions.Service;
import cmek.client.pubsub.PubSubHttp.Message;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.model.SafeText;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Publishes messages and tells a person or a program what becomes of them. */
final class Publication {

    private static final int SHOWN = 2_000;

    private final Surroundings surroundings;
    private final Output output;
    private final Service service;
    private final String topic;
    private final Set<String> open = new LinkedHashSet<>();

    /** Held while a message is published, and from an interruption on: after it nothing is published any more. */
    private final ReentrantLock publishing = new ReentrantLock();

    private int unpublished;

    Publication(Surroundings surroundings, Output output, Service service, String topic) {
        this.surroundings = surroundings;
        this.output = output;
        this.service = service;
        this.topic = service.topic(topic);
    }

    /** Publishes requests and returns at once. */
    int publish(List<Order> orders) {
        for (Order order : orders) {
            String id = publish(order);
            String requestId = order.requestId().orElse(id);
            output.line(surroundings, "published " + requestId);
            output.object(
                    surroundings,
                    cmek.model.Json.MAPPER
                            .createObjectNode()
                            .put("requestId", requestId)
                            .put("messageId", id));
        }
        output.line(
                surroundings,
                comeBack(orders.stream()
                        .flatMap(order -> order.requestId().stream())
                        .toList()));
        return Exit.WELL;
    }

    private String publish(Order order) {
        publishing.lock();
        try {
            String id = service.pubsub().publish(topic, order.message());
            unpublished--;
            open.add(order.requestId().orElse(id));
            return id;
        } finally {
            publishing.unlock();
        }
    }

    /** Publishes and follows; prints a line when a request ends, or each step where there is one request. */
    List<Ended> follow(List<Order> orders, FollowOptions options, int outstanding) {
        Follower follower = options.follower(service);
        unpublished = orders.size();
        Interruption interruption = new Interruption(() -> {
            publishing.lock();
            sayWhatGoesOn();
            follower.leave();
        });
        try {
            Batch batch = new Batch(surroundings, follower, outstanding, options.timeout());
            int[] done = {0};
            return batch.run(
                    orders,
                    this::publish,
                    new Batch.Telling(
                            (order, result) -> heard(orders.size(), result, done),
                            trouble -> surroundings
                                    .err()
                                    .println("results cannot be read at the moment, trying again: "
                                            + SafeText.sanitize(trouble, SHOWN))));
        } catch (PermanentException | TransientException e) {
            if (!open.isEmpty()) {
                sayWhatGoesOn();
            }
            throw e;
        } finally {
            interruption.forget();
            follower.leave();
        }
    }

    /** Publishes, follows, prints what became of each, and returns the exit status. */
    int followToTheEnds(List<Order> orders, FollowOptions options, int outstanding) {
        List<Ended> ended = follow(orders, options, outstanding);
        summary(ended);
        return exit(ended);
    }

    private void sayWhatGoesOn() {
        surroundings.err().println(open.size() + " under way, and they go on. " + comeBack(open));
        if (unpublished > 0) {
            surroundings.err().println(unpublished + " were not published: run the command again for them");
        }
    }

    private void heard(int total, JsonNode result, int[] done) {
        String status = result.path("status").asText();
        boolean ended = cmek.result.Status.isTerminal(status);
        if (ended) {
            publishing.lock();
            try {
                open.remove(result.path("requestId").asText());
            } finally {
                publishing.unlock();
            }
            done[0]++;
        }
        if (ended || total == 1 || status.equals("RETRYING")) {
            String count = total == 1 ? "" : "[" + done[0] + "/" + total + "] ";
            String step =
                    total == 1 ? String.format("%-18s ", result.path("step").asText()) : "";
            String reason = result.path("reason").asText("");
            output.line(
                    surroundings,
                    status,
                    count + String.format("%-17s ", status) + step
                            + result.path("requestId").asText() + "  "
                            + (reason.isEmpty() || reason.equals("null") ? "" : reason + ": ")
                            + result.path("message").asText());
        }
    }

    private String comeBack(java.util.Collection<String> ids) {
        return ids.isEmpty()
                ? "cmek status shows where a request is"
                : "to come back: cmek status --project " + service.project() + " " + String.join(" ", ids);
    }

    /** Prints every end: a table with what to do for a person, an object a line for a program. */
    void summary(List<Ended> all) {
        List<List<String>> rows = new ArrayList<>();
        for (Ended ended : all) {
            output.object(surroundings, Batch.json(ended));
            JsonNode result = ended.result();
            rows.add(List.of(
                    ended.published().requestId(),
                    ended.hasEnded()
                            ? ended.status()
                            : "not ended" + (ended.status().isEmpty() ? "" : ", " + ended.status()),
                    text(result, "reason"),
                    text(result, "actor"),
                    text(result, "key")));
        }
        output.line(surroundings, "");
        output.table(surroundings, List.of("REQUEST", "STATUS", "REASON", "WHO MUST ACT", "KEY"), rows);
        for (Ended ended : all) {
            List<String> fixes = new ArrayList<>();
            ended.result().path("remedy").forEach(line -> fixes.add(line.asText()));
            if (!fixes.isEmpty()) {
                output.line(surroundings, "");
                output.line(surroundings, ended.published().requestId() + ": " + text(ended.result(), "message"));
                fixes.forEach(fix -> output.line(surroundings, "    fix: " + fix));
            }
        }
        for (Ended ended : all) {
            ended.result()
                    .path("warnings")
                    .forEach(warning -> output.line(
                            surroundings,
                            ended.published().requestId() + ": warning "
                                    + warning.path("reason").asText() + ": "
                                    + warning.path("message").asText()));
        }
        List<String> late = all.stream()
                .filter(ended -> !ended.hasEnded())
                .map(Ended::published)
                .map(Published::requestId)
                .toList();
        if (!late.isEmpty()) {
            output.line(surroundings, "");
            output.line(surroundings, late.size() + " did not end in time, and go on; " + comeBack(late));
        }
    }

    static String text(JsonNode result, String field) {
        JsonNode value = result.path(field);
        return value.isTextual() ? value.asText() : "-";
    }

    static int exit(List<Ended> ended) {
        return exitOf(ended.stream().map(Ended::status).toList());
    }

    /** The exit status of what became of requests. */
    static int exitOf(List<String> statuses) {
        if (statuses.stream().anyMatch(status -> status.equals("REFUSED") || status.equals("FAILED"))) {
            return Exit.REFUSED;
        }
        if (statuses.stream().anyMatch(status -> !cmek.result.Status.isTerminal(status))) {
            return Exit.NOT_HEARD;
        }
        return statuses.contains("AWAITING_APPROVAL") ? Exit.AWAITING : Exit.WELL;
    }

    /** A request as it is published. */
    static Order order(Declared declared, JsonNode json) {
        return new Order(
                declared.place(),
                Optional.of(json.path("requestId").asText("")).filter(id -> !id.isEmpty()),
                Message.of(cmek.model.Json.written(json), Map.of()));
    }
}
