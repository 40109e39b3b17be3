package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads a log or a result of the packaged HTTP service sees which version it is of. */
class VersionServiceIT {

    private static final String VERSION = System.getProperty("cmek.version");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does it.
    private Path folder;

    @Test
    void theVersionIsInTheLogOfTheStartAndInEveryResult() throws IOException {
        InstantSource clock = InstantSource.system();
        Path log = folder.resolve("service.log");
        try (SimulatedApis apis = SimulatedApis.start(clock);
                Messaging messaging = new Messaging(clock, PubSubSimulator.Pusher.overHttp())) {
            PubSubRest pubsub = new PubSubRest(messaging.url());
            pubsub.createTopic(SimulatedApis.PROJECT, "cmek-results");
            pubsub.createPullSubscription(SimulatedApis.PROJECT, Topology.RESULTS, "cmek-results");
            Map<String, String> settings = new HashMap<>(apis.settings());
            settings.put("cmek.google.pubsub-url", messaging.url().toString());
            settings.put("quarkus.http.port", "0");
            try (Host host = Host.service(Service.ARTIFACT, Host.environment(settings), log)) {
                RestAssured.given()
                        .contentType("application/json")
                        .body("{\"message\":{\"messageId\":\"4711\",\"data\":\"e30=\"},\"subscription\":\"s\"}")
                        .post(host.url() + "/onboard")
                        .then()
                        .statusCode(204);
            }

            List<PubSubRest.Received> results = pubsub.pullAtOnce(SimulatedApis.PROJECT, Topology.RESULTS, 10);
            assertThat(results)
                    .singleElement()
                    .satisfies(result -> assertThat(result.attributes()).containsEntry("serviceVersion", VERSION));
            assertThat(Files.readString(log)).contains("cmek-onboarding " + VERSION + " ");
        }
    }
}
