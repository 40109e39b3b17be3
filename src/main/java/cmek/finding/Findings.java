package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.OrganizationId;
import cmek.model.OrganizationLabel;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.SafeText;
import cmek.model.UnexpectedPrincipal;
import cmek.model.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every cause in words: one factory per case, which puts the actual values into one line and the commands that fix it
 * beside it. All sentences a refused team reads are here.
 */
public final class Findings {

    private static final String AGAIN = "then publish the same request again";

    private Findings() {}

    // --- request -------------------------------------------------------------------------------------------------

    /** Bytes that are no JSON object. */
    public static Finding unreadable(String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the message's data is no JSON object: " + why,
                List.of("publish a JSON object such as deployment/examples/provision.json"));
    }

    /**
     * An event between two functions that this release cannot read; no fault of whoever published the request.
     *
     * @param function that it was for
     */
    public static Finding unreadableEvent(String function, String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the event for " + function + " cannot be read: " + why,
                List.of("publish the original request again: what is done is found and left as it is"));
    }

    /**
     * An object in the evidence bucket that this release cannot read.
     *
     * @param name without the bucket
     */
    public static Finding unreadableObject(String name, String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the object " + name + " in the evidence bucket cannot be read: " + why,
                List.of("publish the request again under another requestId or with any change:"
                        + " what is done is found and left as it is"));
    }

    /** A request that would attach a key and does not say that this is permanent. */
    public static Finding permanenceNotAcknowledged() {
        return new Finding(
                Reason.PERMANENCE_NOT_ACKNOWLEDGED,
                "workspaceId is set and acknowledgePermanent is not true",
                List.of(
                        "attaching a key to a workspace can never be undone: set acknowledgePermanent to true if that is"
                                + " wanted, or leave out workspaceId to end after validation"));
    }

    // --- project -------------------------------------------------------------------------------------------------

    public static Finding kmsApiDisabled(String project) {
        return new Finding(
                Reason.KMS_API_DISABLED,
                "the Cloud KMS API is not enabled in project " + project,
                List.of(GcloudCommands.enableKmsApi(project)));
    }

    /**
     * Another API than Cloud KMS that a call of ours needs.
     *
     * @param service {@code pubsub.googleapis.com} and the like
     */
    public static Finding apiDisabled(String service, String operation) {
        String shown = SafeText.sanitize(service, 100);
        return new Finding(
                Reason.PERMISSION_DENIED,
                "the API " + shown + ", which " + operation + " needs, is not enabled",
                List.of(GcloudCommands.enableApi(shown), AGAIN));
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
                        + AGAIN));
    }

    public static Finding hsmNotAvailable(CryptoKeyName key) {
        return new Finding(
                Reason.HSM_NOT_AVAILABLE,
                "location " + key.location() + " offers no Cloud HSM in project " + key.project(),
                List.of(GcloudCommands.locations(key.project()), "choose a location with HSM_AVAILABLE, " + AGAIN));
    }

    /** Cloud KMS itself does not know the location, whatever our list says. */
    public static Finding locationUnknown(CryptoKeyName key) {
        return new Finding(
                Reason.LOCATION_NOT_SUPPORTED,
                "Cloud KMS knows no location " + key.location() + " in project " + key.project(),
                List.of(GcloudCommands.locations(key.project())));
    }

    /**
     * A service perimeter refused a call of ours.
     *
     * @param identifier VPC Service Controls' unique identifier of the denial, by which its log entry is found */
    public static Finding servicePerimeter(String resource, @Nullable String identifier) {
        String id = identifier == null ? "" : " (denial " + SafeText.sanitize(identifier, 100) + ")";
        return new Finding(
                Reason.SERVICE_PERIMETER,
                "a VPC Service Controls perimeter refused the call to " + SafeText.sanitize(resource, 300) + id,
                List.of("add an ingress rule to the perimeter that admits the function's service account and "
                        + AnthropicPrincipal.EMAIL
                        + " to cloudkms.googleapis.com, "
                        + AGAIN));
    }

    // --- key -----------------------------------------------------------------------------------------------------

    public static Finding keyRingNotFound(CryptoKeyName key, ProtectionLevel level, OrganizationLabel label) {
        List<String> remedy = new ArrayList<>(List.of(GcloudCommands.createKeyRing(key.ring())));
        remedy.addAll(keyNotFound(key, level, label).remedy());
        return new Finding(Reason.KEY_NOT_FOUND, "the key ring " + key.ring() + " does not exist", remedy);
    }

    public static Finding keyNotFound(CryptoKeyName key, ProtectionLevel level, OrganizationLabel label) {
        return new Finding(
                Reason.KEY_NOT_FOUND,
                "the key " + key + " does not exist",
                List.of(
                        GcloudCommands.createKey(key, level, label),
                        GcloudCommands.addBinding(
                                key, AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.MEMBER),
                        GcloudCommands.addBinding(key, AnthropicPrincipal.VIEWER, AnthropicPrincipal.MEMBER)));
    }

    public static Finding purposeDiffers(CryptoKeyName key, String purpose) {
        return immutable(Reason.KEY_PURPOSE_DIFFERS, key, "purpose", purpose, "ENCRYPT_DECRYPT");
    }

    public static Finding algorithmDiffers(CryptoKeyName key, String algorithm) {
        return immutable(Reason.KEY_ALGORITHM_DIFFERS, key, "algorithm", algorithm, "GOOGLE_SYMMETRIC_ENCRYPTION");
    }

    public static Finding protectionDiffers(CryptoKeyName key, String level, Collection<ProtectionLevel> wanted) {
        return immutable(
                Reason.KEY_PROTECTION_DIFFERS, key, "protection level", level, new TreeSet<>(wanted).toString());
    }

    private static Finding immutable(Reason reason, CryptoKeyName key, String what, String found, String wanted) {
        return new Finding(
                reason,
                "the " + what + " of " + key + " is " + SafeText.sanitize(found, 60) + " and must be " + wanted,
                List.of(
                        GcloudCommands.describeKey(key),
                        "a key's " + what + " can never be changed: publish the request with another key's name"));
    }

    public static Finding withoutPrimary(CryptoKeyName key) {
        return new Finding(
                Reason.KEY_WITHOUT_PRIMARY,
                "the key " + key + " has no primary version to encrypt with",
                List.of(GcloudCommands.createPrimaryVersion(key)));
    }

    /**
     * The primary version cannot be used.
     *
     * @param state Cloud KMS' word
     * @param destroyTime when a scheduled destruction becomes final
     */
    public static Finding primaryUnusable(
            CryptoKeyName key, long version, String state, @Nullable Instant destroyTime) {
        String name = key + "/cryptoKeyVersions/" + version;
        return switch (state) {
            case "DISABLED" ->
                new Finding(
                        Reason.KEY_VERSION_DISABLED,
                        "the primary version " + name + " is disabled",
                        List.of(GcloudCommands.version("enable", key, version)));
            case "DESTROY_SCHEDULED" ->
                new Finding(
                        Reason.KEY_VERSION_DESTROY_SCHEDULED,
                        "the primary version " + name + " will be destroyed"
                                + (destroyTime == null ? "" : " at " + destroyTime)
                                + "; what is encrypted under it will be lost",
                        List.of(
                                GcloudCommands.version("restore", key, version),
                                GcloudCommands.version("enable", key, version)));
            default ->
                new Finding(
                        Reason.KEY_VERSION_DESTROYED,
                        "the primary version " + name + " is " + SafeText.sanitize(state, 40) + " and cannot be used",
                        List.of(GcloudCommands.createPrimaryVersion(key)));
        };
    }

    /** A version's number and Cloud KMS' word for its state. */
    public record VersionState(long number, String state) {}

    /**
     * Versions that data may be wrapped under cannot be used.
     *
     * @param versions those that are not enabled, at least one
     */
    public static Finding oldVersionUnusable(CryptoKeyName key, List<VersionState> versions) {
        List<String> remedy = new ArrayList<>();
        for (VersionState version : versions) {
            if (version.state().equals("DESTROY_SCHEDULED")) {
                remedy.add(GcloudCommands.version("restore", key, version.number()));
            }
            if (List.of("DESTROY_SCHEDULED", "DISABLED").contains(version.state())) {
                remedy.add(GcloudCommands.version("enable", key, version.number()));
            }
        }
        remedy.add("data that was encrypted while such a version was the primary one cannot be read without it");
        return new Finding(
                Reason.OLD_VERSION_UNUSABLE,
                "the key " + key + " has versions that cannot be used: "
                        + versions.stream()
                                .map(version -> version.number() + " is " + SafeText.sanitize(version.state(), 40))
                                .collect(Collectors.joining(", ")),
                remedy);
    }

    public static Finding labelMissing(CryptoKeyName key, OrganizationLabel label) {
        return new Finding(
                Reason.LABEL_MISSING,
                "the key " + key + " lacks the label " + label,
                List.of(GcloudCommands.updateLabels(key, Map.of(label.key(), OrganizationLabel.VALUE))));
    }

    public static Finding labelsFull(CryptoKeyName key, OrganizationLabel label) {
        return new Finding(
                Reason.LABELS_FULL,
                "the key " + key + " has " + OrganizationLabel.LABELS_AT_MOST + " labels already and no room for "
                        + label,
                List.of(
                        GcloudCommands.describeKey(key),
                        "remove a label that is not needed (gcloud kms keys update … --remove-labels=…), " + AGAIN));
    }

    /**
     * Anthropic was never granted what it needs.
     *
     * @param roles those that are missing
     */
    public static Finding bindingMissing(CryptoKeyName key, List<String> roles) {
        return new Finding(
                Reason.BINDING_MISSING,
                AnthropicPrincipal.MEMBER + " lacks " + String.join(" and ", roles) + " on " + key,
                roles.stream()
                        .map(role -> GcloudCommands.addBinding(key, role, AnthropicPrincipal.MEMBER))
                        .toList());
    }

    /**
     * A grant under a condition is no grant.
     *
     * @param roles those that are bound to a condition alone
     */
    public static Finding bindingConditional(CryptoKeyName key, List<String> roles) {
        return new Finding(
                Reason.BINDING_CONDITIONAL,
                AnthropicPrincipal.MEMBER + " holds " + String.join(" and ", roles) + " on " + key
                        + " only under a condition, which may fail at any time",
                roles.stream()
                        .map(role -> GcloudCommands.addBinding(key, role, AnthropicPrincipal.MEMBER))
                        .toList());
    }

    /** Somebody else can decrypt. */
    public static Finding unexpectedPrincipal(CryptoKeyName key, UnexpectedPrincipal unexpected) {
        String member = SafeText.sanitize(unexpected.member(), 200);
        String who = switch (unexpected.kind()) {
            case PUBLIC -> member + ", which is everybody,";
            case LOOK_ALIKE ->
                member + ", which looks like Anthropic's principal " + AnthropicPrincipal.MEMBER + " and is not,";
            case OUTSIDE -> member + ", a service account of another project,";
        };
        return new Finding(
                Reason.UNEXPECTED_PRINCIPAL,
                who + " holds " + SafeText.sanitize(unexpected.role(), 100) + " on " + key,
                List.of(
                        GcloudCommands.removeBinding(key, unexpected.role(), unexpected.member()),
                        unexpected.isBlocking()
                                ? "find out who granted it (SetIamPolicy in the audit logs of project " + key.project()
                                        + "), " + AGAIN
                                : "nothing to do if that account is meant to decrypt"));
    }

    // --- Anthropic --------------------------------------------------------------------------------------------------

    public static Finding wrongOrganization(OrganizationId configured, String actual) {
        return new Finding(
                Reason.WRONG_ORGANIZATION,
                "Anthropic's credential belongs to organization " + SafeText.sanitize(actual, 60) + ", not to "
                        + configured,
                List.of("set cmek.anthropic.organization-id and the Admin API key to those of one organization"));
    }

    public static Finding credentialRejected(String detail) {
        return new Finding(
                Reason.CREDENTIAL_REJECTED,
                "Anthropic does not accept the credential: " + detail,
                List.of(
                        "create an Admin API key in Anthropic's Console (Settings, Admin keys), store it as a new version"
                                + " of the secret, " + AGAIN,
                        "where there is a federation and no key, look at the rule's authentication events on the Workload"
                                + " identity page of Anthropic's Console instead"));
    }

    /** The token endpoint says no and not why: that it tells the organization's Console alone. */
    public static Finding exchangeRefused(String detail) {
        return new Finding(
                Reason.CREDENTIAL_REJECTED,
                "Anthropic does not exchange the function's Google identity for a token: " + detail,
                List.of(
                        "look at the authentication events on the Workload identity page of Anthropic's Console: they say"
                                + " why; where none is there, the identity token met no rule",
                        "check there that the federation rule that cmek.anthropic.federation.rule-id names is enabled, and"
                                + " has the issuer https://accounts.google.com, the audience https://api.anthropic.com, the"
                                + " unique id of this function's service account as subject, the service account that"
                                + " cmek.anthropic.federation.service-account-id names as target, and the scope org:admin, "
                                + AGAIN));
    }

    /** There is a federation, and nothing to exchange. */
    public static Finding noIdentity(String detail) {
        return new Finding(
                Reason.CREDENTIAL_REJECTED,
                "the metadata server has no identity token for this function: " + detail,
                List.of(
                        "let the function run as a service account of its own, on Cloud Run or as a Cloud Run function, "
                                + AGAIN));
    }

    public static Finding credentialForbidden(String detail) {
        return new Finding(
                Reason.CREDENTIAL_FORBIDDEN,
                "Anthropic's credential may not do this: " + detail,
                List.of(
                        "use an Admin API key (sk-ant-admin01-…) of this organization or a federation rule with the scope"
                                + " org:admin, and ask Anthropic's account team"
                                + " whether customer-managed keys are turned on for it"));
    }

    /**
     * Several registrations of one key.
     *
     * @param kept the registration that is used
     */
    public static Finding duplicateRegistration(CryptoKeyName key, ExternalKeyId kept, List<ExternalKeyId> others) {
        return new Finding(
                Reason.DUPLICATE_REGISTRATION,
                "the key " + key + " is registered more than once; " + kept + " is used, " + joined(others) + " is not",
                List.of("delete the unused registration in Anthropic's Console after making sure that no workspace"
                        + " refers to it: " + joined(others)));
    }

    /**
     * Anthropic's validation failed and nothing on our side explains it.
     *
     * @param checked what was checked and found good
     */
    public static Finding validationFailed(CryptoKeyName key, String anthropicText, List<String> checked) {
        return validationFailed(key, anthropicText, checked, List.of());
    }

    /**
     * Anthropic's validation failed and nothing that we could see explains it.
     *
     * @param checked what was checked and found good
     * @param unseen what could not be checked, and why
     */
    public static Finding validationFailed(
            CryptoKeyName key, String anthropicText, List<String> checked, List<String> unseen) {
        List<String> remedy = new ArrayList<>();
        if (!unseen.isEmpty()) {
            remedy.add(GcloudCommands.describeKey(key));
            remedy.add(GcloudCommands.getIamPolicy(key));
            remedy.add("let the function's service account look for itself: grant it roles/cloudkms.viewer on the key, "
                    + AGAIN);
        }
        remedy.add("wait ten minutes, in case someone changed the key lately, " + AGAIN);
        remedy.add("look for a VPC Service Controls denial of " + AnthropicPrincipal.EMAIL
                + " in the audit logs of project " + key.project());
        return new Finding(
                Reason.VALIDATION_FAILED,
                "Anthropic cannot use " + key + " and says: " + anthropicText + "; found good: "
                        + (checked.isEmpty() ? "nothing" : String.join(", ", checked))
                        + (unseen.isEmpty() ? "" : "; could not be checked: " + String.join(", ", unseen)),
                remedy);
    }

    public static Finding workspaceNotFound(WorkspaceId workspace) {
        return new Finding(
                Reason.WORKSPACE_NOT_FOUND,
                "the organization has no workspace " + workspace,
                List.of("copy the workspace's id from Anthropic's Console (Settings, Workspaces), " + AGAIN));
    }

    public static Finding workspaceArchived(WorkspaceId workspace) {
        return new Finding(
                Reason.WORKSPACE_ARCHIVED,
                "the workspace " + workspace + " is archived",
                List.of("publish the request with the id of a live workspace"));
    }

    public static Finding workspaceHasOtherKey(WorkspaceId workspace, ExternalKeyId attached) {
        return new Finding(
                Reason.WORKSPACE_HAS_OTHER_KEY,
                "the workspace " + workspace + " has " + attached + " attached, and attaching is permanent",
                List.of("publish the request with the id of a workspace that has no key"));
    }

    /**
     * An approval that attaches nothing.
     *
     * @param why what is wrong with it
     */
    public static Finding approvalNotAccepted(String why) {
        return new Finding(
                Reason.APPROVAL_NOT_ACCEPTED,
                "nothing is attached: " + why,
                List.of("publish the request again; its result says what to approve, as things are then"));
    }

    /** Anthropic refused what we sent, for a reason that has no word of its own yet. */
    public static Finding anthropicRefused(String operation, String detail) {
        return new Finding(
                Reason.INVALID_REQUEST,
                "Anthropic does not accept " + operation + ": " + detail,
                List.of("fix what Anthropic names, " + AGAIN));
    }

    /** Google refused what we sent, for a reason that has no word of its own yet. */
    public static Finding googleRefused(String operation, String detail) {
        return new Finding(
                Reason.INVALID_REQUEST,
                "Google Cloud does not accept " + operation + ": " + detail,
                List.of("fix what Google Cloud names, " + AGAIN));
    }

    // --- scan, end ----------------------------------------------------------------------------------------------

    public static Finding regionNotRecommended(String location) {
        return new Finding(
                Reason.REGION_NOT_RECOMMENDED,
                "Anthropic recommends " + String.join(" or ", Policy.RECOMMENDED_REGIONS) + "; " + location
                        + " is not among them",
                List.of("nothing to do if Anthropic has confirmed " + location
                        + "; a key cannot be moved, so decide before attaching"));
    }

    public static Finding expired(Instant acceptedAt, Duration maxAge, Optional<String> cause) {
        return new Finding(
                Reason.EXPIRED,
                "the request was taken at " + acceptedAt + " and may take " + maxAge + " at the most" + last(cause),
                List.of("publish the same request again: what is done is found and left as it is"));
    }

    /**
     * A step that was delivered again and again and never succeeded.
     *
     * @param step the function that gave up, where it is known
     * @param cause why its last attempt that was noted did not succeed
     */
    public static Finding gaveUp(String step, Optional<String> cause) {
        return new Finding(
                Reason.RETRIES_EXHAUSTED,
                step + " failed after all retries" + last(cause),
                List.of(
                        cause.isPresent()
                                ? "fix the cause, " + AGAIN
                                : "look for the last cause in the log of function " + step + ", fix it, " + AGAIN));
    }

    private static String last(Optional<String> cause) {
        return cause.map(known -> "; the last cause: " + known).orElse("");
    }

    /** An existing key is not as a request would have made it, in ways that do no harm. */
    public static Finding settingsDiffer(CryptoKeyName key, List<String> differences) {
        return new Finding(
                Reason.KEY_SETTINGS_DIFFER,
                "the key " + key + " exists and is left as it is: " + String.join(", ", differences),
                List.of(GcloudCommands.describeKey(key)));
    }

    private static String joined(List<ExternalKeyId> ids) {
        return String.join(", ", ids.stream().map(ExternalKeyId::toString).toList());
    }
}
