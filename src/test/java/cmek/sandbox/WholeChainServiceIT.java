package cmek.sandbox;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same chain through the packaged HTTP service, a jar or a native executable, in a process of its own. */
@QuarkusIntegrationTest
class WholeChainServiceIT extends WholeChainTest {}
