package cmek.sandbox;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The packaged HTTP service, a jar or a native executable, and whatever a world may answer. */
@QuarkusIntegrationTest
class HostileAnswersServiceIT extends HostileAnswersTest {}
