package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.simulator.PubSubRest.PushOptions;
import cmek.simulator.PubSubRest.Received;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One script of calls, and what its reader sees: the same from the simulated Pub/Sub and from Google's emulator. */
@Tag("thorough")
final class EmulatorLikenessTest {

    private static final String PROJECT = "acme-functions";
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The emulator paces redelivery by whole seconds, up to three of them. */
    private static final long PATIENCE_SECONDS = 60;

    private static final List<String> EXPECTED = List.of(
            "create again: 409",
            "publish to nowhere: 404",
            "publish nothing: 400",
            "subscribe to nowhere: 404",
            "pull from nowhere: 404",
            "push 1: hello {a=b} same id",
            "push 2: hello {a=b} same id",
            "push 3: good scan {} same id",
            "ordered: first",
            "ordered: first",
            "ordered: second",
            "attempts: 5 of the same id",
            "dead letter: lost {CloudPubSubDeadLetterSourceDeliveryCount=5, "
                    + "CloudPubSubDeadLetterSourceSubscription=failing, "
                    + "CloudPubSubDeadLetterSourceSubscriptionProject=acme-functions, "
                    + "CloudPubSubDeadLetterSourceTopicPublishTime=its time, a=b} new id",
            "pull: result {status=ATTACHED} same id",
            "pull again: nothing",
            "given back: result {status=ATTACHED} same id",
            "acknowledged: nothing");

    @Test
    void theSimulatorShowsWhatTheScriptExpects() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (PubSubSimulator pubSub = new PubSubSimulator(
                        new Journal(),
                        InstantSource.system(),
                        PubSubSimulator.Later.on(timer, threads),
                        PubSubSimulator.Pusher.overHttp());
                SimulatorServer server = SimulatorServer.start(pubSub)) {
            assertThat(observe(server.url())).isEqualTo(EXPECTED);
            assertThat(pubSub.outstanding()).isZero();
        } finally {
            timer.shutdownNow();
            threads.shutdownNow();
        }
    }

    @Test
    void theOfficialEmulatorShowsTheSame() throws Exception {
        Optional<Emulator> installed = Emulator.start();
        assumeTrue(installed.isPresent(), Emulator.NOT_INSTALLED + ": the simulator was not compared with it");
        try (Emulator emulator = installed.orElseThrow()) {
            assertThat(observe(emulator.url())).isEqualTo(EXPECTED);
        }
    }

    private static List<String> observe(URI base) throws Exception {
        List<String> seen = new ArrayList<>();
        PubSubRest rest = new PubSubRest(base);
        try (Endpoint endpoint = new Endpoint()) {
            for (String topic : List.of("requests", "ordered", "failing", "dead-letters", "results")) {
                rest.createTopic(PROJECT, topic);
            }
            refusals(rest, endpoint, seen);
            subscribe(rest, endpoint);

            // All at once: the emulator takes seconds over every redelivery.
            endpoint.answers("/requests", 500);
            endpoint.answers("/ordered", 500);
            endpoint.answers("/failing", 500, 500, 500, 500, 500);
            String lost = rest.publish(PROJECT, "failing", bytes("lost"), Map.of("a", "b"));
            rest.publish(PROJECT, "ordered", bytes("first"), Map.of(), "payments");
            rest.publish(PROJECT, "ordered", bytes("second"), Map.of(), "payments");
            String hello = rest.publish(PROJECT, "requests", bytes("hello"), Map.of("a", "b"));
            seen.add("push 1: " + described(endpoint.next("/requests"), hello));
            seen.add("push 2: " + described(endpoint.next("/requests"), hello));
            String goodScan = rest.publish(PROJECT, "requests", bytes("good scan"), Map.of());
            seen.add("push 3: " + described(endpoint.next("/requests"), goodScan));

            for (int i = 0; i < 3; i++) {
                seen.add("ordered: " + text(endpoint.next("/ordered")));
            }

            JsonNode letter = endpoint.next("/dead-letters");
            List<JsonNode> attempts = endpoint.all("/failing");
            seen.add("attempts: " + attempts.size() + " of "
                    + (attempts.stream().allMatch(attempt -> id(attempt).equals(lost))
                            ? "the same id"
                            : "several ids"));
            String time = attempts.get(0).path("message").path("publishTime").asText();
            seen.add("dead letter: " + described(letter, lost).replace(time, "its time"));

            pull(rest, seen);
        }
        return seen;
    }

    private static void refusals(PubSubRest rest, Endpoint endpoint, List<String> seen) {
        seen.add("create again: " + refused(() -> rest.createTopic(PROJECT, "requests")));
        seen.add("publish to nowhere: " + refused(() -> rest.publish(PROJECT, "absent", bytes("x"), Map.of())));
        seen.add("publish nothing: " + refused(() -> rest.publish(PROJECT, "requests", bytes(""), Map.of())));
        seen.add("subscribe to nowhere: "
                + refused(() -> rest.createPushSubscription(
                        PROJECT, "nowhere", "absent", endpoint.url("/nowhere"), options(false, Optional.empty()))));
        seen.add("pull from nowhere: " + refused(() -> rest.pullAtOnce(PROJECT, "absent", 1)));
    }

    private static void subscribe(PubSubRest rest, Endpoint endpoint) {
        rest.createPushSubscription(
                PROJECT, "requests", "requests", endpoint.url("/requests"), options(false, Optional.empty()));
        rest.createPushSubscription(
                PROJECT, "ordered", "ordered", endpoint.url("/ordered"), options(true, Optional.empty()));
        rest.createPushSubscription(
                PROJECT, "failing", "failing", endpoint.url("/failing"), options(false, Optional.of("dead-letters")));
        rest.createPushSubscription(
                PROJECT,
                "dead-letters",
                "dead-letters",
                endpoint.url("/dead-letters"),
                options(false, Optional.empty()));
        rest.createPullSubscription(PROJECT, "results", "results");
    }

    private static void pull(PubSubRest rest, List<String> seen) {
        String id = rest.publish(PROJECT, "results", bytes("result"), Map.of("status", "ATTACHED"));
        List<Received> first = rest.pull(PROJECT, "results", 10);
        seen.add("pull: " + described(first, id));
        seen.add("pull again: " + described(rest.pullAtOnce(PROJECT, "results", 10), id));
        rest.modifyAckDeadline(PROJECT, "results", ackIds(first), Duration.ZERO);
        List<Received> second = rest.pull(PROJECT, "results", 10);
        seen.add("given back: " + described(second, id));
        rest.acknowledge(PROJECT, "results", ackIds(second));
        seen.add("acknowledged: " + described(rest.pullAtOnce(PROJECT, "results", 10), id));
    }

    private static PushOptions options(boolean ordering, Optional<String> deadLetterTopic) {
        return new PushOptions(
                Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofMillis(400), deadLetterTopic, 5, ordering);
    }

    private static String refused(Runnable call) {
        try {
            call.run();
            return "taken";
        } catch (PubSubRest.PermanentException e) {
            return Integer.toString(e.status());
        }
    }

    private static List<String> ackIds(List<Received> received) {
        return received.stream().map(Received::ackId).toList();
    }

    private static String described(List<Received> received, String id) {
        return received.isEmpty()
                ? "nothing"
                : String.join(
                        ", ",
                        received.stream()
                                .map(one -> one.text() + " " + new TreeMap<>(one.attributes()) + " "
                                        + compared(one.messageId(), id))
                                .toList());
    }

    private static String described(JsonNode envelope, String id) {
        Map<String, String> attributes = new TreeMap<>();
        envelope.path("message")
                .path("attributes")
                .properties()
                .forEach(attribute ->
                        attributes.put(attribute.getKey(), attribute.getValue().asText()));
        return text(envelope) + " " + attributes + " " + compared(id(envelope), id);
    }

    private static String compared(String messageId, String id) {
        return messageId.equals(id) ? "same id" : "new id";
    }

    private static String id(JsonNode envelope) {
        return envelope.path("message").path("messageId").asText();
    }

    private static String text(JsonNode envelope) {
        return new String(
                Base64.getDecoder().decode(envelope.path("message").path("data").asText()), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Where pushes go: answers each path with the statuses it was given, then 204. */
    private static final class Endpoint implements AutoCloseable {

        private final Map<String, BlockingQueue<Integer>> answers = new ConcurrentHashMap<>();
        private final Map<String, BlockingQueue<JsonNode>> pushes = new ConcurrentHashMap<>();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server;

        Endpoint() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            server.createContext("/", this::take);
            server.setExecutor(threads);
            server.start();
        }

        URI url(String path) {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        }

        void answers(String path, Integer... statuses) {
            queue(answers, path).addAll(Arrays.asList(statuses));
        }

        JsonNode next(String path) throws InterruptedException {
            JsonNode push = queue(pushes, path).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(push).as("a push to " + path).isNotNull();
            return push;
        }

        List<JsonNode> all(String path) {
            return List.copyOf(queue(pushes, path));
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }

        private void take(HttpExchange exchange) throws IOException {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                JsonNode push = JSON.readTree(exchange.getRequestBody());
                Integer status = queue(answers, path).poll();
                queue(pushes, path).add(push);
                exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            }
        }

        private static <T> BlockingQueue<T> queue(Map<String, BlockingQueue<T>> queues, String path) {
            return queues.computeIfAbsent(path, unused -> new LinkedBlockingQueue<>());
        }
    }
}
