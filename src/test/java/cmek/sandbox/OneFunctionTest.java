package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(GrantAccessAlone.class)
class OneFunctionTest extends OneFunctionFacts {}
