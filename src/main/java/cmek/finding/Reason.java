package cmek.finding;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/**
 * Why a request was refused, failed or carries a warning: one word per cause, stable, the same in results, logs and
 * metrics.
 * Each has a section in the README, see {@link #documentation()}.
 */
@RegisterForReflection
public enum Reason {
    UNREADABLE("the message is not a JSON object that can be read"),
    INVALID_REQUEST("a field is missing, unknown or invalid"),
    PRINCIPAL_NOT_ACCEPTED("a field names a principal; the grantee is a constant of the program"),
    PERMANENCE_NOT_ACKNOWLEDGED("attaching is permanent and the request does not acknowledge that"),
    PROJECT_NOT_ALLOWED("the key's project is not on the list of allowed projects"),
    WORKSPACE_NOT_ALLOWED("the workspace is not on the list of allowed workspaces"),
    LOCATION_NOT_SUPPORTED("the key's location is not an allowed single region in the United States"),
    PROTECTION_LEVEL_NOT_ALLOWED("the protection level is not one that the policy allows"),

    KMS_API_DISABLED("the Cloud KMS API is not enabled in the key's project"),
    BILLING_DISABLED("the key's project has no active billing account"),
    PERMISSION_DENIED("the function's service account lacks a permission"),
    HSM_NOT_AVAILABLE("Cloud HSM is not available in the location"),
    AUDIT_LOGS_OFF("Anthropic's use of the key would leave no trace in the audit logs"),
    AUDIT_LOGS_UNKNOWN(
            "it could not be determined whether Anthropic's use of the key leaves a trace in the audit logs"),
    DOMAIN_RESTRICTED_SHARING("an organization policy does not allow principals of other organizations"),
    SERVICE_PERIMETER("a VPC Service Controls perimeter blocks the call"),
    QUOTA_EXHAUSTED("a quota of the project is used up"),

    KEY_NOT_FOUND("the key or its key ring does not exist"),
    KEY_PURPOSE_DIFFERS("the key is not a symmetric encryption key"),
    KEY_ALGORITHM_DIFFERS("the key's algorithm is not GOOGLE_SYMMETRIC_ENCRYPTION"),
    KEY_PROTECTION_DIFFERS("the key's protection level is not one that was requested or is allowed"),
    KEY_WITHOUT_PRIMARY("the key has no primary version"),
    KEY_VERSION_DISABLED("the key's primary version is disabled"),
    KEY_VERSION_DESTROY_SCHEDULED("the key's primary version is scheduled for destruction"),
    KEY_VERSION_DESTROYED("the key's primary version is destroyed"),
    OLD_VERSION_UNUSABLE("an older version of the key, under which data may be encrypted, cannot be used"),
    KEY_SETTINGS_DIFFER("the key exists with settings other than those requested; it is left as it is"),
    LABEL_MISSING("the key does not carry the organization's label"),
    LABELS_FULL("the key has 64 labels already; no more fit"),
    BINDING_MISSING("Anthropic's service account lacks a role on the key"),
    BINDING_CONDITIONAL("Anthropic holds a role on the key only under a condition"),
    UNEXPECTED_PRINCIPAL("a principal other than Anthropic and the key's own project can decrypt with the key"),

    WRONG_ORGANIZATION("Anthropic's credential belongs to another organization"),
    CREDENTIAL_REJECTED("Anthropic does not accept the credential"),
    CREDENTIAL_FORBIDDEN("Anthropic's credential is not permitted to do this"),
    DUPLICATE_REGISTRATION("the key is registered more than once"),
    VALIDATION_FAILED("Anthropic cannot use the key and our own checks found no cause"),
    WORKSPACE_NOT_FOUND("the workspace does not exist in this organization"),
    WORKSPACE_ARCHIVED("the workspace is archived"),
    WORKSPACE_HAS_OTHER_KEY("the workspace already has another key; an attachment cannot be changed"),
    APPROVAL_NOT_ACCEPTED("the approval does not match a request for approval that is still open"),
    ANTHROPIC_UNAVAILABLE("Anthropic did not answer, or its answer could not be used"),
    GOOGLE_UNAVAILABLE("Google Cloud did not answer, or its answer could not be used"),

    REGISTERED_NOT_ATTACHED("the key is registered but no workspace uses it"),
    ARCHIVED_WORKSPACES_ONLY("the key is attached only to archived workspaces"),
    WORKSPACE_WITHOUT_KEY("the workspace has no customer-managed key"),
    REGISTRATION_MISSING("a workspace refers to a registration that is not in the organization's list"),
    ROTATION_OVERDUE("the key's automatic rotation is overdue"),
    REVOKED_ON_PURPOSE("the key is labelled as revoked and is skipped"),
    REPAIR_CONTESTED("a repair of the key was reverted within the hour"),
    REGION_NOT_RECOMMENDED("the location works but is not one that Anthropic recommends"),
    NOT_REACHED("the key could not be checked in this run"),

    RETRIES_EXHAUSTED("the step failed after all retries"),
    EXPIRED("the request is older than the maximum age");

    private final String cause;

    Reason(String cause) {
        this.cause = cause;
    }

    /** The cause in general, without the values of a case. */
    public String cause() {
        return cause;
    }

    /** Where the README explains this reason. */
    public String documentation() {
        return "README.md#" + name().toLowerCase(Locale.ROOT);
    }
}
