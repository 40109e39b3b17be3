package cmek.sandbox;

import cmek.simulator.World;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** The functions as an HTTP service in a simulated world, with Pub/Sub pushing to it. */
public final class InTheWorld implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        // Named here too: what the profile of an earlier test class said of these would otherwise outlive it.
        return Map.of(
                "cmek.policy.allowed-workspaces",
                "wrkspc_01*",
                "cmek.timing.propagation-window",
                "PT2S",
                "cmek.anthropic.organization-id",
                World.ORGANIZATION,
                "cmek.google.project",
                World.PROJECT,
                "quarkus.http.test-port",
                "0",
                "quarkus.funqy.export",
                "onboard");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Deployment.class));
    }
}
