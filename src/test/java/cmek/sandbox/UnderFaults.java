package cmek.sandbox;

import cmek.client.Impatience;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** As {@link InTheSandbox}, with many calls at a time and little patience for those that nobody answers. */
public final class UnderFaults extends InTheSandbox {

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put(Impatience.PATIENCE, "PT2S");
        settings.put("cmek.concurrency", "50");
        settings.put("cmek.scan.concurrency", "50");
        return settings;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(Impatience.class);
    }
}
