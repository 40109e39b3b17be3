package cmek.client.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.simulator.Journal;
import cmek.simulator.PubSubMessage;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import cmek.simulator.SimulatorServer;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PubSubTopicsTest {

    private static final String TOPIC = "projects/acme-functions/topics/cmek-results";

    private final Journal journal = new Journal();
    private final PubSubSimulator pubSub = new PubSubSimulator(
            journal,
            () -> Instant.parse("2026-11-24T08:00:00Z"),
            (delay, task) -> {
                throw new AssertionError("nobody subscribed, so nothing is due later");
            },
            (endpoint, json, deadline) -> {
                throw new AssertionError("nobody subscribed, so nothing is pushed");
            });
    private final AtomicInteger brokenAnswers = new AtomicInteger();
    private final SimulatorServer server = SimulatorServer.start(breaking(pubSub));

    @BeforeEach
    void createTopic() {
        new PubSubRest(server.url()).createTopic("acme-functions", "cmek-results");
        journal.clear();
    }

    @AfterEach
    void stop() {
        server.close();
        pubSub.close();
    }

    @Test
    void aPublishedMessageArrivesWhole() {
        PubSubTopics topics = topics(server.url(), Optional.empty());

        topics.publish("results", "{\"status\":\"ATTACHED ✓\"}", Map.of("status", "ATTACHED"), "payments");
        topics.close();

        assertThat(pubSub.published(TOPIC)).hasSize(1);
        PubSubMessage message = pubSub.published(TOPIC).get(0);
        assertThat(message.text()).isEqualTo("{\"status\":\"ATTACHED ✓\"}");
        assertThat(message.attributes()).isEqualTo(Map.of("status", "ATTACHED"));
        assertThat(message.orderingKey()).isEqualTo("payments");
        assertThat(journal.entries()).containsExactly(new Journal.Entry("pubsub", "Publish " + TOPIC, true, 200));
    }

    @Test
    void preparingSendsNothing() {
        PubSubTopics topics = topics(server.url(), Optional.empty());

        topics.warmUp();

        assertThat(journal.entries()).isEmpty();
        topics.publish("results", "{}", Map.of(), "");
        topics.close();
        assertThat(pubSub.published(TOPIC)).extracting(PubSubMessage::text).containsExactly("{}");
    }

    @Test
    void theEmulatorsAddressWins() {
        PubSubTopics topics = topics(
                URI.create("http://127.0.0.1:9"),
                Optional.of(server.url().getHost() + ":" + server.url().getPort()));

        topics.publish("results", "{}", Map.of(), "");
        topics.close();

        assertThat(pubSub.published(TOPIC)).hasSize(1);
    }

    @Test
    void aMissingTopicIsRefused() {
        PubSubTopics topics = topics(server.url(), Optional.empty());

        assertThatThrownBy(() -> topics.publish("absent", "{}", Map.of(), "")).isInstanceOf(PermanentException.class);
        topics.close();

        assertThat(journal.entries()).hasSize(1);
    }

    @Test
    void anOverloadedServiceIsAskedAgain() {
        PubSubTopics topics = topics(server.url(), Optional.empty());
        brokenAnswers.set(2);

        topics.publish("results", "{}", Map.of(), "");
        topics.close();

        assertThat(pubSub.published(TOPIC)).hasSize(1);
    }

    @Test
    void aServiceThatStaysOverloadedIsUnavailable() {
        PubSubTopics topics = topics(server.url(), Optional.empty());
        brokenAnswers.set(Integer.MAX_VALUE);

        assertThatThrownBy(() -> topics.publish("results", "{}", Map.of(), "")).isInstanceOf(TransientException.class);
        topics.close();

        assertThat(pubSub.published(TOPIC)).isEmpty();
    }

    /** A thread of each call would be kept, fifty a core and client, in an instance that has half a gigabyte. */
    @Test
    void callsOneAfterAnotherGatherNoThreads() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        PubSubTopics topics = topics(server.url(), Optional.empty());

        for (int call = 0; call < 50; call++) {
            topics.publish("results", "{}", Map.of(), "");
        }

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .filteredOn(thread -> thread.getName().matches("(Gax|cmek-google)-.*"))
                .hasSizeBetween(1, 20);
        topics.close();
    }

    private Simulator breaking(Simulator apis) {
        return call -> brokenAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                ? Reply.json(503, "{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}")
                : apis.answer(call);
    }

    private static PubSubTopics topics(URI pubSubUrl, Optional<String> emulator) {
        CmekConfig config = new SmallRyeConfigBuilder()
                .withMapping(CmekConfig.class)
                .withDefaultValue("cmek.google.project", "acme-functions")
                .withDefaultValue("cmek.google.pubsub-url", pubSubUrl.toString())
                .addDefaultInterceptors()
                .build()
                .getConfigMapping(CmekConfig.class);
        GoogleHttp http = new GoogleHttp(GoogleHttp.REQUEST_AT_MOST);
        return new PubSubTopics(
                http, new GoogleAuth(http, config), new Retry(pause -> {}, () -> 1.0), config, emulator);
    }
}
