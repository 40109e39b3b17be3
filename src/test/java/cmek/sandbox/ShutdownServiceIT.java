package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.Faults;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged HTTP service when the platform takes its instance away in the middle of a step. */
class ShutdownServiceIT {

    private static final Duration PLATFORMS_PATIENCE = Duration.ofSeconds(10);

    private final InstantSource clock = InstantSource.system();
    private final SimulatedApis apis = SimulatedApis.start(clock).withProject("acme-kms-prod");
    private final Messaging messaging = new Messaging(clock, PubSubSimulator.Pusher.overHttp());
    private final PubSubRest pubsub = new PubSubRest(messaging.url());
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does it.
    private Path folder;

    @BeforeEach
    void theFirstCreationOfAKeyRingIsAnsweredLate() {
        apis.admin().withWorkspace("wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ", "Sandbox");
        apis.kmsGate().put(Faults.next(1, Faults.calls("POST", ".*/keyRings"), (call, behind) -> {
            reached.countDown();
            return Faults.lateAnswer(open).answer(call, behind);
        }));
    }

    @AfterEach
    void close() {
        open.countDown();
        messaging.close();
        apis.close();
    }

    @Test
    void theStepUnderWayIsFinished() throws Exception {
        try (Host host = service();
                Gateway gateway = new Gateway(host)) {
            Set<String> request = publish(gateway);
            assertThat(reached.await(1, TimeUnit.MINUTES)).isTrue();

            host.terminate();
            untilItIsGoingDown(host);
            open.countDown();
            host.exitStatus();

            assertThat(messaging.published("cmek-create-key")).hasSize(1);
            host.restart();
            assertThat(ends(request)).containsExactly("ATTACHED");
        }
        assertThat(apis.journal().writesTo("kms", "admin")).hasSize(5);
    }

    @Test
    void aStepThatDoesNotEndIsCutOffInTimeAndDoneLater() throws Exception {
        try (Host host = service();
                Gateway gateway = new Gateway(host)) {
            Set<String> request = publish(gateway);
            assertThat(reached.await(1, TimeUnit.MINUTES)).isTrue();

            long begun = System.nanoTime();
            host.terminate();
            host.exitStatus();

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PLATFORMS_PATIENCE);
            assertThat(messaging.published("cmek-create-key")).isEmpty();
            host.restart();
            assertThat(ends(request)).containsExactly("ATTACHED");
        }
        assertThat(apis.journal().writesTo("kms", "admin")).hasSize(5);
    }

    private Host service() {
        Map<String, String> settings = new HashMap<>(apis.settings());
        settings.put("cmek.google.pubsub-url", messaging.url().toString());
        settings.put("quarkus.http.port", "0");
        return Host.service(Service.ARTIFACT, Host.environment(settings), log());
    }

    private Path log() {
        return folder.resolve("service.log");
    }

    private String told() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Set<String> publish(Gateway gateway) throws IOException {
        new Topology(pubsub, SimulatedApis.PROJECT, Duration.ofMillis(100), Duration.ofMillis(400))
                .create(gateway::urlOf);
        byte[] request = Files.readAllBytes(Path.of("deployment/examples/provision.json"));
        return Set.of(pubsub.publish(SimulatedApis.PROJECT, Topology.requests(), request, Map.of()));
    }

    /** The signal takes a moment to arrive. */
    private void untilItIsGoingDown(Host host) throws IOException {
        while (!Files.readString(log()).contains("Waiting for HTTP requests to complete")) {
            assertThat(host.isAlive()).as(this::told).isTrue();
        }
    }

    private List<String> ends(Set<String> request) {
        List<String> ends = new ArrayList<>();
        boolean ended = new Results(pubsub, SimulatedApis.PROJECT, clock)
                .follow(request, Duration.ofMinutes(1), result -> {
                    if (result.isGoodEnd() || result.isBadEnd()) {
                        ends.add(result.status());
                    }
                });
        assertThat(ended).isTrue();
        return ends;
    }
}
