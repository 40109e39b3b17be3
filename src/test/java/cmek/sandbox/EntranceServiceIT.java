package cmek.sandbox;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The packaged HTTP service, a jar or a native executable, lets in the same. */
@QuarkusIntegrationTest
class EntranceServiceIT extends EntranceTest {}
