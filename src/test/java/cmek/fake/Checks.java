package cmek.fake;

import cmek.check.AuditLogCheck;
import cmek.check.BindingCheck;
import cmek.check.CredentialCheck;
import cmek.check.DestructionCheck;
import cmek.check.InheritedPolicies;
import cmek.check.KeyInspection;
import cmek.check.KmsApiCheck;
import cmek.check.LabelCheck;
import cmek.check.LocationCheck;
import cmek.check.OlderVersionsCheck;
import cmek.check.OrganizationPolicyCheck;
import cmek.check.ParallelReads;
import cmek.check.PermissionCheck;
import cmek.check.PrerequisiteCheck;
import cmek.check.PrincipalInspection;
import cmek.check.RegistrationCheck;
import cmek.check.RegistrationLookup;
import cmek.check.RotationCheck;
import cmek.check.ScanCheck;
import cmek.check.UnexpectedPrincipalCheck;
import cmek.check.UsabilityCheck;
import cmek.check.WorkspaceCheck;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.kms.KeyManagement;
import cmek.client.project.OrgPolicyClient;
import cmek.client.project.ResourceManagerClient;
import cmek.client.project.ServiceUsageClient;
import cmek.config.OwnAccounts;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Every check, wired by hand as the container does it. */
public final class Checks {

    private Checks() {}

    /** What keys inherit, over nobody but the sample's project. */
    public static InheritedPolicies inherited(KeyManagement kms) {
        return inherited(kms, new FakeResources());
    }

    public static InheritedPolicies inherited(KeyManagement kms, ResourceManagerClient resources) {
        return new InheritedPolicies(kms, resources, new FakeRoles(), Sample.CLOCK);
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
            ParallelReads reads,
            Policy policy,
            OrganizationId organization) {
        return over(
                anthropic,
                projects,
                kms,
                keys,
                resources,
                inherited(kms, resources),
                policies,
                reads,
                policy,
                organization);
    }

    public static List<PrerequisiteCheck> over(
            AdminApi anthropic,
            ServiceUsageClient projects,
            KeyManagement kms,
            KeyInspection keys,
            ResourceManagerClient resources,
            InheritedPolicies inherited,
            OrgPolicyClient policies,
            ParallelReads reads,
            Policy policy,
            OrganizationId organization) {
        return List.of(
                new AuditLogCheck(inherited, reads, policy),
                new CredentialCheck(anthropic, reads, organization),
                new KmsApiCheck(projects, reads),
                new LocationCheck(kms, reads),
                new OrganizationPolicyCheck(policies, resources, keys, reads),
                new PermissionCheck(resources, kms, keys, reads, organization),
                new RegistrationCheck(new RegistrationLookup(anthropic), reads),
                new UnexpectedPrincipalCheck(principals(), inherited, reads),
                new WorkspaceCheck(new WorkspaceLookup(anthropic), reads));
    }

    /** Those of a scan. */
    public static List<ScanCheck> ofScan(
            KeyInspection keys, InheritedPolicies inherited, OrganizationId organization, Clock clock) {
        return List.of(
                new BindingCheck(keys),
                new DestructionCheck(),
                new LabelCheck(keys, organization),
                new OlderVersionsCheck(keys),
                new RotationCheck(clock),
                new UnexpectedPrincipalCheck(principals(), inherited, new ParallelReads(Runnable::run)),
                new UsabilityCheck(keys));
    }
}
