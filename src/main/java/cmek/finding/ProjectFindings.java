package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.EventTime;
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

    private static final String ADMINISTRATORS_COMMANDS =
            "these commands are for an organization policy administrator; afterwards wait 15 minutes, "
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
     * The same where Google names the project in which the API is missing.
     *
     * @param consumer where Google names another project than the key's: an id, or a number, which may be the key's own
     */
    public static Finding kmsApiDisabled(String project, Optional<String> consumer) {
        return consumer.map(other -> new Finding(
                                Reason.KMS_API_DISABLED,
                                "the Cloud KMS API is not enabled in " + counted(other, project),
                                List.of(GcloudCommands.enableKmsApi(other)))
                        .actor(Actor.OPERATOR))
                .orElseGet(() -> kmsApiDisabled(project));
    }

    /** Google counts every call against a project, whose APIs and billing it takes: often by the project's number. */
    private static String counted(String consumer, String project) {
        return "project " + SafeText.sanitize(consumer, 60) + ", against which Google counts the call ("
                + (isNumber(consumer)
                        ? "by its number; it may be the key's project " + project
                        : "the key's project is " + project)
                + ")";
    }

    private static boolean isNumber(String project) {
        return project.matches("[0-9]+");
    }

    /**
     * An API other than Cloud KMS that one of our calls needs.
     *
     * @param service {@code pubsub.googleapis.com} and the like
     * @param consumer the project in which it is missing, where Google names it
     */
    public static Finding apiDisabled(String service, String operation, Optional<String> consumer) {
        String shown = SafeText.sanitize(service, 100);
        return new Finding(
                        Reason.PERMISSION_DENIED,
                        "the API " + shown + ", which " + operation + " needs, is not enabled"
                                + consumer.map(project -> " in project " + project)
                                        .orElse(""),
                        List.of(GcloudCommands.enableApi(shown, consumer), Instructions.PUBLISH_AGAIN))
                .actor(Actor.OPERATOR);
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
                        + since.map(at -> " since " + EventTime.written(at)).orElse("")
                        + ": Google deletes it with all its keys about 30 days after that"
                        + since.map(at -> ", around "
                                        + EventTime.written(
                                                at.plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.HOURS)))
                                .orElse("")
                        + (lost.isEmpty() ? "" : "; " + lost),
                List.of(
                        GcloudCommands.undeleteProject(project),
                        "check afterwards that billing and the Cloud KMS API are enabled, "
                                + Instructions.PUBLISH_AGAIN));
    }

    public static Finding billingDisabled(String project) {
        return billingDisabled(project, Optional.empty());
    }

    /** The key's project has no billing, or that against which Google counts the call. */
    public static Finding billingDisabled(String project, Optional<String> consumer) {
        return consumer.map(other -> new Finding(
                                Reason.BILLING_DISABLED,
                                "no active billing account is linked to " + counted(other, project),
                                List.of(GcloudCommands.linkBilling(other)))
                        .actor(Actor.OPERATOR))
                .orElseGet(() -> new Finding(
                        Reason.BILLING_DISABLED,
                        "project " + project + " has no active billing account",
                        List.of(GcloudCommands.linkBilling(project))));
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

    /**
     * Google refused a call for a reason that is not one of ours; nothing is wrong with what the team published.
     *
     * @param operation in the API's own words, and what it was about
     * @param detail the status and Google's own word and text, safe to show
     */
    public static Finding googleRefused(String operation, String detail) {
        return new Finding(
                Reason.GOOGLE_REFUSED,
                "Google Cloud refused " + operation + ": " + detail,
                List.of("look up Google's own word for the refusal in its documentation, or give it to Google Cloud's"
                        + " support with the request id if there is one; fix the cause, "
                        + Instructions.PUBLISH_AGAIN));
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
                                + key.project() + ": " + SafeText.sanitize(why, 600),
                        List.of(
                                GcloudCommands.enableApi("cloudresourcemanager.googleapis.com", Optional.empty()),
                                "nothing else to do unless a later step is refused"))
                .as(Severity.NOTICE)
                .actor(Actor.OPERATOR);
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
        boolean keepsMembersOut = id.equals(OrganizationConstraints.MEMBER_DOMAINS)
                || id.equals(OrganizationConstraints.POLICY_MEMBERS)
                || (id.startsWith(OrganizationConstraints.CUSTOM) && operation.equals("SetIamPolicy"));
        if (!keepsMembersOut) {
            return new Finding(
                    id.equals(OrganizationConstraints.PROTECTION_LEVELS)
                            ? Reason.PROTECTION_LEVEL_NOT_ALLOWED
                            : Reason.ORGANIZATION_POLICY,
                    "the organization policy " + id + " refused " + operation + " on "
                            + SafeText.sanitize(resource, 300),
                    List.of(GcloudCommands.describePolicy(id, project), ADMINISTRATOR));
        }
        return sharing(
                "the organization policy " + id + " does not allow " + AnthropicPrincipal.MEMBER
                        + " in the IAM policy of " + SafeText.sanitize(resource, 300),
                project,
                id,
                keyOf(resource));
    }

    /**
     * Google refused the grant and named no policy. Nothing but Anthropic's bindings is ever added, and an organization's
     * policy is what refuses those.
     *
     * @param status as Google answered
     * @param googlesText why, in Google's own words, safe to show; may be empty
     */
    public static Finding grantRefused(String resource, String project, String status, String googlesText) {
        return new Finding(
                Reason.DOMAIN_RESTRICTED_SHARING,
                "Google Cloud refused to add " + AnthropicPrincipal.MEMBER + " to the IAM policy of "
                        + SafeText.sanitize(resource, 300) + " (" + status
                        + ") and named no cause; domain restricted sharing does that"
                        + (googlesText.isEmpty() ? "" : "; Google says: " + googlesText),
                List.of(
                        GcloudCommands.describePolicy(OrganizationConstraints.MEMBER_DOMAINS, project),
                        GcloudCommands.describePolicy(OrganizationConstraints.POLICY_MEMBERS, project),
                        "if one of them restricts the project, ask an organization policy administrator to allow that"
                                + " member in it, wait 15 minutes, " + Instructions.PUBLISH_AGAIN
                                + "; if neither does, what Google says is the cause"));
    }

    /** A policy that lists who may be granted anything, and does not list Anthropic. */
    public static Finding sharingForbidden(CryptoKeyName key) {
        return sharing(
                "the organization policy " + OrganizationConstraints.POLICY_MEMBERS + " of project " + key.project()
                        + " lists the principals that may be granted a role, and " + AnthropicPrincipal.MEMBER
                        + " is not among them",
                key.project(),
                OrganizationConstraints.POLICY_MEMBERS,
                Optional.of(key));
    }

    /** A policy under which nobody of any other organization may be granted anything. */
    public static Finding sharingDenied(CryptoKeyName key) {
        return sharing(
                "the organization policy " + OrganizationConstraints.MEMBER_DOMAINS + " of project " + key.project()
                        + " denies all members, so " + AnthropicPrincipal.MEMBER + " cannot be granted a role",
                key.project(),
                OrganizationConstraints.MEMBER_DOMAINS,
                Optional.of(key));
    }

    /**
     * A policy that lists customers and does not list the one that is configured as Anthropic's.
     *
     * @param customerId as it is configured, {@code C0…}
     * @param allowed what the policy lists
     */
    public static Finding customerNotAllowed(CryptoKeyName key, String customerId, Collection<String> allowed) {
        List<String> remedy = new ArrayList<>();
        remedy.add(GcloudCommands.describePolicy(OrganizationConstraints.MEMBER_DOMAINS, key.project()));
        remedy.addAll(GcloudCommands.allowCustomer(key.project(), customerId));
        remedy.add(ADMINISTRATORS_COMMANDS);
        return new Finding(
                Reason.DOMAIN_RESTRICTED_SHARING,
                forbids(
                        OrganizationConstraints.MEMBER_DOMAINS,
                        key,
                        "customer " + customerId + ", which cmek.policy.anthropic-customer-id names as Anthropic's",
                        allowed),
                remedy);
    }

    /**
     * Restrictions that may or may not apply to Anthropic; only the write itself shows which.
     *
     * @param allowed what the policy allows, where it lists anything
     */
    public static Finding sharingRestricted(String project, String constraint, Collection<String> allowed) {
        return new Finding(
                        Reason.DOMAIN_RESTRICTED_SHARING,
                        "the organization policy " + constraint + " is in force in project " + project
                                + (allowed.isEmpty() ? "" : " (it allows " + shown(allowed) + ")")
                                + ": the grant to " + AnthropicPrincipal.MEMBER + " may be refused. "
                                + (constraint.equals(OrganizationConstraints.MEMBER_DOMAINS)
                                        ? "Anthropic's customer id is not published, so only the grant itself will show"
                                        : "Only the grant itself will show"),
                        List.of(
                                GcloudCommands.describePolicy(constraint, project),
                                "nothing else to do unless the grant is refused; that result has the commands"))
                .as(Severity.PROBLEM);
    }

    /** Cloud KMS accepted the grant, but it is not there. */
    public static Finding grantStripped(CryptoKeyName key) {
        return sharing(
                "Cloud KMS accepted the grant for " + AnthropicPrincipal.MEMBER + " on " + key
                        + " but the policy read afterwards does not contain it; domain restricted sharing can cause this",
                key.project(),
                OrganizationConstraints.MEMBER_DOMAINS,
                Optional.of(key));
    }

    /**
     * Organization policies that we may not read.
     *
     * @param constraints those that matter for what is to be written
     */
    public static Finding policiesUnknown(String project, Collection<String> constraints, String why) {
        return new Finding(
                        Reason.ORGANIZATION_POLICY,
                        "could not determine in advance whether organization policies ("
                                + String.join(", ", constraints) + ") block the request in project " + project + ": "
                                + why,
                        List.of("grant the function's service account read access to them"
                                + " (roles/orgpolicy.policyViewer on the organization);"
                                + " nothing else to do unless a later step is refused"))
                .as(Severity.NOTICE)
                .actor(Actor.OPERATOR);
    }

    /**
     * A policy that can be read and whose meaning here is not known.
     *
     * @param what it may forbid
     * @param why its meaning is not known
     */
    public static Finding policyUnclear(String project, String constraint, String what, String why) {
        return new Finding(
                        Reason.ORGANIZATION_POLICY,
                        "could not determine in advance whether the organization policy " + constraint + " of project "
                                + project + " allows " + what + ": " + SafeText.sanitize(why, 300),
                        List.of(
                                GcloudCommands.describePolicy(constraint, project),
                                "nothing else to do unless a later step is refused"))
                .as(Severity.NOTICE);
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

    // --- deny policies -------------------------------------------------------------------------------------------

    /**
     * A deny policy that keeps Anthropic from a key, whatever its roles grant.
     *
     * @param resource that the policy is attached to
     * @param permissions that it denies, of those that Anthropic needs
     */
    public static Finding denyPolicy(CryptoKeyName key, String resource, String id, List<String> permissions) {
        List<String> remedy = new ArrayList<>(GcloudCommands.exceptFromDenyPolicy(resource, id));
        remedy.add("these commands are for an administrator of deny policies (roles/iam.denyAdmin on the organization);"
                + " afterwards wait ten minutes, " + Instructions.PUBLISH_AGAIN);
        return new Finding(
                Reason.DENY_POLICY,
                "the IAM deny policy " + id + " of " + resource + " denies " + AnthropicPrincipal.MEMBER + " "
                        + String.join(", ", permissions) + " on " + key + ", whatever its roles grant",
                remedy);
    }

    /**
     * A deny policy that may keep Anthropic from a key.
     *
     * @param why it is not certain
     */
    public static Finding denyPolicyPossible(
            CryptoKeyName key, String resource, String id, List<String> permissions, String why) {
        return new Finding(
                        Reason.DENY_POLICY,
                        "the IAM deny policy " + id + " of " + resource + " may deny " + AnthropicPrincipal.MEMBER + " "
                                + String.join(", ", permissions) + " on " + key + ": " + SafeText.sanitize(why, 400),
                        List.of(GcloudCommands.troubleshoot(key), GcloudCommands.describeDenyPolicy(resource, id)))
                .as(Severity.NOTICE);
    }

    /** Deny policies of the project that we may not read. */
    public static Finding denyPoliciesUnknown(String project, String why) {
        return new Finding(
                        Reason.DENY_POLICY,
                        "could not determine in advance whether a deny policy keeps Anthropic from keys in project "
                                + project + ": " + SafeText.sanitize(why, 400),
                        List.of("grant the function's service account read access to them (roles/iam.denyReviewer on"
                                + " the organization); nothing else to do unless the validation fails"))
                .as(Severity.NOTICE)
                .actor(Actor.OPERATOR);
    }

    private static String forbids(String constraint, CryptoKeyName key, String what, Collection<String> allowed) {
        return "the organization policy " + constraint + " of project " + key.project() + " does not allow " + what
                + " (it allows " + (allowed.isEmpty() ? "nothing" : shown(allowed)) + ")";
    }

    private static String shown(Collection<String> values) {
        return SafeText.sanitize(String.join(", ", new TreeSet<>(values)), 200);
    }

    private static Finding sharing(String message, String project, String constraint, Optional<CryptoKeyName> key) {
        List<String> remedy = new ArrayList<>();
        remedy.add(GcloudCommands.describePolicy(constraint, project));
        if (constraint.equals(OrganizationConstraints.POLICY_MEMBERS)) {
            remedy.addAll(GcloudCommands.allowMember(project));
            remedy.add(ADMINISTRATORS_COMMANDS);
        } else if (constraint.equals(OrganizationConstraints.MEMBER_DOMAINS) && key.isPresent()) {
            remedy.addAll(GcloudCommands.grantDespiteMemberDomains(key.get()));
            remedy.add(
                    "these commands are for an organization policy administrator who may also grant roles on the key:"
                            + " they save the project's policy, lift it, grant both roles after 15 minutes, and restore the"
                            + " policy, which the grant outlives; " + Instructions.PUBLISH_AGAIN);
        } else {
            remedy.add("ask an organization policy administrator to allow that member for project " + project
                    + ", wait 15 minutes, " + Instructions.PUBLISH_AGAIN);
        }
        return new Finding(Reason.DOMAIN_RESTRICTED_SHARING, message, remedy);
    }

    private static Optional<CryptoKeyName> keyOf(String resource) {
        try {
            return Optional.of(CryptoKeyName.parse(resource));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
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
