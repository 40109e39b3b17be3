package cmek.fake;

import cmek.client.project.DenyPolicy;
import java.util.List;
import java.util.Optional;

/** Rules of deny policies. */
public final class DenyRules {

    public static final String EVERYBODY = "principalSet://goog/public:all";

    private DenyRules() {}

    /**
     * Denies everybody to use any version of a key.
     *
     * @param verb {@code useToDecrypt} and the like
     */
    public static DenyPolicy.Rule everybody(String verb) {
        return rule(List.of(EVERYBODY), List.of(), "cloudkms.googleapis.com/cryptoKeyVersions." + verb);
    }

    public static DenyPolicy.Rule rule(List<String> principals, List<String> excepted, String permission) {
        return new DenyPolicy.Rule(principals, excepted, List.of(permission), List.of(), Optional.empty());
    }
}
