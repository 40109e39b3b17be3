package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(WithRepair.class)
class HostileScanTest extends HostileScanFacts {}
