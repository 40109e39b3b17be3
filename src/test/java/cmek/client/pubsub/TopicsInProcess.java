package cmek.client.pubsub;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.InProcess;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.config.Configs;
import cmek.fake.Sample;
import cmek.onboarding.Step;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.Journal;
import cmek.simulator.PubSubMessage;
import cmek.simulator.PubSubSimulator;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The real client of Pub/Sub over the simulated one, in this process, with the topics of a deployment. */
public final class TopicsInProcess {

    private static final String PREFIX = "projects/acme-cmek/topics/cmek-";
    private static final List<String> TOPICS = Stream.concat(
                    Stream.of("results", "scan-key", "report-scan"),
                    Arrays.stream(Step.values()).map(Step::topic))
            .toList();

    /** What the thread publishes to: making Google's client takes longer than a test, so that all share one. */
    private static final ThreadLocal<Gate> CURRENT = new ThreadLocal<>();

    private static final PubSubTopics CLIENT = shared();

    private final PubSubSimulator simulator = new PubSubSimulator(
            new Journal(),
            Sample.CLOCK,
            (delay, task) -> {
                throw new AssertionError("nobody subscribed, so nothing is due later");
            },
            (endpoint, json, deadline) -> {
                throw new AssertionError("nobody subscribed, so nothing is pushed");
            });
    private final Gate gate = new Gate(simulator);

    public TopicsInProcess() {
        TOPICS.forEach(topic -> simulator.withTopic(PREFIX + topic));
    }

    private static PubSubTopics shared() {
        CmekConfig config = Configs.of(
                Map.of("cmek.google.project", "acme-cmek", "cmek.google.pubsub-url", "http://pubsub.invalid"));
        GoogleHttp http =
                InProcess.google(call -> Objects.requireNonNull(CURRENT.get()).answer(call));
        return new PubSubTopics(
                http, new GoogleAuth(http, config), new Retry(wait -> {}, () -> 0), config, Optional.empty());
    }

    /** One message, as it was published. */
    public record Published(String topic, String json, Map<String, String> attributes, String orderingKey) {}

    public Topics client() {
        return new Topics() {
            @Override
            public void publish(String topic, String json, Map<String, String> attributes, String orderingKey) {
                CURRENT.set(gate);
                CLIENT.publish(topic, json, attributes, orderingKey);
            }

            @Override
            public void publishAll(String topic, Stream<Outgoing> messages) {
                CURRENT.set(gate);
                CLIENT.publishAll(topic, messages);
            }
        };
    }

    /** From now on this topic takes nothing. */
    public TopicsInProcess failingOn(String topic) {
        gate.put(Faults.every(
                1,
                Faults.calls("POST", ".*/cmek-" + topic + ":publish"),
                Faults.status(
                        503,
                        Map.of("content-type", "application/json"),
                        "{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}")));
        return this;
    }

    /** All topics take messages again. */
    public void recovered() {
        gate.open();
    }

    /** Every message of every topic, in order. */
    public List<Published> published() {
        return TOPICS.stream()
                .flatMap(
                        topic -> simulator.published(PREFIX + topic).stream().map(message -> Map.entry(message, topic)))
                .sorted(Comparator.comparingLong(
                        entry -> Long.parseLong(entry.getKey().messageId())))
                .map(entry -> published(entry.getValue(), entry.getKey()))
                .toList();
    }

    /** The messages of one topic, in order. */
    public List<Published> on(String topic) {
        return simulator.published(PREFIX + topic).stream()
                .map(message -> published(topic, message))
                .toList();
    }

    private static Published published(String topic, PubSubMessage message) {
        return new Published(topic, message.text(), message.attributes(), message.orderingKey());
    }
}
