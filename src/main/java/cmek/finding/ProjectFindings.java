package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.ProtectionLevel;
import cmek.model.SafeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What the project of a key, its audit logs and the policies of its organization have to do with an onboarding, in words;
 * the sister of {@link Findings}.
 */
public final class ProjectFindings {

    /** Keeps principals of other organizations out by the customer ids of those that may come in. */
    public static final String MEMBER_DOMAINS = "iam.allowedPolicyMemberDomains";

    /** The same by single principals and principal sets. */
    public static final String POLICY_MEMBERS = "iam.managed.allowedPolicyMembers";

    public static final String PROTECTION_LEVELS = "cloudkms.allowedProtectionLevels";
    public static final String DESTROY_DURATION = "cloudkms.minimumDestroyScheduledDuration";
    public static final String RESOURCE_LOCATIONS = "gcp.resourceLocations";

    private static final String AGAIN = "then publish the same request again";
    private static final String ADMINISTRATOR =
            "an organization policy administrator changes that policy for the project and waits 15 minutes, " + AGAIN;

    private ProjectFindings() {}

    // --- our own permissions -------------------------------------------------------------------------------------

    /**
     * The account that is to write lacks permissions; found before anything was written.
     *
     * @param missing at least one permission
     */
    public static Finding permissionsMissing(CryptoKeyName key, Collection<String> missing) {
        TreeSet<String> sorted = new TreeSet<>(missing);
        return new Finding(
                Reason.PERMISSION_DENIED,
                "the function's service account lacks " + String.join(", ", sorted) + " on project " + key.project()
                        + ", its key ring and key " + key,
                List.of(
                        GcloudCommands.createRole(key.project(), sorted),
                        GcloudCommands.bindRole(key.project()),
                        "or apply terraform/modules/key-project, which grants each function what it needs; " + AGAIN));
    }

    public static Finding permissionsUnknown(CryptoKeyName key, String why) {
        return new Finding(
                Reason.PERMISSION_DENIED,
                "whether the function's service account may write in project " + key.project()
                        + " cannot be known beforehand: " + why,
                List.of(
                        GcloudCommands.enableApi("cloudresourcemanager.googleapis.com"),
                        "nothing else to do unless a later step is refused"));
    }

    // --- audit logs ----------------------------------------------------------------------------------------------

    /**
     * Data Access audit logs are off, in the project and in everything it inherits from.
     *
     * @param missing of {@code DATA_READ} and {@code DATA_WRITE}
     */
    public static Finding auditLogsOff(String project, Collection<String> missing) {
        return new Finding(
                Reason.AUDIT_LOGS_OFF,
                "the audit logs " + String.join(" and ", new TreeSet<>(missing))
                        + " of cloudkms.googleapis.com are off in project " + project
                        + ", so Anthropic's use of the key would leave no trace",
                GcloudCommands.turnOnAuditLogs(project));
    }

    /**
     * The logs are on and somebody's calls are left out of them.
     *
     * @param exempted the member that covers Anthropic's principal
     * @param resource where the exemption stands
     */
    public static Finding auditLogsExempt(String project, String exempted, String resource) {
        List<String> remedy = new ArrayList<>();
        if (resource.equals("projects/" + project)) {
            remedy.addAll(GcloudCommands.turnOnAuditLogs(project));
        } else {
            remedy.add("remove " + SafeText.sanitize(exempted, 200)
                    + " from the exemptedMembers of the audit configuration of " + resource);
        }
        return new Finding(
                Reason.AUDIT_LOGS_OFF,
                "the audit configuration of " + resource + " exempts " + SafeText.sanitize(exempted, 200)
                        + ", so Anthropic's use of a key in project " + project + " would leave no trace",
                remedy);
    }

    /**
     * The project's own policy does not turn the logs on, and what it inherits cannot be read.
     *
     * @param missing of {@code DATA_READ} and {@code DATA_WRITE}
     */
    public static Finding auditLogsUnknown(String project, Collection<String> missing, String why) {
        List<String> remedy = new ArrayList<>();
        remedy.add(
                "let the function's service account read the policies of the project, its folders and its organization"
                        + " (roles/iam.securityReviewer on the organization), or turn the logs on in the project itself:");
        remedy.addAll(GcloudCommands.turnOnAuditLogs(project));
        return new Finding(
                Reason.AUDIT_LOGS_UNKNOWN,
                "whether the audit logs " + String.join(" and ", new TreeSet<>(missing))
                        + " of cloudkms.googleapis.com are on in project " + project + " cannot be known: " + why,
                remedy);
    }

    // --- organization policies -----------------------------------------------------------------------------------

    /**
     * An organization policy that Google named when it refused a write.
     *
     * @param operation in the API's own words; a custom constraint may stand on keys as well as on their policies
     * @param constraint as the error's details name it
     */
    public static Finding constraintViolated(String operation, String resource, String project, String constraint) {
        String id = id(constraint);
        String refused = "the organization policy " + id + " refused " + SafeText.sanitize(resource, 300);
        List<String> remedy = List.of(GcloudCommands.describePolicy(id, project), ADMINISTRATOR);
        if (id.equals(RESOURCE_LOCATIONS)) {
            return new Finding(Reason.LOCATION_NOT_SUPPORTED, refused, remedy);
        }
        if (id.equals(PROTECTION_LEVELS)) {
            return new Finding(Reason.PROTECTION_LEVEL_NOT_ALLOWED, refused, remedy);
        }
        boolean keepsMembersOut = id.startsWith("iam.") || operation.equals("SetIamPolicy");
        if (id.startsWith("cloudkms.") || !keepsMembersOut) {
            return new Finding(Reason.INVALID_REQUEST, refused, remedy);
        }
        return sharing(
                "the organization policy " + id + " keeps " + AnthropicPrincipal.MEMBER + " out of the policy of "
                        + SafeText.sanitize(resource, 300),
                project,
                id);
    }

    /** A policy that names who may be granted anything, and does not name Anthropic. */
    public static Finding sharingForbidden(String project) {
        return sharing(
                "the organization policy " + POLICY_MEMBERS + " of project " + project
                        + " names those who may be granted" + " a role, and " + AnthropicPrincipal.MEMBER
                        + " is not among them",
                project,
                POLICY_MEMBERS);
    }

    /** Restrictions of which only the write itself shows whether they keep Anthropic out. */
    public static Finding sharingRestricted(String project, String constraint) {
        return sharing(
                "the organization policy " + constraint + " is in force in project " + project + " and may keep "
                        + AnthropicPrincipal.MEMBER + " out; only the grant itself decides",
                project,
                constraint);
    }

    /** Cloud KMS took the grant, and it is not there. */
    public static Finding grantStripped(CryptoKeyName key) {
        return sharing(
                "Cloud KMS took the grant for " + AnthropicPrincipal.MEMBER + " on " + key
                        + " and the policy read afterwards lacks it, as under domain restricted sharing",
                key.project(),
                MEMBER_DOMAINS);
    }

    /**
     * Organization policies that we may not read.
     *
     * @param constraints those that matter for what is to be written
     */
    public static Finding policiesUnknown(String project, Collection<String> constraints, String why) {
        return new Finding(
                Reason.DOMAIN_RESTRICTED_SHARING,
                "whether organization policies (" + String.join(", ", constraints) + ") stand in the way in project "
                        + project + " cannot be known beforehand: " + why,
                List.of(
                        "let the function's service account read them (roles/orgpolicy.policyViewer on the organization);"
                                + " nothing else to do unless a later step is refused"));
    }

    public static Finding protectionLevelForbidden(
            CryptoKeyName key, ProtectionLevel level, Collection<String> allowed) {
        return new Finding(
                Reason.PROTECTION_LEVEL_NOT_ALLOWED,
                forbids(PROTECTION_LEVELS, key, "protection level " + level, allowed),
                List.of(GcloudCommands.describePolicy(PROTECTION_LEVELS, key.project()), ADMINISTRATOR));
    }

    public static Finding locationForbidden(CryptoKeyName key, Collection<String> allowed) {
        return new Finding(
                Reason.LOCATION_NOT_SUPPORTED,
                forbids(RESOURCE_LOCATIONS, key, "location " + key.location(), allowed),
                List.of(GcloudCommands.describePolicy(RESOURCE_LOCATIONS, key.project()), ADMINISTRATOR));
    }

    public static Finding destroyDurationTooShort(CryptoKeyName key, Duration asked, Duration minimum) {
        return new Finding(
                Reason.INVALID_REQUEST,
                "destroyScheduledDuration is P" + asked.toDays() + "D and the organization policy " + DESTROY_DURATION
                        + " of project " + key.project() + " demands at least P" + minimum.toDays() + "D",
                List.of(
                        "set destroyScheduledDuration to P" + minimum.toDays()
                                + "D or more, then publish the request again",
                        GcloudCommands.describePolicy(DESTROY_DURATION, key.project())));
    }

    private static String forbids(String constraint, CryptoKeyName key, String what, Collection<String> allowed) {
        String shown =
                allowed.isEmpty() ? "nothing" : SafeText.sanitize(String.join(", ", new TreeSet<>(allowed)), 200);
        return "the organization policy " + constraint + " of project " + key.project() + " does not allow " + what
                + " (it allows " + shown + ")";
    }

    private static Finding sharing(String message, String project, String constraint) {
        List<String> remedy = new ArrayList<>();
        remedy.add(GcloudCommands.describePolicy(constraint, project));
        switch (constraint) {
            case POLICY_MEMBERS -> {
                remedy.addAll(GcloudCommands.allowMember(project));
                remedy.add("an organization policy administrator runs these, waits 15 minutes, " + AGAIN);
            }
            case MEMBER_DOMAINS -> {
                remedy.addAll(GcloudCommands.liftMemberDomains(project));
                remedy.add("an organization policy administrator runs these, waits 15 minutes, " + AGAIN
                        + "; the grant outlives the exception, so take that back afterwards:");
                remedy.add(GcloudCommands.deletePolicy(MEMBER_DOMAINS, project));
            }
            default ->
                remedy.add("an organization policy administrator lets that member pass for project " + project
                        + ", waits 15 minutes, " + AGAIN);
        }
        return new Finding(Reason.DOMAIN_RESTRICTED_SHARING, message, remedy);
    }

    /** {@code constraints/iam.x}, {@code organizations/O/customConstraints/custom.y} and the like, without the front. */
    private static String id(String constraint) {
        String shown = SafeText.sanitize(constraint, 200);
        return shown.substring(shown.lastIndexOf('/') + 1);
    }
}
