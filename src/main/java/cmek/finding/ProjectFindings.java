package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.ProtectionLevel;
import cmek.model.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with a key's project, our permissions in it, its audit logs, the policies of its organization and a
 * service perimeter.
 */
public final class ProjectFindings {

    private static final String ADMINISTRATOR =
            "ask an organization policy administrator to change that policy for the project, wait 15 minutes, "
                    + Instructions.PUBLISH_AGAIN;

    private ProjectFindings() {}

    // --- the project itself --------------------------------------------------------------------------------------

    public static Finding kmsApiDisabled(String project) {
        return new Finding(
                Reason.KMS_API_DISABLED,
                "the Cloud KMS API is not enabled in project " + project,
                List.of(GcloudCommands.enableKmsApi(project)));
    }

    /**
     * An API other than Cloud KMS that one of our calls needs.
     *
     * @param service {@code pubsub.googleapis.com} and the like
     */
    public static Finding apiDisabled(String service, String operation) {
        String shown = SafeText.sanitize(service, 100);
        return new Finding(
                Reason.PERMISSION_DENIED,
                "the API " + shown + ", which " + operation + " needs, is not enabled",
                List.of(GcloudCommands.enableApi(shown), Instructions.PUBLISH_AGAIN));
    }

    /**
     * Somebody asked for the project's deletion.
     *
     * @param since when, where Google says it
     * @param lost what is lost with it, as a person is told; empty when nothing is known to be
     */
    public static Finding projectDeleteRequested(String project, Optional<Instant> since, String lost) {
        return new Finding(
                Reason.PROJECT_DELETE_REQUESTED,
                "project " + project + " is shut down"
                        + since.map(at -> " since " + at).orElse("")
                        + ": Google deletes it with all its keys about 30 days after that"
                        + since.map(at -> ", around "
                                        + at.plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.HOURS))
                                .orElse("")
                        + (lost.isEmpty() ? "" : "; " + lost),
                List.of(
                        GcloudCommands.undeleteProject(project),
                        "check afterwards that billing and the Cloud KMS API are enabled, "
                                + Instructions.PUBLISH_AGAIN));
    }

    public static Finding billingDisabled(String project) {
        return new Finding(
                Reason.BILLING_DISABLED,
                "project " + project + " has no active billing account",
                List.of(GcloudCommands.linkBilling(project)));
    }

    /**
     * A permission of ours is missing.
     *
     * @param permission as Google names it in the error's details, where it does
     * @param resource the resource it is missing on
     */
    public static Finding permissionDenied(@Nullable String permission, String resource) {
        String what = permission == null ? "a permission" : "permission " + SafeText.sanitize(permission, 100);
        return new Finding(
                Reason.PERMISSION_DENIED,
                "the function's service account lacks " + what + " on " + SafeText.sanitize(resource, 300),
                List.of("grant the function's service account a role with "
                        + what
                        + " on "
                        + SafeText.sanitize(resource, 300)
                        + " (terraform/modules/key-project does), "
                        + Instructions.PUBLISH_AGAIN));
    }

    public static Finding hsmNotAvailable(CryptoKeyName key) {
        return new Finding(
                Reason.HSM_NOT_AVAILABLE,
                "Cloud HSM is not available in location " + key.location() + " in project " + key.project(),
                List.of(
                        GcloudCommands.locations(key.project()),
                        "choose a location with HSM_AVAILABLE, " + Instructions.PUBLISH_AGAIN));
    }

    /** Cloud KMS does not know the location, whatever our own list says. */
    public static Finding locationUnknown(CryptoKeyName key) {
        return new Finding(
                Reason.LOCATION_NOT_SUPPORTED,
                "location " + key.location() + " does not exist in project " + key.project(),
                List.of(GcloudCommands.locations(key.project())));
    }

    /**
     * A service perimeter refused a call of ours.
     *
     * @param identifier VPC Service Controls' unique identifier of the denial, by which its log entry is found
     */
    public static Finding servicePerimeter(String resource, @Nullable String identifier) {
        String id = identifier == null ? "" : " (denial " + SafeText.sanitize(identifier, 100) + ")";
        return new Finding(
                Reason.SERVICE_PERIMETER,
                "a VPC Service Controls perimeter refused the call to " + SafeText.sanitize(resource, 300) + id,
                List.of("add an ingress rule to the perimeter that allows the function's service account and "
                        + AnthropicPrincipal.EMAIL
                        + " to call cloudkms.googleapis.com, "
                        + Instructions.PUBLISH_AGAIN));
    }

    /** Google refused what we sent, for a reason that does not have its own word yet. */
    public static Finding googleRefused(String operation, String detail) {
        return new Finding(
                Reason.INVALID_REQUEST,
                "Google Cloud does not accept " + operation + ": " + detail,
                List.of("fix what Google Cloud reports, " + Instructions.PUBLISH_AGAIN));
    }

    // --- our own permissions -------------------------------------------------------------------------------------

    /**
     * The account that will write lacks permissions; found before anything was written.
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
                        "or apply terraform/modules/key-project, which grants each function what it needs; "
                                + Instructions.PUBLISH_AGAIN));
    }

    public static Finding permissionsUnknown(CryptoKeyName key, String why) {
        return new Finding(
                Reason.PERMISSION_DENIED,
                "could not determine in advance whether the function's service account may write in project "
                        + key.project() + ": " + why,
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
     * The logs are on, but somebody's calls are exempt from them.
     *
     * @param exempted the member that covers Anthropic's principal
     * @param resource where the exemption is set
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
                "grant the function's service account read access to the policies of the project, its folders and its"
                        + " organization (roles/iam.securityReviewer on the organization), or turn on the logs in the"
                        + " project itself:");
        remedy.addAll(GcloudCommands.turnOnAuditLogs(project));
        return new Finding(
                Reason.AUDIT_LOGS_UNKNOWN,
                "could not determine whether the audit logs " + String.join(" and ", new TreeSet<>(missing))
                        + " of cloudkms.googleapis.com are on in project " + project + ": " + why,
                remedy);
    }

    // --- organization policies -----------------------------------------------------------------------------------

    /**
     * An organization policy that Google named when it refused a write.
     *
     * @param operation in the API's own words; a custom constraint may apply to keys as well as to their policies
     * @param constraint as the error's details name it
     */
    public static Finding constraintViolated(String operation, String resource, String project, String constraint) {
        String id = id(constraint);
        String refused = "the organization policy " + id + " refused " + SafeText.sanitize(resource, 300);
        List<String> remedy = List.of(GcloudCommands.describePolicy(id, project), ADMINISTRATOR);
        if (id.equals(OrganizationConstraints.RESOURCE_LOCATIONS)) {
            return new Finding(Reason.LOCATION_NOT_SUPPORTED, refused, remedy);
        }
        if (id.equals(OrganizationConstraints.PROTECTION_LEVELS)) {
            return new Finding(Reason.PROTECTION_LEVEL_NOT_ALLOWED, refused, remedy);
        }
        boolean keepsMembersOut = id.startsWith("iam.") || operation.equals("SetIamPolicy");
        if (id.startsWith("cloudkms.") || !keepsMembersOut) {
            return new Finding(Reason.INVALID_REQUEST, refused, remedy);
        }
        return sharing(
                "the organization policy " + id + " does not allow " + AnthropicPrincipal.MEMBER
                        + " in the IAM policy of " + SafeText.sanitize(resource, 300),
                project,
                id);
    }

    /** A policy that lists who may be granted anything, and does not list Anthropic. */
    public static Finding sharingForbidden(String project) {
        return sharing(
                "the organization policy " + OrganizationConstraints.POLICY_MEMBERS + " of project " + project
                        + " lists the principals that may be granted a role, and " + AnthropicPrincipal.MEMBER
                        + " is not among them",
                project,
                OrganizationConstraints.POLICY_MEMBERS);
    }

    /** Restrictions that may or may not apply to Anthropic; only the write itself shows which. */
    public static Finding sharingRestricted(String project, String constraint) {
        return sharing(
                "the organization policy " + constraint + " is in force in project " + project + " and may block "
                        + AnthropicPrincipal.MEMBER + "; only the grant itself will show",
                project,
                constraint);
    }

    /** Cloud KMS accepted the grant, but it is not there. */
    public static Finding grantStripped(CryptoKeyName key) {
        return sharing(
                "Cloud KMS accepted the grant for " + AnthropicPrincipal.MEMBER + " on " + key
                        + " but the policy read afterwards does not contain it; domain restricted sharing can cause this",
                key.project(),
                OrganizationConstraints.MEMBER_DOMAINS);
    }

    /**
     * Organization policies that we may not read.
     *
     * @param constraints those that matter for what is to be written
     */
    public static Finding policiesUnknown(String project, Collection<String> constraints, String why) {
        return new Finding(
                Reason.DOMAIN_RESTRICTED_SHARING,
                "could not determine in advance whether organization policies (" + String.join(", ", constraints)
                        + ") block the request in project " + project + ": " + why,
                List.of("grant the function's service account read access to them (roles/orgpolicy.policyViewer on the"
                        + " organization);"
                        + " nothing else to do unless a later step is refused"));
    }

    public static Finding protectionLevelForbidden(
            CryptoKeyName key, ProtectionLevel level, Collection<String> allowed) {
        return new Finding(
                Reason.PROTECTION_LEVEL_NOT_ALLOWED,
                forbids(OrganizationConstraints.PROTECTION_LEVELS, key, "protection level " + level, allowed),
                List.of(
                        GcloudCommands.describePolicy(OrganizationConstraints.PROTECTION_LEVELS, key.project()),
                        ADMINISTRATOR));
    }

    public static Finding locationForbidden(CryptoKeyName key, Collection<String> allowed) {
        return new Finding(
                Reason.LOCATION_NOT_SUPPORTED,
                forbids(OrganizationConstraints.RESOURCE_LOCATIONS, key, "location " + key.location(), allowed),
                List.of(
                        GcloudCommands.describePolicy(OrganizationConstraints.RESOURCE_LOCATIONS, key.project()),
                        ADMINISTRATOR));
    }

    public static Finding destroyDurationTooShort(CryptoKeyName key, Duration asked, Duration minimum) {
        return new Finding(
                Reason.INVALID_REQUEST,
                "destroyScheduledDuration is P" + asked.toDays() + "D and the organization policy "
                        + OrganizationConstraints.DESTROY_DURATION + " of project " + key.project()
                        + " requires at least P" + minimum.toDays() + "D",
                List.of(
                        "set destroyScheduledDuration to P" + minimum.toDays()
                                + "D or more, then publish the request again",
                        GcloudCommands.describePolicy(OrganizationConstraints.DESTROY_DURATION, key.project())));
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
            case OrganizationConstraints.POLICY_MEMBERS -> {
                remedy.addAll(GcloudCommands.allowMember(project));
                remedy.add("these commands are for an organization policy administrator; afterwards wait 15 minutes, "
                        + Instructions.PUBLISH_AGAIN);
            }
            case OrganizationConstraints.MEMBER_DOMAINS -> {
                remedy.addAll(GcloudCommands.liftMemberDomains(project));
                remedy.add("these commands are for an organization policy administrator; afterwards wait 15 minutes, "
                        + Instructions.PUBLISH_AGAIN
                        + "; the grant outlives the exception, so remove the exception afterwards:");
                remedy.add(GcloudCommands.deletePolicy(OrganizationConstraints.MEMBER_DOMAINS, project));
            }
            default ->
                remedy.add("ask an organization policy administrator to allow that member for project " + project
                        + ", wait 15 minutes, " + Instructions.PUBLISH_AGAIN);
        }
        return new Finding(Reason.DOMAIN_RESTRICTED_SHARING, message, remedy);
    }

    /**
     * {@code constraints/iam.x}, {@code organizations/O/customConstraints/custom.y} and the like, without what comes
     * before the name.
     */
    private static String id(String constraint) {
        String shown = SafeText.sanitize(constraint, 200);
        return shown.substring(shown.lastIndexOf('/') + 1);
    }
}
