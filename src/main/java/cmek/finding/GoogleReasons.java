package cmek.finding;

import java.util.Map;
import java.util.Optional;

/**
 * What Google's own words for a refusal mean, in words of ours. It is a help for whoever reads them and nothing is decided
 * by it: a word that is not here is shown as it is.
 *
 * @see <a href="https://cloud.google.com/apis/docs/reference/rest/Shared.Types/ErrorReason">ErrorReason</a>
 */
public final class GoogleReasons {

    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry(
                    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                    "the access token of the function's service account lacks the OAuth scope cloud-platform"),
            Map.entry(
                    "ACCESS_TOKEN_TYPE_UNSUPPORTED",
                    "this API does not accept the kind of access token that the function has"),
            Map.entry("ACCOUNT_STATE_INVALID", "the function's service account is disabled or deleted"),
            Map.entry("CONSUMER_INVALID", "the project that the call is counted against does not exist or is inactive"),
            Map.entry("CONSUMER_SUSPENDED", "the project that the call is counted against is suspended"),
            Map.entry("CREDENTIALS_MISSING", "the call arrived without an access token"),
            Map.entry("GCP_SUSPENDED", "Google Cloud is suspended for the account"),
            Map.entry("LOCATION_POLICY_VIOLATED", "a policy does not permit the location"),
            Map.entry("LOCATION_TAX_POLICY_VIOLATED", "the location is not available to the billing account's country"),
            Map.entry("ORG_RESTRICTION_HEADER_INVALID", "a proxy added an organization restriction that is malformed"),
            Map.entry("ORG_RESTRICTION_VIOLATION", "a proxy restricts calls to the resources of another organization"),
            Map.entry("RESOURCE_PROJECT_INVALID", "the project of the resource does not exist or is inactive"),
            Map.entry("SERVICE_NOT_VISIBLE", "the API is not visible to the project that the call is counted against"),
            Map.entry("USER_BLOCKED_BY_ADMIN", "an administrator blocked the account from this API"),
            Map.entry(
                    "USER_PROJECT_DENIED",
                    "the function's service account may not count calls against the project it names: it lacks"
                            + " serviceusage.services.use there, or that project is gone"));

    /** Words that say which organization policy refused without naming it. */
    private static final Map<String, String> CONSTRAINTS = Map.of(
            "ENDPOINT_USAGE_RESTRICTION_VIOLATED", OrganizationConstraints.ENDPOINT_USAGE,
            "LOCATION_ORG_POLICY_VIOLATED", OrganizationConstraints.RESOURCE_LOCATIONS,
            "RESOURCE_USAGE_RESTRICTION_VIOLATED", OrganizationConstraints.SERVICE_USAGE,
            "TLS_CIPHER_RESTRICTION_VIOLATED", OrganizationConstraints.TLS_CIPHERS,
            "TLS_ORG_POLICY_VIOLATED", OrganizationConstraints.TLS_VERSION);

    private GoogleReasons() {}

    /** What a word means; empty for one that is not known here. */
    public static Optional<String> meaning(String word) {
        return Optional.ofNullable(MEANINGS.get(word));
    }

    /** The organization policy that a word stands for, without {@code constraints/}. */
    public static Optional<String> constraint(String word) {
        return Optional.ofNullable(CONSTRAINTS.get(word));
    }
}
