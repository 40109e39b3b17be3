package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions in a world of their own, with little patience for calls that nobody answers. */
public final class InBadWeather implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(new InTheWorld().getConfigOverrides());
        settings.put("cmek.concurrency", "50");
        settings.put("cmek.night.concurrency", "50");
        return settings;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(Impatience.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Deployment.class));
    }
}
