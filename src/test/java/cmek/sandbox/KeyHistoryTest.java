package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;

@QuarkusTest
@TestProfile(InTheSandbox.class)
class KeyHistoryTest extends KeyHistoryFacts {

    @Override
    Duration lateGrant() {
        return Duration.ofMillis(800);
    }
}
