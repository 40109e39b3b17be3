package cmek.sandbox;

import java.util.HashMap;
import java.util.Map;

/** As {@link InTheSandbox}, and the process serves one function. */
public final class GrantAccessAlone extends InTheSandbox {

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put("quarkus.funqy.export", "grantAccess");
        return settings;
    }

    /** What the setting comes to: in the tests' own process the environment itself cannot be set. */
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("cmek.host.serves", "grantAccess");
        return overrides;
    }
}
