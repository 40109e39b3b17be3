package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(WithoutAKey.class)
class KeylessChainTest extends KeylessChainFacts {}
