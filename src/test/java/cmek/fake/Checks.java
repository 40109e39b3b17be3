package cmek.fake;

import cmek.check.AuditLogCheck;
import cmek.check.BindingCheck;
import cmek.check.CredentialCheck;
import cmek.check.DefaultWorkspaceCheck;
import cmek.check.DestructionCheck;
import cmek.check.KeyInspection;
import cmek.check.KeyNames;
import cmek.check.KmsApiCheck;
import cmek.check.LabelCheck;
import cmek.check.LocationCheck;
import cmek.check.OlderVersionsCheck;
import cmek.check.OrganizationPolicyCheck;
import cmek.check.ParallelReads;
import cmek.check.PermissionCheck;
import cmek.check.PrerequisiteCheck;
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
import cmek.model.OrganizationId;
import cmek.model.Policy;
import java.time.Clock;
import java.util.List;

/** Every check, wired by hand as the container does it. */
public final class Checks {

    private Checks() {}

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
        return List.of(
                new AuditLogCheck(resources, reads, policy),
                new CredentialCheck(anthropic, reads, organization),
                new DefaultWorkspaceCheck(anthropic, reads),
                new KmsApiCheck(projects, reads),
                new LocationCheck(kms, reads),
                new OrganizationPolicyCheck(policies, resources, keys, reads),
                new PermissionCheck(resources, kms, keys, reads, organization),
                new UnexpectedPrincipalCheck(keys),
                new WorkspaceCheck(
                        new WorkspaceLookup(anthropic, names(resources)),
                        new RegistrationLookup(anthropic, names(resources)),
                        reads));
    }

    /** Registrations by the names of their keys, where Resource Manager says this. */
    public static KeyNames names(ResourceManagerClient resources) {
        return new KeyNames(resources);
    }

    /** The same, where nobody names a project by its number. */
    public static KeyNames names() {
        return names(new FakeResources());
    }

    /** Those of a scan. */
    public static List<ScanCheck> ofScan(KeyInspection keys, OrganizationId organization, Clock clock) {
        return List.of(
                new BindingCheck(keys),
                new DestructionCheck(),
                new LabelCheck(keys, organization),
                new OlderVersionsCheck(keys),
                new RotationCheck(clock),
                new UnexpectedPrincipalCheck(keys),
                new UsabilityCheck(keys));
    }
}
