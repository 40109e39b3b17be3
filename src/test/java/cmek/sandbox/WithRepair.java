package cmek.sandbox;

import java.util.HashMap;
import java.util.Map;

/** As {@link InTheSandbox}, and a scan restores what a key has lost. */
public final class WithRepair extends InTheSandbox {

    /** The account that an onboarding writes as. */
    static final String OURS = "cmek-grant-access@acme-cmek.iam.gserviceaccount.com";

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put("cmek.repair", "repair");
        settings.put("cmek.google.own-service-accounts", OURS);
        return settings;
    }
}
