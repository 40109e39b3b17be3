package cmek.finding;

/** The names of the organization policy constraints that matter for an onboarding. */
public final class OrganizationConstraints {

    /** Keeps principals of other organizations out by the customer ids of those that may come in. */
    public static final String MEMBER_DOMAINS = "iam.allowedPolicyMemberDomains";

    /** The same by single principals and principal sets. */
    public static final String POLICY_MEMBERS = "iam.managed.allowedPolicyMembers";

    public static final String PROTECTION_LEVELS = "cloudkms.allowedProtectionLevels";
    public static final String DESTROY_DURATION = "cloudkms.minimumDestroyScheduledDuration";
    public static final String RESOURCE_LOCATIONS = "gcp.resourceLocations";

    /** Which Google APIs may be used at all. */
    public static final String SERVICE_USAGE = "gcp.restrictServiceUsage";

    /** Which addresses of Google's APIs may be used. */
    public static final String ENDPOINT_USAGE = "gcp.restrictEndpointUsage";

    public static final String TLS_VERSION = "gcp.restrictTLSVersion";
    public static final String TLS_CIPHERS = "gcp.restrictTLSCipherSuites";

    /** Custom constraints, which an organization writes itself, have names that begin with this. */
    public static final String CUSTOM = "custom.";

    private OrganizationConstraints() {}
}
