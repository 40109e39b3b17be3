package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** As {@link InTheWorld}, with a federation in the place of an Admin API key. */
public final class WithoutAKey implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return new InTheWorld().getConfigOverrides();
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Deployment.class, Map.of(Deployment.KEYLESS, "true")));
    }
}
