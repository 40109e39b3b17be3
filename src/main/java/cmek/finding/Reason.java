package cmek.finding;

import static cmek.finding.Actor.ANTHROPIC_ADMIN;
import static cmek.finding.Actor.KEY_OWNER;
import static cmek.finding.Actor.NOBODY;
import static cmek.finding.Actor.OPERATOR;
import static cmek.finding.Actor.ORGANIZATION_ADMIN;
import static cmek.finding.Actor.REQUESTER;
import static cmek.finding.Severity.BLOCKING;
import static cmek.finding.Severity.NOTICE;
import static cmek.finding.Severity.PROBLEM;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/**
 * Why a request was refused, failed or carries a warning: one word per cause, stable, the same in results, logs and
 * metrics.
 * Each has a section in the document of reasons, see {@link #documentation()}.
 */
@RegisterForReflection
public enum Reason {
    UNREADABLE(BLOCKING, REQUESTER, "the message is not a JSON object that can be read"),
    INVALID_REQUEST(BLOCKING, REQUESTER, "a field is missing, unknown or invalid"),
    PRINCIPAL_NOT_ACCEPTED(BLOCKING, REQUESTER, "a field names a principal; the grantee is a constant of the program"),
    PERMANENCE_NOT_ACKNOWLEDGED(
            BLOCKING, REQUESTER, "attaching is permanent and the request does not acknowledge that"),
    DEFAULT_WORKSPACE_NOT_ACKNOWLEDGED(
            BLOCKING,
            REQUESTER,
            "the workspace is the organization's default workspace and the request does not acknowledge that"),
    PROJECT_NOT_ALLOWED(BLOCKING, OPERATOR, "the key's project is not on the list of allowed projects"),
    WORKSPACE_NOT_ALLOWED(BLOCKING, OPERATOR, "the workspace is not on the list of allowed workspaces"),
    LOCATION_NOT_SUPPORTED(
            BLOCKING, REQUESTER, "the key's location is not an allowed single region in the United States"),
    PROTECTION_LEVEL_NOT_ALLOWED(BLOCKING, REQUESTER, "the protection level is not one that the policy allows"),

    KMS_API_DISABLED(BLOCKING, KEY_OWNER, "the Cloud KMS API is not enabled in the key's project"),
    BILLING_DISABLED(BLOCKING, KEY_OWNER, "the key's project has no active billing account"),
    PERMISSION_DENIED(BLOCKING, KEY_OWNER, "the function's service account lacks a permission"),
    HSM_NOT_AVAILABLE(BLOCKING, REQUESTER, "Cloud HSM is not available in the location"),
    AUDIT_LOGS_OFF(PROBLEM, KEY_OWNER, "Anthropic's use of the key would leave no trace in the audit logs"),
    AUDIT_LOGS_UNKNOWN(
            NOTICE,
            OPERATOR,
            "it could not be determined whether Anthropic's use of the key leaves a trace in the audit logs"),
    DOMAIN_RESTRICTED_SHARING(
            BLOCKING, ORGANIZATION_ADMIN, "an organization policy does not allow principals of other organizations"),
    ORGANIZATION_POLICY(BLOCKING, ORGANIZATION_ADMIN, "an organization policy restricts what the request needs"),
    DENY_POLICY(BLOCKING, ORGANIZATION_ADMIN, "an IAM deny policy keeps Anthropic from using the key"),
    SERVICE_PERIMETER(BLOCKING, ORGANIZATION_ADMIN, "a VPC Service Controls perimeter blocks the call"),
    QUOTA_EXHAUSTED(PROBLEM, KEY_OWNER, "a quota of the project is used up"),
    PROJECT_DELETE_REQUESTED(BLOCKING, KEY_OWNER, "the key's project is shut down and will be deleted with its keys"),
    GOOGLE_REFUSED(BLOCKING, OPERATOR, "Google Cloud refused a call for a reason of its own"),

    KEY_NOT_FOUND(BLOCKING, KEY_OWNER, "the key or its key ring does not exist"),
    KEY_DELETED(BLOCKING, ANTHROPIC_ADMIN, "the key is registered at Anthropic and was deleted"),
    KEY_NAME_RETIRED(BLOCKING, REQUESTER, "a key of this name was deleted, so no other key can ever get the name"),
    KEY_PURPOSE_DIFFERS(BLOCKING, REQUESTER, "the key is not a symmetric encryption key"),
    KEY_ALGORITHM_DIFFERS(BLOCKING, REQUESTER, "the key's algorithm is not GOOGLE_SYMMETRIC_ENCRYPTION"),
    KEY_PROTECTION_DIFFERS(
            BLOCKING, REQUESTER, "the key's protection level is not one that was requested or is allowed"),
    KEY_WITHOUT_PRIMARY(BLOCKING, KEY_OWNER, "the key has no primary version"),
    KEY_VERSION_DISABLED(BLOCKING, KEY_OWNER, "the key's primary version is disabled"),
    KEY_VERSION_DESTROY_SCHEDULED(BLOCKING, KEY_OWNER, "a version of the key is scheduled for destruction"),
    KEY_VERSION_DESTROYED(BLOCKING, KEY_OWNER, "the key's primary version is destroyed"),
    KEY_VERSION_NOT_READY(
            PROBLEM, NOBODY, "the key's primary version is still being generated or imported; this passes by itself"),
    KEY_VERSION_GENERATION_FAILED(BLOCKING, KEY_OWNER, "the key's primary version could not be generated or imported"),
    OLD_VERSION_UNUSABLE(
            PROBLEM, KEY_OWNER, "an older version of the key, under which data may be encrypted, cannot be used"),
    OLD_VERSION_LOST(
            PROBLEM,
            ANTHROPIC_ADMIN,
            "an older version of the key, under which data may be encrypted, no longer exists"),
    KEY_ACCESS_JUSTIFICATIONS(
            BLOCKING, KEY_OWNER, "the key's Key Access Justifications policy denies, or may deny, Anthropic's use"),
    KEY_SETTINGS_DIFFER(NOTICE, NOBODY, "the key exists with settings other than those requested; it is left as it is"),
    LABEL_MISSING(PROBLEM, KEY_OWNER, "the key does not carry the organization's label"),
    LABELS_FULL(BLOCKING, KEY_OWNER, "the key has 64 labels already; no more fit"),
    BINDING_MISSING(PROBLEM, KEY_OWNER, "Anthropic's service account lacks a role on the key"),
    BINDING_CONDITIONAL(PROBLEM, KEY_OWNER, "Anthropic holds a role on the key only under a condition"),
    UNEXPECTED_PRINCIPAL(
            PROBLEM,
            KEY_OWNER,
            "a principal other than Anthropic and the key's own project can decrypt with the key, or a principal can change"
                    + " who can"),
    PRINCIPALS_UNKNOWN(
            NOTICE, OPERATOR, "it could not be determined in full who besides Anthropic can decrypt with the key"),

    WRONG_ORGANIZATION(BLOCKING, OPERATOR, "Anthropic's credential belongs to another organization"),
    CREDENTIAL_REJECTED(BLOCKING, OPERATOR, "Anthropic does not accept the credential"),
    CREDENTIAL_FORBIDDEN(BLOCKING, OPERATOR, "Anthropic's credential is not permitted to do this"),
    DUPLICATE_REGISTRATION(NOTICE, ANTHROPIC_ADMIN, "the key is registered more than once"),
    REGISTRATION_NOT_CANONICAL(
            PROBLEM, ANTHROPIC_ADMIN, "it cannot be determined which key a registration at Anthropic is for"),
    VALIDATION_FAILED(BLOCKING, KEY_OWNER, "Anthropic cannot use the key and our own checks found no cause"),
    WORKSPACE_NOT_FOUND(BLOCKING, REQUESTER, "the workspace does not exist in this organization"),
    WORKSPACE_ARCHIVED(BLOCKING, REQUESTER, "the workspace is archived"),
    WORKSPACE_HAS_OTHER_KEY(
            BLOCKING, REQUESTER, "the workspace already has another key; an attachment cannot be changed"),
    USER_PROFILE_MISMATCH(
            BLOCKING, ANTHROPIC_ADMIN, "the workspace and the key's registration have different user profiles"),
    WORKSPACE_POLICY_VIOLATION(
            BLOCKING, ANTHROPIC_ADMIN, "a workspace policy in Anthropic's Console does not allow the key"),
    WORKSPACE_RETAINS_NO_DATA(
            PROBLEM, REQUESTER, "the workspace retains no data, and attaching a key makes that permanent"),
    ANTHROPIC_BILLING(BLOCKING, ANTHROPIC_ADMIN, "Anthropic refused the call because of the organization's billing"),
    ANTHROPIC_REFUSED(BLOCKING, ANTHROPIC_ADMIN, "Anthropic refused the call; its own words say why"),
    APPROVAL_NOT_ACCEPTED(BLOCKING, REQUESTER, "the approval does not match a request for approval that is still open"),
    ANTHROPIC_UNAVAILABLE(PROBLEM, NOBODY, "Anthropic did not answer, or its answer could not be used"),
    GOOGLE_UNAVAILABLE(PROBLEM, NOBODY, "Google Cloud did not answer, or its answer could not be used"),
    BUSY(PROBLEM, NOBODY, "a limit of this service, or another write of the same thing, delays the step"),

    REGISTERED_NOT_ATTACHED(PROBLEM, ANTHROPIC_ADMIN, "the key is registered but no workspace uses it"),
    ARCHIVED_WORKSPACES_ONLY(PROBLEM, NOBODY, "the key is attached only to archived workspaces"),
    WORKSPACE_WITHOUT_KEY(PROBLEM, REQUESTER, "the workspace has no customer-managed key"),
    REGISTRATION_MISSING(
            PROBLEM, ANTHROPIC_ADMIN, "a workspace refers to a registration that is not in the organization's list"),
    ROTATION_OVERDUE(PROBLEM, KEY_OWNER, "the key's automatic rotation is overdue"),
    REVOKED_ON_PURPOSE(PROBLEM, NOBODY, "the key is labelled as revoked on purpose"),
    REPAIR_CONTESTED(PROBLEM, KEY_OWNER, "a repair of the key was reverted"),
    REGION_NOT_RECOMMENDED(NOTICE, NOBODY, "the location works but is not one that Anthropic recommends"),
    NOT_REACHED(PROBLEM, OPERATOR, "the key could not be checked in this run"),

    RETRIES_EXHAUSTED(BLOCKING, OPERATOR, "the step failed after all retries"),
    EXPIRED(BLOCKING, REQUESTER, "the request is older than the maximum age");

    private final Severity severity;
    private final Actor actor;
    private final String cause;

    Reason(Severity severity, Actor actor, String cause) {
        this.severity = severity;
        this.actor = actor;
        this.cause = cause;
    }

    /** How serious it is, unless a finding knows better. */
    public Severity severity() {
        return severity;
    }

    /** Who must act, unless a finding knows better. */
    public Actor actor() {
        return actor;
    }

    /** The cause in general, without the values of a case. */
    public String cause() {
        return cause;
    }

    /** Where this reason is explained, from the root of the repository. */
    public String documentation() {
        return "docs/reasons.md#" + name().toLowerCase(Locale.ROOT);
    }
}
