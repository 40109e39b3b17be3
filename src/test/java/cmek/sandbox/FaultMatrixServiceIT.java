package cmek.sandbox;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** Every cause as the packaged HTTP service names it, a jar or a native executable. */
@QuarkusIntegrationTest
class FaultMatrixServiceIT extends FaultMatrixTest {}
