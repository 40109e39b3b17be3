package cmek.fake;

import cmek.check.AbsentKeyCheck;
import cmek.check.AuditLogCheck;
import cmek.check.BindingCheck;
import cmek.check.CheckSubjects;
import cmek.check.CredentialCheck;
import cmek.check.DefaultWorkspaceCheck;
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
import cmek.client.project.DenyPolicyClient;
import cmek.client.project.OrgPolicyClient;
import cmek.client.project.ResourceManagerClient;
import cmek.client.project.ServiceUsageClient;
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
        return inherited(kms, new FakeResources());
    }

    public static InheritedPolicies inherited(KeyManagement kms, ResourceManagerClient resources) {
        return new InheritedPolicies(kms, resources, new FakeRoles(), Sample.CALLS, Sample.CLOCK);
    }

    /** Of which no account is one of our own functions'. */
    public static PrincipalInspection principals() {
        return new PrincipalInspection(new OwnAccounts(Set.of()));
    }

    public static List<PrerequisiteCheck> over(
            AdminApi anthropic,
            ServiceUsageClient projects,
            KeyManagement kms,
            KeyInspection keys,
            ResourceManagerClient resources,
            OrgPolicyClient policies,
            SideBySide reads,
            Policy policy,
            OrganizationId organization,
            Clock clock) {
        return over(
                anthropic,
                projects,
                kms,
                keys,
                resources,
                inherited(kms, resources),
                policies,
                new FakeDenyPolicies(),
                reads,
                policy,
                organization,
                Optional.empty(),
                clock);
    }

    /** With what keys inherit, deny policies, and Anthropic's customer id where it is configured. */
    public static List<PrerequisiteCheck> over(
            AdminApi anthropic,
            ServiceUsageClient projects,
            KeyManagement kms,
            KeyInspection keys,
            ResourceManagerClient resources,
            InheritedPolicies inherited,
            OrgPolicyClient policies,
            DenyPolicyClient denyPolicies,
            SideBySide reads,
            Policy policy,
            OrganizationId organization,
            Optional<String> customerId,
            Clock clock) {
        return List.of(
                new AbsentKeyCheck(kms, reads, organization, clock),
                new AuditLogCheck(inherited, reads, policy),
                new CredentialCheck(anthropic, reads, organization),
                new DefaultWorkspaceCheck(anthropic, reads),
                new KeyReadyCheck(keys, organization),
                new KmsApiCheck(projects, reads),
                new LocationCheck(kms, reads),
                new OrganizationPolicyCheck(policies, inherited, keys, reads, new SharingSettings(customerId)),
                new DenyPolicyCheck(new DenyPolicyLookup(denyPolicies, inherited, reads), reads),
                new PermissionCheck(resources, kms, keys, reads, organization),
                new ProjectCheck(inherited),
                new UnexpectedPrincipalCheck(principals(), inherited, reads),
                new WorkspaceCheck(new WorkspaceLookup(anthropic, names(resources)), reads));
    }

    /** Registrations by the names of their keys, where Resource Manager says this. */
    public static KeyNames names(ResourceManagerClient resources) {
        return new KeyNames(resources);
    }

    /** The same, where nobody names a project by its number. */
    public static KeyNames names() {
        return names(new FakeResources());
    }

    /** Validates as the container does it, without waiting between two attempts. */
    public static KeyValidation validation(AdminApi anthropic) {
        return new KeyValidation(anthropic, new Retry(wait -> {}, () -> 0));
    }

    /** A look for deny policies where there are none. */
    public static DenyPolicyLookup withoutDenyPolicies() {
        return new DenyPolicyLookup(new FakeDenyPolicies(), inherited(new KmsInProcess().client()), Sample.CALLS);
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
        return subjects(anthropic, kms, keys, new FakeResources());
    }

    /** The same, with what Resource Manager says of projects. */
    public static CheckSubjects subjects(
            AdminApi anthropic, KeyManagement kms, KeyInspection keys, ResourceManagerClient resources) {
        return subjects(anthropic, kms, keys, resources, new SideBySide(Runnable::run));
    }

    /** What they are asked of. */
    public static CheckSubjects subjects(
            AdminApi anthropic,
            KeyManagement kms,
            KeyInspection keys,
            ResourceManagerClient resources,
            SideBySide reads) {
        return new CheckSubjects(kms, keys, new RegistrationLookup(anthropic, names(resources)), reads);
    }
}
