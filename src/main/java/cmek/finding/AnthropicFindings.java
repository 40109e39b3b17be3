package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.SafeText;
import cmek.model.WorkspaceId;
import java.util.ArrayList;
import java.util.List;

/** What Anthropic refuses or does not have: credential, registration, validation, workspace and approval. */
public final class AnthropicFindings {

    /** Before commands that do the same. */
    public static final String PUBLISHING_REPAIRS =
            "publish the same request again, which adds the label and both roles by itself; or run these commands:";

    private AnthropicFindings() {}

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
                                + " of the secret, " + Instructions.PUBLISH_AGAIN,
                        "if federation is used instead of a key, check the rule's authentication events on the Workload"
                                + " identity page of Anthropic's Console"));
    }

    /** The token endpoint refused and did not say why; the reason is shown only in the organization's Console. */
    public static Finding exchangeRefused(String detail) {
        return new Finding(
                Reason.CREDENTIAL_REJECTED,
                "Anthropic does not exchange the function's Google identity for a token: " + detail,
                List.of(
                        "check the authentication events on the Workload identity page of Anthropic's Console: they say"
                                + " why; if there are none, the identity token matched no rule",
                        "check there that the federation rule that cmek.anthropic.federation.rule-id names is enabled, and"
                                + " has the issuer https://accounts.google.com, the audience https://api.anthropic.com, the"
                                + " unique id of this function's service account as subject, the service account that"
                                + " cmek.anthropic.federation.service-account-id names as target, and the scope org:admin, "
                                + Instructions.PUBLISH_AGAIN));
    }

    /** Federation is configured, but there is nothing to exchange. */
    public static Finding noIdentity(String detail) {
        return new Finding(
                Reason.CREDENTIAL_REJECTED,
                "the metadata server has no identity token for this function: " + detail,
                List.of("run the function under a service account of its own, on Cloud Run or as a Cloud Run function, "
                        + Instructions.PUBLISH_AGAIN));
    }

    public static Finding credentialForbidden(String detail) {
        return new Finding(
                Reason.CREDENTIAL_FORBIDDEN,
                "Anthropic's credential is not permitted to do this: " + detail,
                List.of(
                        "use an Admin API key (sk-ant-admin01-…) of this organization or a federation rule with the scope"
                                + " org:admin, and ask Anthropic's account team"
                                + " whether customer-managed keys are enabled for it"));
    }

    /**
     * Several registrations of one key.
     *
     * @param kept the registration that is used
     * @param attached others to which workspaces refer, so that they must stay
     * @param unused others to which no workspace refers
     */
    public static Finding duplicateRegistration(
            CryptoKeyName key, ExternalKeyId kept, List<ExternalKeyId> attached, List<ExternalKeyId> unused) {
        List<String> remedy = new ArrayList<>();
        if (!unused.isEmpty()) {
            boolean one = unused.size() == 1;
            remedy.add("delete the unused " + (one ? "registration" : "registrations")
                    + " in Anthropic's Console after making sure that no workspace refers to " + (one ? "it" : "them")
                    + " and that neither External Storage nor data controls use " + (one ? "it: " : "them: ")
                    + joined(unused));
        }
        if (!attached.isEmpty()) {
            remedy.add("keep what is attached, which cannot be changed: " + joined(attached));
        }
        return new Finding(
                Reason.DUPLICATE_REGISTRATION,
                "the key " + key + " is registered more than once; " + kept + " is used"
                        + (attached.isEmpty() ? "" : ", workspaces refer to " + joined(attached) + " as well")
                        + (unused.isEmpty()
                                ? ""
                                : ", " + joined(unused) + (unused.size() == 1 ? " is not" : " are not")),
                remedy);
    }

    /** The same where no workspace refers to any of the others. */
    public static Finding duplicateRegistration(CryptoKeyName key, ExternalKeyId kept, List<ExternalKeyId> others) {
        return duplicateRegistration(key, kept, List.of(), others);
    }

    /**
     * Anthropic's validation failed and nothing on our side explains it.
     *
     * @param checked which of our own checks passed
     */
    public static Finding validationFailed(CryptoKeyName key, String anthropicText, List<String> checked) {
        return validationFailed(key, anthropicText, checked, List.of());
    }

    /**
     * Anthropic's validation failed and nothing that we could check explains it.
     *
     * @param checked which of our own checks passed
     * @param unseen what could not be checked, and why
     */
    public static Finding validationFailed(
            CryptoKeyName key, String anthropicText, List<String> checked, List<String> unseen) {
        List<String> remedy = new ArrayList<>();
        // Roles are not all: deny policies and principal access boundaries may be where this service cannot read them.
        remedy.add(GcloudCommands.troubleshoot(key));
        if (!unseen.isEmpty()) {
            remedy.add(GcloudCommands.describeKey(key));
            remedy.add(GcloudCommands.getIamPolicy(key));
            remedy.add("grant the function's service account roles/cloudkms.viewer on the key,"
                    + " so that it can check the key itself, "
                    + Instructions.PUBLISH_AGAIN);
        }
        remedy.add("wait ten minutes, in case someone changed the key recently, " + Instructions.PUBLISH_AGAIN);
        remedy.add("look for a VPC Service Controls denial of " + AnthropicPrincipal.EMAIL
                + " in the audit logs of project " + key.project());
        return new Finding(
                Reason.VALIDATION_FAILED,
                "Anthropic cannot use " + key + " and says: " + anthropicText + "; checks that passed: "
                        + (checked.isEmpty() ? "none" : String.join(", ", checked))
                        + (unseen.isEmpty() ? "" : "; could not be checked: " + String.join(", ", unseen)),
                remedy);
    }

    /**
     * A cause that our own checks found, with what Anthropic says of its consequence.
     *
     * @param anthropicText free text, for people only
     */
    public static Finding confirmed(Finding cause, String anthropicText) {
        return cause.message(cause.message() + "; Anthropic cannot use the key now and says: " + anthropicText);
    }

    public static Finding workspaceNotFound(WorkspaceId workspace) {
        return new Finding(
                Reason.WORKSPACE_NOT_FOUND,
                "the organization has no workspace " + workspace,
                List.of("copy the workspace's id from Anthropic's Console (Settings, Workspaces), "
                        + Instructions.PUBLISH_AGAIN));
    }

    public static Finding workspaceArchived(WorkspaceId workspace) {
        return new Finding(
                Reason.WORKSPACE_ARCHIVED,
                "the workspace " + workspace + " is archived",
                List.of("publish the request with the id of a workspace that is not archived"));
    }

    public static Finding workspaceHasOtherKey(WorkspaceId workspace, ExternalKeyId attached) {
        return new Finding(
                Reason.WORKSPACE_HAS_OTHER_KEY,
                "the workspace " + workspace + " already has key " + attached + "; an attachment cannot be changed",
                List.of("publish the request with the id of a workspace that has no key"));
    }

    /**
     * An approval that is not accepted; nothing was attached.
     *
     * @param why what is wrong with it
     */
    public static Finding approvalNotAccepted(String why) {
        return new Finding(
                Reason.APPROVAL_NOT_ACCEPTED,
                "nothing was attached: " + why,
                List.of("publish the request again; its result says what to approve"));
    }

    /** Anthropic refused what we sent, for a reason that does not have its own word yet. */
    public static Finding anthropicRefused(String operation, String detail) {
        return new Finding(
                Reason.INVALID_REQUEST,
                "Anthropic does not accept " + operation + ": " + detail,
                List.of("fix what Anthropic reports, " + Instructions.PUBLISH_AGAIN));
    }

    public static Finding regionNotRecommended(String location) {
        return new Finding(
                Reason.REGION_NOT_RECOMMENDED,
                "Anthropic recommends " + String.join(" or ", Policy.RECOMMENDED_REGIONS) + "; " + location
                        + " is not among them",
                List.of("nothing to do if Anthropic has confirmed " + location
                        + "; a key cannot be moved, so decide before attaching"));
    }

    private static String joined(List<ExternalKeyId> ids) {
        return String.join(", ", ids.stream().map(ExternalKeyId::toString).toList());
    }
}
