package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** As {@link InTheWorld}, and nothing is attached before somebody else agrees. */
public final class WithApproval implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(new InTheWorld().getConfigOverrides());
        settings.put("cmek.policy.attach-approval", "required");
        return settings;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return new InTheWorld().testResources();
    }
}
