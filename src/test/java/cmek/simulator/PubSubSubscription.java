package cmek.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What one subscription still owes its reader. Not safe by itself: {@link PubSubSimulator} holds the lock. */
final class PubSubSubscription {

    /** The pace of redelivery; the service adds jitter to it, a simulator must not. */
    record Backoff(Duration minimum, Duration maximum) {

        /** How long a message rests after it has failed so many times. */
        Duration after(int failures) {
            Duration rest = minimum;
            for (int i = 1; i < failures && rest.compareTo(maximum) < 0; i++) {
                rest = rest.multipliedBy(2);
            }
            return rest.compareTo(maximum) < 0 ? rest : maximum;
        }
    }

    record DeadLetter(String topic, int maxDeliveryAttempts) {}

    /**
     * How a subscription was made.
     *
     * @param pushEndpoint empty for a subscription that is pulled
     * @param retryPolicy empty for the service's own pace
     * @param resource what reading the subscription answers
     */
    record Settings(
            String name,
            Optional<URI> pushEndpoint,
            Duration ackDeadline,
            Optional<Backoff> retryPolicy,
            Optional<DeadLetter> deadLetter,
            boolean ordering,
            ObjectNode resource) {}

    /** One message on its way to this subscription's reader. */
    static final class Delivery {

        private final PubSubMessage message;
        private State state = State.READY;
        private int attempt;
        private long lease;
        private boolean repeated;

        private Delivery(PubSubMessage message) {
            this.message = message;
        }

        PubSubMessage message() {
            return message;
        }

        /** How often it has been handed out, this time included. */
        int attempt() {
            return attempt;
        }

        /** Which handing out this is; an older one has no say any more. */
        long lease() {
            return lease;
        }
    }

    private enum State {
        READY,
        OUT,
        RESTING
    }

    /** Push without a retry policy; pull without one is redelivered at once. */
    private static final Backoff PUSH_PACE = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60));

    private final Settings settings;
    private final Set<Delivery> deliveries = new LinkedHashSet<>();
    private final Map<String, Deque<Delivery>> lines = new HashMap<>();
    private final Map<Long, Delivery> leases = new HashMap<>();
    private long leased;
    private CompletableFuture<Boolean> bell = new CompletableFuture<>();

    PubSubSubscription(Settings settings) {
        this.settings = settings;
    }

    Settings settings() {
        return settings;
    }

    boolean isPush() {
        return settings.pushEndpoint().isPresent();
    }

    /** Messages not yet acknowledged. */
    int unacknowledged() {
        return deliveries.size();
    }

    boolean owes(Delivery delivery) {
        return deliveries.contains(delivery);
    }

    /** Rings when there may be something to take. */
    CompletableFuture<Boolean> bell() {
        return bell;
    }

    void ring() {
        CompletableFuture<Boolean> rung = bell;
        bell = new CompletableFuture<>();
        rung.complete(true);
    }

    void add(PubSubMessage message) {
        Delivery delivery = new Delivery(message);
        deliveries.add(delivery);
        if (isOrdered(delivery)) {
            lines.computeIfAbsent(message.orderingKey(), unused -> new ArrayDeque<>())
                    .add(delivery);
        }
        ring();
    }

    /** Hands out what is ready, oldest first; of one ordering key only the foremost message. */
    List<Delivery> take(int max) {
        List<Delivery> taken = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (taken.size() == max) {
                break;
            }
            if (delivery.state == State.READY && isForemost(delivery)) {
                delivery.state = State.OUT;
                delivery.attempt++;
                lease(delivery);
                taken.add(delivery);
            }
        }
        return taken;
    }

    String ackId(Delivery delivery) {
        return settings.name() + ":" + delivery.lease;
    }

    /** The delivery an ack id speaks of; empty when it has been settled already. */
    Optional<Delivery> delivery(long lease) {
        return Optional.ofNullable(leases.get(lease)).filter(deliveries::contains);
    }

    /** Whether this handing out is the newest and still unanswered. */
    boolean isOut(Delivery delivery, long lease) {
        return deliveries.contains(delivery) && delivery.state == State.OUT && delivery.lease == lease;
    }

    /** Begins a new deadline: the old lease no longer counts, but may still acknowledge. */
    long lease(Delivery delivery) {
        delivery.lease = ++leased;
        leases.put(delivery.lease, delivery);
        return delivery.lease;
    }

    void settle(Delivery delivery) {
        deliveries.remove(delivery);
        Deque<Delivery> line = lines.get(delivery.message.orderingKey());
        if (line != null && isOrdered(delivery)) {
            line.remove(delivery);
            if (line.isEmpty()) {
                lines.remove(delivery.message.orderingKey());
            }
        }
        ring();
    }

    /** As if the acknowledgement had been lost: once per message, so that a duplicate has no duplicates. */
    void repeat(Delivery delivery) {
        delivery.repeated = true;
        ready(delivery);
    }

    boolean isRepeated(Delivery delivery) {
        return delivery.repeated;
    }

    /** How long a failed delivery rests before it is ready again. */
    Duration rest(Delivery delivery) {
        delivery.state = State.RESTING;
        return settings.retryPolicy()
                .or(() -> isPush() ? Optional.of(PUSH_PACE) : Optional.empty())
                .map(pace -> pace.after(delivery.attempt))
                .orElse(Duration.ZERO);
    }

    void ready(Delivery delivery) {
        delivery.state = State.READY;
        ring();
    }

    private boolean isOrdered(Delivery delivery) {
        return settings.ordering() && !delivery.message.orderingKey().isEmpty();
    }

    private boolean isForemost(Delivery delivery) {
        if (!isOrdered(delivery)) {
            return true;
        }
        Deque<Delivery> line = lines.get(delivery.message.orderingKey());
        return line != null && line.peekFirst() == delivery;
    }
}
