package cmek.sandbox;

import java.util.HashMap;
import java.util.Map;

/** As {@link InTheSandbox}, and nothing is attached before somebody else agrees. */
public final class WithApproval extends InTheSandbox {

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put("cmek.policy.attach-approval", "required");
        return settings;
    }
}
