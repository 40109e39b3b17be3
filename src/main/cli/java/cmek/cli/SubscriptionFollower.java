package cmek.cli;

import cmek.client.pubsub.PubSubHttp;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.model.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pulls results from a subscription. From one of its own it takes everything; from one that others use it takes nothing but
 * the results of its own messages, and gives all others back at once.
 */
final class SubscriptionFollower implements Follower {

    /** One pull returns only some of what there is. */
    private static final int PULLS_AT_MOST = 20;

    private final PubSubHttp pubsub;
    private final String subscription;
    private final boolean own;
    private final Map<String, Published> mine = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    private SubscriptionFollower(PubSubHttp pubsub, String subscription, boolean own) {
        this.pubsub = pubsub;
        this.subscription = subscription;
        this.own = own;
    }

    /** Creates a subscription of its own: before anything is published, for it only gets what is published later. */
    static SubscriptionFollower ofItsOwn(PubSubHttp pubsub, String subscription, String topic) {
        pubsub.createSubscription(subscription, topic);
        return new SubscriptionFollower(pubsub, subscription, true);
    }

    /** Uses one that exists. */
    static SubscriptionFollower sharing(PubSubHttp pubsub, String subscription) {
        return new SubscriptionFollower(pubsub, subscription, false);
    }

    @Override
    public List<Heard> poll(Collection<Published> open) {
        // The ce-id of a result names the message that it is about, whatever else has the same request id.
        open.forEach(published -> mine.put(published.requestId() + "." + published.messageId() + ".", published));
        List<Heard> heard = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int pull = 0; pull < PULLS_AT_MOST; pull++) {
            List<PubSubHttp.Received> pulled = pubsub.pull(subscription);
            if (pulled.isEmpty()) {
                break;
            }
            List<String> taken = new ArrayList<>();
            for (PubSubHttp.Received received : pulled) {
                String id = received.message().attributes().getOrDefault("ce-id", "");
                Optional<Published> published = published(id);
                if (own || published.isPresent()) {
                    taken.add(received.ackId());
                } else {
                    others.add(received.ackId());
                }
                if (published.isPresent() && seen.add(id)) {
                    JsonNode result = Json.tree(received.message().text());
                    if (!result.isMissingNode()) {
                        heard.add(new Heard(published.get(), result));
                    }
                }
            }
            pubsub.acknowledge(subscription, taken);
            if (taken.isEmpty()) {
                break;
            }
        }
        // Only now: what is given back earlier comes again in the next pull.
        pubsub.modifyAckDeadline(subscription, others, 0);
        heard.sort(Comparator.comparing(
                result -> result.result().path("occurredAt").asText()));
        return heard;
    }

    private Optional<Published> published(String id) {
        // requestId.messageId.step.status, and perhaps the number of an attempt; a request id may have dots itself.
        int dot = id.length();
        while ((dot = id.lastIndexOf('.', dot - 1)) > 0) {
            Published found = mine.get(id.substring(0, dot + 1));
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    @Override
    public void leave() {
        if (own) {
            try {
                pubsub.deleteSubscription(subscription);
            } catch (PermanentException | TransientException e) {
                // It is deleted by itself after a day without use.
            }
        }
    }
}
