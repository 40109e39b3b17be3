package cmek.fake;

import java.util.List;

/** Rules of deny policies, as in the API. */
public final class DenyRules {

    public static final String EVERYBODY = "principalSet://goog/public:all";

    private DenyRules() {}

    /**
     * Denies everybody to use any version of a key.
     *
     * @param verb {@code useToDecrypt} and the like
     */
    public static String everybody(String verb) {
        return rule(List.of(EVERYBODY), List.of(), "cloudkms.googleapis.com/cryptoKeyVersions." + verb);
    }

    /** Denies one permission to some. */
    public static String rule(List<String> principals, List<String> excepted, String permission) {
        return """
                {"deniedPrincipals":["%s"],"exceptionPrincipals":[%s],"deniedPermissions":["%s"]}
                """.formatted(
                        String.join("\",\"", principals),
                        excepted.isEmpty() ? "" : "\"" + String.join("\",\"", excepted) + "\"",
                        permission);
    }
}
