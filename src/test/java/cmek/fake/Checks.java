package cmek.fake;

import cmek.check.AbsentKeyCheck;
import cmek.check.AuditLogCheck;
import cmek.check.BindingCheck;
import cmek.check.CheckSubjects;
import cmek.check.CredentialCheck;
import cmek.check.DenyPolicyCheck;
import cmek.check.DenyPolicyLookup;
import cmek.check.DestructionCheck;
import cmek.check.InheritedPolicies;
import cmek.check.KeyChecks;
import cmek.check.KeyExistsCheck;
import cmek.check.KeyInspection;
import cmek.check.KeyNames;
import cmek.check.KeyReadyCheck;
import cmek.check.KeyValidation;
import cmek.check.KmsApiCheck;
import cmek.check.LabelCheck;
import cmek.check.LocationCheck;
import cmek.check.LostVersionsCheck;
import cmek.check.OlderVersionsCheck;
import cmek.check.OrganizationPolicyCheck;
import cmek.check.PermissionCheck;
import cmek.check.PrerequisiteCheck;
import cmek.check.PrincipalInspection;
import cmek.check.ProjectCheck;
import cmek.check.RegistrationLookup;
import cmek.check.RotationCheck;
import cmek.check.UnexpectedPrincipalCheck;
import cmek.check.UsabilityCheck;
import cmek.check.WorkspaceCheck;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.http.Retry;
import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.client.project.ProjectClients;
import cmek.config.OwnAccounts;
import cmek.config.SharingSettings;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every check, wired by hand as the container does it. */
public final class Checks {

    private Checks() {}

    /** What keys inherit, over nobody but the sample's project. */
    public static InheritedPolicies inherited(KeyManagement kms) {
        return inherited(kms, new ProjectInProcess());
    }

    public static InheritedPolicies inherited(KeyManagement kms, ProjectInProcess project) {
        return inherited(kms, project, Sample.CLOCK);
    }

    public static InheritedPolicies inherited(KeyManagement kms, ProjectInProcess project, Clock clock) {
        return new InheritedPolicies(
                kms, project.clients().resources(), project.clients().roles(), Sample.CALLS, clock);
    }

    /** Of which no account is one of our own functions'. */
    public static PrincipalInspection principals() {
        return new PrincipalInspection(new OwnAccounts(Set.of()));
    }

    /** Before anything is written. */
    public static List<PrerequisiteCheck> over(
            AdminApi anthropic,
            KeyManagement kms,
            KeyInspection keys,
            ProjectInProcess project,
            SideBySide reads,
            Policy policy,
            OrganizationId organization,
            Optional<String> customerId,
            Clock clock) {
        InheritedPolicies inherited = inherited(kms, project);
        ProjectClients clients = project.clients();
        return List.of(
                new AbsentKeyCheck(kms, reads, organization, clock),
                new AuditLogCheck(inherited, reads, policy),
                new CredentialCheck(anthropic, reads, organization),
                new KeyReadyCheck(keys, organization),
                new KmsApiCheck(clients.services(), reads),
                new LocationCheck(kms, reads),
                new OrganizationPolicyCheck(
                        clients.orgPolicies(), inherited, keys, reads, new SharingSettings(customerId)),
                new DenyPolicyCheck(new DenyPolicyLookup(clients.denyPolicies(), inherited, reads), reads),
                new PermissionCheck(clients.resources(), kms, keys, reads, organization),
                new ProjectCheck(inherited),
                new UnexpectedPrincipalCheck(principals(), inherited, reads),
                new WorkspaceCheck(anthropic, new WorkspaceLookup(anthropic, names(project)), reads));
    }

    /** Registrations by the names of their keys, where Resource Manager says this. */
    public static KeyNames names(ProjectInProcess project) {
        return new KeyNames(project.clients().resources());
    }

    /** The same, where nobody names a project by its number. */
    public static KeyNames names() {
        return names(new ProjectInProcess());
    }

    /** Validates as the container does it, without waiting between two attempts. */
    public static KeyValidation validation(AdminApi anthropic) {
        return new KeyValidation(anthropic, new Retry(wait -> {}, () -> 0));
    }

    /** A look for deny policies where there are none. */
    public static DenyPolicyLookup withoutDenyPolicies() {
        return denyPolicies(new KmsInProcess().client(), new ProjectInProcess());
    }

    /** A look for deny policies. */
    public static DenyPolicyLookup denyPolicies(KeyManagement kms, ProjectInProcess project) {
        return new DenyPolicyLookup(project.clients().denyPolicies(), inherited(kms, project), Sample.CALLS);
    }

    /** Those of a key that is registered. */
    public static KeyChecks ofKey(
            KeyManagement kms,
            KeyInspection keys,
            InheritedPolicies inherited,
            OrganizationId organization,
            Clock clock) {
        return new KeyChecks(List.of(
                new BindingCheck(keys),
                new DestructionCheck(),
                new KeyExistsCheck(kms),
                new LabelCheck(keys, organization),
                new LostVersionsCheck(),
                new OlderVersionsCheck(keys),
                new ProjectCheck(inherited),
                new RotationCheck(clock),
                new UnexpectedPrincipalCheck(principals(), inherited, new SideBySide(Runnable::run)),
                new UsabilityCheck(keys)));
    }

    /** What they are asked of, read one after another. */
    public static CheckSubjects subjects(AdminApi anthropic, KeyManagement kms, KeyInspection keys) {
        return subjects(anthropic, kms, keys, new ProjectInProcess());
    }

    /** The same, with what Resource Manager says of projects. */
    public static CheckSubjects subjects(
            AdminApi anthropic, KeyManagement kms, KeyInspection keys, ProjectInProcess project) {
        return subjects(anthropic, kms, keys, project, new SideBySide(Runnable::run));
    }

    /** What they are asked of. */
    public static CheckSubjects subjects(
            AdminApi anthropic, KeyManagement kms, KeyInspection keys, ProjectInProcess project, SideBySide reads) {
        return new CheckSubjects(kms, keys, new RegistrationLookup(anthropic, names(project)), reads);
    }
}
