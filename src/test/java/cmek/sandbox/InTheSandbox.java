package cmek.sandbox;

import cmek.simulator.SimulatedApis;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions as an HTTP service in a the simulated APIs, with Pub/Sub pushing to it. */
public class InTheSandbox implements QuarkusTestProfile {

    /** What somebody sets who deploys the functions like this, by property; the APIs's own addresses come to it. */
    Map<String, String> settings() {
        return Map.of(
                "cmek.policy.allowed-workspaces",
                "wrkspc_01*",
                "cmek.timing.propagation-window",
                "PT2S",
                "cmek.scan.listing-interval",
                "PT0S");
    }

    /** What the APIs around the functions must be, by {@link Deployment}'s words. */
    Map<String, String> surroundings() {
        return Map.of();
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        // Named here too: what the profile of an earlier test class said of these would otherwise outlive it.
        Map<String, String> overrides = new HashMap<>(Map.of(
                "cmek.anthropic.organization-id",
                SimulatedApis.ORGANIZATION,
                "cmek.google.project",
                SimulatedApis.PROJECT,
                "quarkus.http.test-port",
                "0"));
        overrides.putAll(settings());
        // The functions host's extension is among the tests' and insists on one name.
        overrides.put("quarkus.funqy.export", "onboard");
        return overrides;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(WithoutWaiting.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Deployment.class, surroundings()));
    }
}
