package cmek.sandbox;

import java.util.Map;

/** As {@link InTheSandbox}, with a federation in the place of an Admin API key. */
public final class WithoutAKey extends InTheSandbox {

    @Override
    Map<String, String> surroundings() {
        return Map.of(Deployment.KEYLESS, "true");
    }
}
