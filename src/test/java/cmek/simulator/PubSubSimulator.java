package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.simulator.PubSubSubscription.Backoff;
import cmek.simulator.PubSubSubscription.DeadLetter;
import cmek.simulator.PubSubSubscription.Delivery;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pub/Sub, by its REST API v1: topics, publishing, pull, and push with acknowledgement by status, redelivery, dead
 * letters and ordering.
 *
 * <p>What it does not know it answers with 501 and never passes over: filters, unwrapped push, other kinds of export,
 * updates, snapshots, IAM. Nothing expires and nothing is forgotten.
 *
 * <p>Stricter than the official emulator where the service is: a deadline under 10 seconds, a message over 10,000,000 bytes and a
 * pull from a push subscription are refused; a push tells its {@code deliveryAttempt} where there is a dead-letter
 * policy. More lenient than the service: {@code http://} push endpoints, and backoffs under a second.
 *
 * @see <a href="https://cloud.google.com/pubsub/docs/reference/rest">Pub/Sub REST API</a>
 */
public final class PubSubSimulator implements Simulator, AutoCloseable {

    /** Time, as far as the simulator waits for anything. A task must not run inside the call that hands it over. */
    @FunctionalInterface
    public interface Later {

        void after(Duration delay, Runnable task);

        /** Real time: one thread tells the time, others do what is due, for a push may take as long as its deadline. */
        static Later on(ScheduledExecutorService timer, Executor threads) {
            return (delay, task) -> {
                var unused = timer.schedule(() -> threads.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            };
        }
    }

    /** How a push reaches its endpoint. */
    @FunctionalInterface
    public interface Pusher {

        /**
         * Posts one envelope.
         *
         * @return the HTTP status, or -1 when there was no answer within the deadline
         */
        int push(URI endpoint, String json, Duration deadline);

        /** Real HTTP. */
        static Pusher overHttp() {
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
            return (endpoint, json, deadline) -> {
                HttpRequest request = HttpRequest.newBuilder(endpoint)
                        .timeout(deadline)
                        .header("content-type", "application/json")
                        .header("user-agent", "CloudPubSub-Google")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build();
                try {
                    return http.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                } catch (IOException e) {
                    return -1;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return -1;
                }
            };
        }
    }

    /** An error as Google's APIs put it. */
    private static final class Refusal extends Exception {

        private static final long serialVersionUID = 1;

        private final int code;
        private final String status;

        Refusal(int code, String status, String message) {
            super(message);
            this.code = code;
            this.status = status;
        }

        static Refusal invalid(String message) {
            return new Refusal(400, "INVALID_ARGUMENT", message);
        }

        Reply reply() {
            ObjectNode body = JSON.createObjectNode();
            body.putObject("error")
                    .put("code", code)
                    .put("message", getMessage())
                    .put("status", status);
            return json(code, body);
        }
    }

    private record Wake(Duration delay, Runnable task) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH = Pattern.compile(
            "/v1/projects/(?<project>[^/]+)/(?<kind>topics|subscriptions)(?:/(?<id>[^/:]+)(?<more>/[a-z]+|:[a-zA-Z]+)?)?");
    private static final Pattern ID = Pattern.compile("(?!goog)[a-zA-Z][a-zA-Z0-9\\-_.~+%]{2,254}");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)s");
    private static final Set<Integer> ACKNOWLEDGING = Set.of(102, 200, 201, 202, 204);
    private static final Set<String> TOPIC_FIELDS = Set.of("name", "labels", "messageRetentionDuration");
    private static final Set<String> SUBSCRIPTION_FIELDS = Set.of(
            "name",
            "topic",
            "pushConfig",
            "ackDeadlineSeconds",
            "retryPolicy",
            "deadLetterPolicy",
            "enableMessageOrdering",
            "expirationPolicy",
            "labels",
            "messageRetentionDuration");
    /** Understood by the service, but not here. */
    private static final Set<String> NOT_SIMULATED = Set.of(
            "filter",
            "noWrapper",
            "bigqueryConfig",
            "cloudStorageConfig",
            "detached",
            "enableExactlyOnceDelivery",
            "retainAckedMessages",
            "schemaSettings",
            "kmsKeyName",
            "messageStoragePolicy",
            "ingestionDataSourceSettings",
            "messageTransforms");

    private static final String DELETED_TOPIC = "_deleted-topic_";
    private static final int MESSAGES_A_REQUEST = 1000;
    private static final int BYTES_A_REQUEST = 10_000_000;
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);
    /** The service holds an empty pull open for up to a minute and a half. */
    private static final Duration PULL_WAITS = Duration.ofSeconds(5);

    private final Journal journal;
    private final GoogleFrontEnd frontEnd;
    private final InstantSource clock;
    private final Later later;
    private final Pusher pusher;

    private final Object lock = new Object();
    private final Map<String, List<PubSubMessage>> published = new TreeMap<>();
    private final Map<String, ObjectNode> topics = new TreeMap<>();
    private final Map<String, PubSubSubscription> subscriptions = new TreeMap<>();
    private final Deque<Wake> wakes = new ArrayDeque<>();
    private long messageIds;
    private int duplicateEvery;
    private int acknowledged;
    private boolean closed;

    public PubSubSimulator(Journal journal, InstantSource clock, Later later, Pusher pusher) {
        this.journal = journal;
        this.clock = clock;
        this.later = later;
        this.pusher = pusher;
        this.frontEnd = new GoogleFrontEnd(ApiStructure.PUB_SUB, journal, "pubsub", this::served);
    }

    /** A topic that somebody made. */
    public PubSubSimulator withTopic(String name) {
        synchronized (lock) {
            topics.putIfAbsent(name, JSON.createObjectNode().put("name", name));
            published.putIfAbsent(name, new ArrayList<>());
        }
        return this;
    }

    /** Pushes every n-th acknowledged message once more, as if its acknowledgement had been lost; 0 for none. */
    public void duplicateEvery(int n) {
        synchronized (lock) {
            duplicateEvery = n;
        }
    }

    /** Messages that push subscriptions have not been able to deliver yet, those on their way included. */
    public int outstanding() {
        synchronized (lock) {
            return subscriptions.values().stream()
                    .filter(PubSubSubscription::isPush)
                    .mapToInt(PubSubSubscription::unacknowledged)
                    .sum();
        }
    }

    /**
     * Everything that was published to a topic, dead letters included, oldest first.
     *
     * @param topic {@code projects/…/topics/…}
     */
    public List<PubSubMessage> published(String topic) {
        synchronized (lock) {
            return List.copyOf(published.getOrDefault(topic, List.of()));
        }
    }

    /** Everything that was ever published, by topic. */
    public Map<String, List<PubSubMessage>> published() {
        synchronized (lock) {
            Map<String, List<PubSubMessage>> copy = new TreeMap<>();
            published.forEach((topic, messages) -> copy.put(topic, List.copyOf(messages)));
            return copy;
        }
    }

    /** Delivers nothing any more and lets waiting pulls go. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            subscriptions.values().forEach(PubSubSubscription::ring);
        }
    }

    @Override
    public Reply answer(Call call) {
        return frontEnd.answer(call);
    }

    private Reply served(Call call) {
        Matcher path = PATH.matcher(call.path());
        if (!path.matches()) {
            return new Refusal(404, "NOT_FOUND", "no such method: " + call.method() + " " + call.path()).reply();
        }
        String parent = "projects/" + path.group("project");
        String id = path.group("id");
        String kind = path.group("kind");
        boolean topic = kind.equals("topics");
        String name = id == null ? parent : parent + "/" + kind + "/" + id;
        String method = id == null ? call.method() : call.method() + " " + orEmpty(path.group("more"));
        String operation = switch (method) {
            case "GET" -> topic ? "ListTopics" : "ListSubscriptions";
            case "GET " -> topic ? "GetTopic" : "GetSubscription";
            case "PUT " -> topic ? "CreateTopic" : "CreateSubscription";
            case "DELETE " -> topic ? "DeleteTopic" : "DeleteSubscription";
            case "GET /subscriptions" -> topic ? "ListTopicSubscriptions" : "";
            case "POST :publish" -> topic ? "Publish" : "";
            case "POST :pull" -> topic ? "" : "Pull";
            case "POST :acknowledge" -> topic ? "" : "Acknowledge";
            case "POST :modifyAckDeadline" -> topic ? "" : "ModifyAckDeadline";
            default -> "";
        };
        Reply reply;
        try {
            reply = operation.isEmpty()
                    ? new Refusal(501, "UNIMPLEMENTED", "not simulated: " + call.method() + " " + call.path()).reply()
                    : answer(operation, name, call);
        } catch (Refusal e) {
            reply = e.reply();
        } finally {
            wake();
        }
        journal.add(new Journal.Entry(
                "pubsub",
                (operation.isEmpty() ? call.method() : operation) + " " + name,
                !call.method().equals("GET") && !operation.equals("Pull"),
                reply.status()));
        return reply;
    }

    private Reply answer(String operation, String name, Call call) throws Refusal {
        return switch (operation) {
            case "ListTopics" -> listTopics(name);
            case "GetTopic" -> getTopic(name);
            case "CreateTopic" -> createTopic(name, body(call));
            case "DeleteTopic" -> deleteTopic(name);
            case "ListTopicSubscriptions" -> listTopicSubscriptions(name);
            case "Publish" -> publish(name, body(call));
            case "ListSubscriptions" -> listSubscriptions(name);
            case "GetSubscription" -> getSubscription(name);
            case "CreateSubscription" -> createSubscription(name, body(call));
            case "DeleteSubscription" -> deleteSubscription(name);
            case "Pull" -> pull(name, body(call));
            case "Acknowledge" -> acknowledge(name, body(call));
            case "ModifyAckDeadline" -> modifyAckDeadline(name, body(call));
            default -> throw new IllegalStateException(operation);
        };
    }

    // Topics.

    private Reply listTopics(String project) {
        ObjectNode answer = JSON.createObjectNode();
        synchronized (lock) {
            topics.forEach((name, topic) -> {
                if (name.startsWith(project + "/")) {
                    answer.withArray("/topics").add(topic);
                }
            });
            return json(200, answer);
        }
    }

    private Reply getTopic(String name) throws Refusal {
        synchronized (lock) {
            return json(200, topic(name));
        }
    }

    private Reply createTopic(String name, ObjectNode body) throws Refusal {
        checkId(name);
        checkFields(body, TOPIC_FIELDS);
        ObjectNode topic = JSON.createObjectNode().put("name", name);
        body.properties().forEach(field -> topic.set(field.getKey(), field.getValue()));
        topic.put("name", name);
        synchronized (lock) {
            if (topics.putIfAbsent(name, topic) != null) {
                throw new Refusal(409, "ALREADY_EXISTS", "Topic already exists");
            }
            published.put(name, new ArrayList<>());
        }
        return json(200, topic);
    }

    private Reply deleteTopic(String name) throws Refusal {
        synchronized (lock) {
            topic(name);
            topics.remove(name);
            published.remove(name);
            for (PubSubSubscription subscription : subscriptionsOf(name)) {
                subscription.settings().resource().put("topic", DELETED_TOPIC);
            }
        }
        return json(200, JSON.createObjectNode());
    }

    private Reply listTopicSubscriptions(String name) throws Refusal {
        ObjectNode answer = JSON.createObjectNode();
        synchronized (lock) {
            topic(name);
            for (PubSubSubscription subscription : subscriptionsOf(name)) {
                answer.withArray("/subscriptions").add(subscription.settings().name());
            }
        }
        return json(200, answer);
    }

    private Reply publish(String name, ObjectNode body) throws Refusal {
        checkFields(body, Set.of("messages"));
        JsonNode messages = body.path("messages");
        if (messages.isEmpty()) {
            throw Refusal.invalid("No messages to publish");
        }
        if (messages.size() > MESSAGES_A_REQUEST) {
            throw Refusal.invalid("The value for message_count is too large.");
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode ids = answer.putArray("messageIds");
        synchronized (lock) {
            topic(name);
            List<PubSubMessage> read = new ArrayList<>();
            long bytes = 0;
            for (JsonNode message : messages) {
                PubSubMessage one = message(message);
                bytes += size(one);
                read.add(one);
            }
            if (bytes > BYTES_A_REQUEST) {
                throw Refusal.invalid("Request payload size exceeds the limit: " + BYTES_A_REQUEST + " bytes.");
            }
            // All or none: nothing is taken until the whole request is known to be good.
            for (PubSubMessage message : read) {
                ids.add(take(name, message.data(), message.attributes(), message.orderingKey()));
            }
        }
        return json(200, answer);
    }

    private String take(String topic, byte[] data, Map<String, String> attributes, String orderingKey) {
        PubSubMessage message = new PubSubMessage(Long.toString(++messageIds), now(), data, attributes, orderingKey);
        List<PubSubMessage> all = published.get(topic);
        if (all == null) {
            throw new IllegalStateException(topic);
        }
        all.add(message);
        for (PubSubSubscription subscription : subscriptionsOf(topic)) {
            subscription.add(message);
            pushReady(subscription);
        }
        return message.messageId();
    }

    // Subscriptions.

    private Reply listSubscriptions(String project) {
        ObjectNode answer = JSON.createObjectNode();
        synchronized (lock) {
            subscriptions.forEach((name, subscription) -> {
                if (name.startsWith(project + "/")) {
                    answer.withArray("/subscriptions")
                            .add(subscription.settings().resource());
                }
            });
            return json(200, answer);
        }
    }

    private Reply getSubscription(String name) throws Refusal {
        synchronized (lock) {
            return json(200, subscription(name).settings().resource());
        }
    }

    private Reply createSubscription(String name, ObjectNode body) throws Refusal {
        checkId(name);
        checkFields(body, SUBSCRIPTION_FIELDS);
        String topic = body.path("topic").asText();
        checkId(topic);
        synchronized (lock) {
            if (subscriptions.containsKey(name)) {
                throw new Refusal(409, "ALREADY_EXISTS", "Subscription already exists");
            }
            if (!topics.containsKey(topic)) {
                throw new Refusal(404, "NOT_FOUND", "Subscription topic does not exist");
            }
            PubSubSubscription subscription = new PubSubSubscription(settings(name, topic, body));
            subscriptions.put(name, subscription);
            return json(200, subscription.settings().resource());
        }
    }

    private PubSubSubscription.Settings settings(String name, String topic, ObjectNode body) throws Refusal {
        ObjectNode resource = JSON.createObjectNode().put("name", name).put("topic", topic);
        JsonNode pushConfig = body.path("pushConfig");
        checkFields(pushConfig, Set.of("pushEndpoint", "attributes", "oidcToken"));
        Optional<URI> endpoint = endpoint(pushConfig.path("pushEndpoint").asText());
        resource.set("pushConfig", pushConfig.isObject() ? pushConfig.deepCopy() : JSON.createObjectNode());

        int deadline = body.path("ackDeadlineSeconds").asInt();
        if (deadline != 0 && (deadline < 10 || deadline > 600)) {
            throw Refusal.invalid("ack_deadline_secs out of bounds");
        }
        Duration ackDeadline = Duration.ofSeconds(deadline == 0 ? 10 : deadline);
        resource.put("ackDeadlineSeconds", ackDeadline.toSeconds());
        resource.put(
                "messageRetentionDuration",
                body.path("messageRetentionDuration").asText("604800s"));
        boolean ordering = body.path("enableMessageOrdering").asBoolean();
        if (ordering) {
            resource.put("enableMessageOrdering", true);
        }
        for (String field : List.of("expirationPolicy", "labels")) {
            if (body.has(field)) {
                resource.set(field, body.get(field).deepCopy());
            }
        }
        Optional<DeadLetter> deadLetter = deadLetter(body.path("deadLetterPolicy"));
        deadLetter.ifPresent(policy -> resource.putObject("deadLetterPolicy")
                .put("deadLetterTopic", policy.topic())
                .put("maxDeliveryAttempts", policy.maxDeliveryAttempts()));
        Optional<Backoff> retryPolicy = retryPolicy(body.path("retryPolicy"));
        retryPolicy.ifPresent(policy -> resource.putObject("retryPolicy")
                .put("minimumBackoff", seconds(policy.minimum()))
                .put("maximumBackoff", seconds(policy.maximum())));
        return new PubSubSubscription.Settings(
                name, endpoint, ackDeadline, retryPolicy, deadLetter, ordering, resource);
    }

    private static Optional<URI> endpoint(String text) throws Refusal {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI endpoint = URI.create(text);
            if (endpoint.getHost() != null && Set.of("http", "https").contains(orEmpty(endpoint.getScheme()))) {
                return Optional.of(endpoint);
            }
        } catch (IllegalArgumentException e) {
            // Refused like any other address that leads nowhere.
        }
        throw Refusal.invalid("Unsupported push_endpoint");
    }

    private Optional<DeadLetter> deadLetter(JsonNode policy) throws Refusal {
        if (!policy.isObject()) {
            return Optional.empty();
        }
        checkFields(policy, Set.of("deadLetterTopic", "maxDeliveryAttempts"));
        String topic = policy.path("deadLetterTopic").asText();
        int attempts = policy.path("maxDeliveryAttempts").asInt();
        checkId(topic);
        if (attempts != 0 && (attempts < 5 || attempts > 100)) {
            throw new Refusal(400, "OUT_OF_RANGE", "max_delivery_attempts must be between 5 and 100");
        }
        if (!topics.containsKey(topic)) {
            throw new Refusal(404, "NOT_FOUND", "Dead letter topic not found");
        }
        return Optional.of(new DeadLetter(topic, attempts == 0 ? 5 : attempts));
    }

    private static Optional<Backoff> retryPolicy(JsonNode policy) throws Refusal {
        if (!policy.isObject()) {
            return Optional.empty();
        }
        checkFields(policy, Set.of("minimumBackoff", "maximumBackoff"));
        Duration minimum = duration(policy.path("minimumBackoff").asText("10s"));
        Duration maximum = duration(policy.path("maximumBackoff").asText("600s"));
        if (minimum.compareTo(LONGEST_BACKOFF) > 0 || maximum.compareTo(LONGEST_BACKOFF) > 0) {
            throw Refusal.invalid("a backoff must be between 0s and 600s");
        }
        if (maximum.compareTo(minimum) < 0) {
            throw Refusal.invalid("The value for maximum_backoff is too small.");
        }
        return Optional.of(new Backoff(minimum, maximum));
    }

    private Reply deleteSubscription(String name) throws Refusal {
        synchronized (lock) {
            subscription(name).ring();
            subscriptions.remove(name);
        }
        return json(200, JSON.createObjectNode());
    }

    private Reply pull(String name, ObjectNode body) throws Refusal {
        checkFields(body, Set.of("maxMessages", "returnImmediately"));
        int max = body.path("maxMessages").asInt();
        if (max <= 0) {
            throw Refusal.invalid("No max_messages specified");
        }
        CompletableFuture<Boolean> patience = new CompletableFuture<>();
        if (body.path("returnImmediately").asBoolean()) {
            patience.complete(true);
        } else {
            later.after(PULL_WAITS, () -> patience.complete(true));
        }
        while (true) {
            CompletableFuture<Boolean> bell;
            synchronized (lock) {
                PubSubSubscription subscription = subscription(name);
                if (subscription.isPush()) {
                    throw new Refusal(
                            400, "FAILED_PRECONDITION", "This method is not supported for this subscription type.");
                }
                List<Delivery> taken = closed ? List.of() : subscription.take(max);
                if (!taken.isEmpty() || closed || patience.isDone()) {
                    return json(200, received(subscription, taken));
                }
                bell = subscription.bell();
            }
            CompletableFuture.anyOf(bell, patience).join();
        }
    }

    private ObjectNode received(PubSubSubscription subscription, List<Delivery> taken) {
        ObjectNode answer = JSON.createObjectNode();
        for (Delivery delivery : taken) {
            PubSubMessage message = delivery.message();
            ObjectNode received = answer.withArray("/receivedMessages").addObject();
            received.put("ackId", subscription.ackId(delivery));
            ObjectNode node = received.putObject("message");
            if (message.data().length > 0) {
                node.put("data", message.data());
            }
            if (!message.attributes().isEmpty()) {
                attributes(node, message);
            }
            node.put("messageId", message.messageId());
            node.put("publishTime", message.publishTime().toString());
            if (!message.orderingKey().isEmpty()) {
                node.put("orderingKey", message.orderingKey());
            }
            if (subscription.settings().deadLetter().isPresent()) {
                received.put("deliveryAttempt", delivery.attempt());
            }
            expire(subscription, delivery, subscription.settings().ackDeadline());
        }
        return answer;
    }

    private Reply acknowledge(String name, ObjectNode body) throws Refusal {
        checkFields(body, Set.of("ackIds"));
        synchronized (lock) {
            PubSubSubscription subscription = subscription(name);
            for (long lease : leases(name, body.path("ackIds"))) {
                subscription.delivery(lease).ifPresent(subscription::settle);
            }
        }
        return json(200, JSON.createObjectNode());
    }

    private Reply modifyAckDeadline(String name, ObjectNode body) throws Refusal {
        checkFields(body, Set.of("ackIds", "ackDeadlineSeconds"));
        int seconds = body.path("ackDeadlineSeconds").asInt();
        if (seconds < 0 || seconds > 600) {
            throw Refusal.invalid("ack_deadline_secs out of bounds");
        }
        synchronized (lock) {
            PubSubSubscription subscription = subscription(name);
            for (long lease : leases(name, body.path("ackIds"))) {
                Optional<Delivery> delivery =
                        subscription.delivery(lease).filter(found -> subscription.isOut(found, found.lease()));
                if (delivery.isPresent() && seconds == 0) {
                    fail(subscription, delivery.get());
                } else if (delivery.isPresent()) {
                    subscription.lease(delivery.get());
                    expire(subscription, delivery.get(), Duration.ofSeconds(seconds));
                }
            }
        }
        return json(200, JSON.createObjectNode());
    }

    private static List<Long> leases(String subscription, JsonNode ackIds) throws Refusal {
        if (ackIds.isEmpty()) {
            throw Refusal.invalid("No ack ids specified.");
        }
        List<Long> leases = new ArrayList<>();
        for (JsonNode ackId : ackIds) {
            String text = ackId.asText();
            String number = text.startsWith(subscription + ":") ? text.substring(subscription.length() + 1) : "";
            if (!number.matches("\\d{1,18}")) {
                throw Refusal.invalid("Invalid ack id (ack_id=" + text + ")");
            }
            leases.add(Long.parseLong(number));
        }
        return leases;
    }

    // Delivery. Everything below but push and wake is called with the lock held.

    private void pushReady(PubSubSubscription subscription) {
        if (closed || !subscription.isPush()) {
            return;
        }
        for (Delivery delivery : subscription.take(Integer.MAX_VALUE)) {
            long lease = delivery.lease();
            String envelope = envelope(subscription, delivery);
            wakes.add(new Wake(Duration.ZERO, () -> push(subscription, delivery, lease, envelope)));
        }
    }

    private void push(PubSubSubscription subscription, Delivery delivery, long lease, String envelope) {
        synchronized (lock) {
            if (!isOut(subscription, delivery, lease)) {
                return;
            }
        }
        int status = -1;
        try {
            status = pusher.push(
                    subscription.settings().pushEndpoint().orElseThrow(),
                    envelope,
                    subscription.settings().ackDeadline());
        } finally {
            synchronized (lock) {
                if (isOut(subscription, delivery, lease)) {
                    answered(subscription, delivery, status);
                }
            }
            wake();
        }
    }

    private void answered(PubSubSubscription subscription, Delivery delivery, int status) {
        if (!ACKNOWLEDGING.contains(status)) {
            fail(subscription, delivery);
            return;
        }
        if (!subscription.isRepeated(delivery) && duplicateEvery > 0 && ++acknowledged % duplicateEvery == 0) {
            subscription.repeat(delivery);
        } else {
            subscription.settle(delivery);
        }
        pushReady(subscription);
    }

    private void fail(PubSubSubscription subscription, Delivery delivery) {
        Optional<DeadLetter> deadLetter = subscription
                .settings()
                .deadLetter()
                .filter(policy -> delivery.attempt() >= policy.maxDeliveryAttempts())
                .filter(policy -> topics.containsKey(policy.topic()));
        if (deadLetter.isPresent()) {
            forward(subscription, delivery, deadLetter.get());
            subscription.settle(delivery);
            pushReady(subscription);
            return;
        }
        long lease = delivery.lease();
        Duration rest = subscription.rest(delivery);
        wakes.add(new Wake(rest, () -> {
            synchronized (lock) {
                if (subscription.owes(delivery) && delivery.lease() == lease) {
                    subscription.ready(delivery);
                    pushReady(subscription);
                }
            }
            wake();
        }));
    }

    private void forward(PubSubSubscription subscription, Delivery delivery, DeadLetter policy) {
        PubSubMessage message = delivery.message();
        String[] name = subscription.settings().name().split("/", -1);
        Map<String, String> attributes = new TreeMap<>(message.attributes());
        attributes.put("CloudPubSubDeadLetterSourceDeliveryCount", Integer.toString(delivery.attempt()));
        attributes.put("CloudPubSubDeadLetterSourceSubscription", name[3]);
        attributes.put("CloudPubSubDeadLetterSourceSubscriptionProject", name[1]);
        attributes.put(
                "CloudPubSubDeadLetterSourceTopicPublishTime",
                message.publishTime().toString());
        take(policy.topic(), message.data(), attributes, message.orderingKey());
    }

    private void expire(PubSubSubscription subscription, Delivery delivery, Duration deadline) {
        long lease = delivery.lease();
        wakes.add(new Wake(deadline, () -> {
            synchronized (lock) {
                if (isOut(subscription, delivery, lease)) {
                    fail(subscription, delivery);
                }
            }
            wake();
        }));
    }

    private boolean isOut(PubSubSubscription subscription, Delivery delivery, long lease) {
        return !closed
                && subscriptions.get(subscription.settings().name()) == subscription
                && subscription.isOut(delivery, lease);
    }

    /** Hands over what is due later, outside the lock: whoever keeps time may take as long as it likes. */
    private void wake() {
        List<Wake> due;
        synchronized (lock) {
            due = closed ? List.of() : List.copyOf(wakes);
            wakes.clear();
        }
        due.forEach(wake -> later.after(wake.delay(), wake.task()));
    }

    private String envelope(PubSubSubscription subscription, Delivery delivery) {
        PubSubMessage message = delivery.message();
        ObjectNode envelope = JSON.createObjectNode();
        ObjectNode node = envelope.putObject("message");
        attributes(node, message);
        node.put("data", message.data());
        // Both spellings, as the service sends them.
        for (String name : List.of("messageId", "message_id")) {
            node.put(name, message.messageId());
        }
        for (String name : List.of("publishTime", "publish_time")) {
            node.put(name, message.publishTime().toString());
        }
        if (!message.orderingKey().isEmpty()) {
            node.put("orderingKey", message.orderingKey());
        }
        envelope.put("subscription", subscription.settings().name());
        if (subscription.settings().deadLetter().isPresent()) {
            envelope.put("deliveryAttempt", delivery.attempt());
        }
        return envelope.toString();
    }

    private static void attributes(ObjectNode node, PubSubMessage message) {
        ObjectNode attributes = node.putObject("attributes");
        new TreeMap<>(message.attributes()).forEach(attributes::put);
    }

    // Reading.

    private ObjectNode topic(String name) throws Refusal {
        ObjectNode topic = topics.get(name);
        if (topic == null) {
            throw new Refusal(404, "NOT_FOUND", "Topic not found");
        }
        return topic;
    }

    private PubSubSubscription subscription(String name) throws Refusal {
        PubSubSubscription subscription = subscriptions.get(name);
        if (subscription == null) {
            throw new Refusal(404, "NOT_FOUND", "Subscription does not exist");
        }
        return subscription;
    }

    private List<PubSubSubscription> subscriptionsOf(String topic) {
        return subscriptions.values().stream()
                .filter(subscription -> subscription
                        .settings()
                        .resource()
                        .path("topic")
                        .asText()
                        .equals(topic))
                .toList();
    }

    private PubSubMessage message(JsonNode node) throws Refusal {
        checkFields(node, Set.of("data", "attributes", "orderingKey", "messageId", "publishTime"));
        Map<String, String> attributes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> attribute : node.path("attributes").properties()) {
            if (!attribute.getValue().isTextual()) {
                throw Refusal.invalid("Payload isn't valid for request.");
            }
            attributes.put(attribute.getKey(), attribute.getValue().asText());
        }
        byte[] data;
        try {
            // Either alphabet, with or without padding, as JSON's mapping of bytes has it.
            data = Base64.getDecoder()
                    .decode(node.path("data").asText().replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("Payload isn't valid for request.");
        }
        if (data.length == 0 && attributes.isEmpty()) {
            throw Refusal.invalid("Some messages are empty");
        }
        checkAttributes(attributes);
        String orderingKey = node.path("orderingKey").asText();
        if (orderingKey.getBytes(UTF_8).length > 1024) {
            throw Refusal.invalid("The ordering key is too long.");
        }
        return new PubSubMessage("", now(), data, attributes, orderingKey);
    }

    private static void checkAttributes(Map<String, String> attributes) throws Refusal {
        if (attributes.size() > 100) {
            throw Refusal.invalid("A message has more than 100 attributes.");
        }
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            int key = attribute.getKey().getBytes(UTF_8).length;
            if (key == 0 || key > 256 || attribute.getKey().startsWith("goog")) {
                throw Refusal.invalid("An attribute key is empty, too long or begins with goog.");
            }
            if (attribute.getValue().getBytes(UTF_8).length > 1024) {
                throw Refusal.invalid("The value of attribute " + attribute.getKey() + " is too long.");
            }
        }
    }

    private static long size(PubSubMessage message) {
        long size = message.data().length + (long) message.orderingKey().getBytes(UTF_8).length;
        for (Map.Entry<String, String> attribute : message.attributes().entrySet()) {
            size += attribute.getKey().getBytes(UTF_8).length
                    + attribute.getValue().getBytes(UTF_8).length;
        }
        return size;
    }

    private static ObjectNode body(Call call) throws Refusal {
        try {
            JsonNode body = call.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(call.text());
            if (body instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Refused like any other body that is no object.
        }
        throw Refusal.invalid("Payload isn't valid for request.");
    }

    private static void checkFields(JsonNode node, Set<String> known) throws Refusal {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (NOT_SIMULATED.contains(field.getKey())) {
                throw new Refusal(501, "UNIMPLEMENTED", "not simulated: " + field.getKey());
            }
            if (!known.contains(field.getKey())) {
                throw Refusal.invalid("Payload isn't valid for request.");
            }
        }
    }

    private static void checkId(String name) throws Refusal {
        String[] parts = name.split("/", -1);
        if (parts.length != 4 || !ID.matcher(parts[3]).matches()) {
            throw Refusal.invalid("Invalid name: (name=" + name + ")");
        }
    }

    private static Duration duration(String text) throws Refusal {
        Matcher seconds = SECONDS.matcher(text);
        if (!seconds.matches()) {
            throw Refusal.invalid("Payload isn't valid for request.");
        }
        return Duration.ofNanos(
                new BigDecimal(seconds.group(1)).movePointRight(9).longValue());
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Reply json(int status, ObjectNode body) {
        return Reply.json(status, body.toString());
    }
}
