package cmek.sandbox;

import cmek.cli.Typed;
import cmek.simulator.SimulatedApis;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;

/**
 * Facts about the functions as they are seen from outside, by their port and by the APIs around them. They are held
 * against the functions in the test's own process by a class whose name ends in {@code Test}, and against the packaged
 * service, a jar or a native executable, by one whose name ends in {@code ServiceIT}; see {@link InAnotherProcess}.
 */
abstract class FromOutside {

    @SuppressWarnings("NullAway.Init") // Quarkus does it, or the service's process.
    Deployment deployment;

    @BeforeEach
    void begin() {
        deployment.begin(RestAssured.port);
    }

    /** The command for people, told where the APIs are. */
    Typed command(Path folder) {
        return new Typed(folder)
                .at(
                        SimulatedApis.PROJECT,
                        deployment.pubsub(),
                        Objects.requireNonNull(deployment.apis().googleUrls().get("storage")),
                        SimulatedApis.BUCKET);
    }
}
