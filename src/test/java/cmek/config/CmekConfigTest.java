package cmek.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.RepairMode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CmekConfigTest {

    @Test
    void theDefaults() {
        CmekConfig config = Configs.of(Map.of());

        assertThat(config.anthropic().organizationId()).isEmpty();
        assertThat(config.anthropic().baseUrl()).isEqualTo(URI.create("https://api.anthropic.com"));
        assertThat(config.anthropic().adminKey()).isEmpty();
        assertThat(config.anthropic().adminKeyFile()).isEmpty();
        assertThat(config.anthropic().federation().ruleId()).isEmpty();
        assertThat(config.anthropic().federation().serviceAccountId()).isEmpty();
        assertThat(config.google().metadataUrl()).isEqualTo(URI.create("http://metadata.google.internal"));
        assertThat(config.google().project()).isEmpty();
        assertThat(config.google().kmsUrl()).isEqualTo(URI.create("https://cloudkms.googleapis.com"));
        assertThat(config.google().serviceUsageUrl()).isEqualTo(URI.create("https://serviceusage.googleapis.com"));
        assertThat(config.google().resourceManagerUrl())
                .isEqualTo(URI.create("https://cloudresourcemanager.googleapis.com"));
        assertThat(config.google().orgPolicyUrl()).isEqualTo(URI.create("https://orgpolicy.googleapis.com"));
        assertThat(config.google().iamUrl()).isEqualTo(URI.create("https://iam.googleapis.com"));
        assertThat(config.policy().anthropicCustomerId()).isEmpty();
        assertThat(config.google().pubsubUrl()).isEqualTo(URI.create("https://pubsub.googleapis.com"));
        assertThat(config.concurrency()).isEqualTo(20);
        assertThat(config.host().serves()).isEmpty();
        assertThat(config.policy().allowedProjects()).isEmpty();
        assertThat(config.policy().allowedWorkspaces()).isEmpty();
        assertThat(config.policy().allowedLocations()).isEqualTo(Policy.US_REGIONS);
        assertThat(config.policy().protectionLevels()).containsExactly(ProtectionLevel.HSM);
        assertThat(config.timing().propagationWindow()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.timing().maxAge()).isEqualTo(Duration.ofHours(24));
        assertThat(config.timing().abandonedAfter()).isEqualTo(Duration.ofMinutes(12));
        assertThat(config.topics().prefix()).isEqualTo("cmek-");
        assertThat(config.google().storageUrl()).isEqualTo(URI.create("https://storage.googleapis.com"));
        assertThat(config.google().ownServiceAccounts()).isEmpty();
        assertThat(config.evidence().bucket()).isEmpty();
        assertThat(config.scan().concurrency()).isEqualTo(10);
        assertThat(config.scan().deadline()).isEqualTo(Duration.ofHours(1));
        assertThat(config.scan().kmsReadsPerMinute()).isEmpty();
        assertThat(config.scan().listingInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.repair()).isEqualTo(RepairMode.OBSERVE);
        assertThat(config.repairAfter()).isEqualTo(Duration.ofHours(20));
        assertThat(config.documentationUrl()).isEmpty();
        assertThat(config.policy().auditLogs()).isEqualTo(Policy.AuditLogs.WARN);
        assertThat(config.policy().attachApproval()).isEqualTo(Policy.AttachApproval.NONE);
    }

    @Test
    void everyPropertySet() {
        CmekConfig config = Configs.of(Map.ofEntries(
                Map.entry("cmek.anthropic.organization-id", "3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13"),
                Map.entry("cmek.anthropic.base-url", "http://localhost:1"),
                Map.entry("cmek.anthropic.admin-key", "a key"),
                Map.entry("cmek.anthropic.admin-key-file", "/secrets/admin-key"),
                Map.entry("cmek.google.project", "acme-cmek"),
                Map.entry("cmek.google.kms-url", "http://localhost:2"),
                Map.entry("cmek.google.service-usage-url", "http://localhost:3"),
                Map.entry("cmek.google.resource-manager-url", "http://localhost:4"),
                Map.entry("cmek.google.org-policy-url", "http://localhost:5"),
                Map.entry("cmek.google.iam-url", "http://localhost:15"),
                Map.entry("cmek.policy.anthropic-customer-id", "is:C0anthropic"),
                Map.entry("cmek.google.pubsub-url", "http://localhost:6"),
                Map.entry("cmek.concurrency", "3"),
                Map.entry("cmek.anthropic.federation.rule-id", "fdrl_1"),
                Map.entry("cmek.anthropic.federation.service-account-id", "svac_1"),
                Map.entry("cmek.google.metadata-url", "http://localhost:7"),
                Map.entry("cmek.host.serves", "createKey"),
                Map.entry("cmek.policy.allowed-projects", "acme-*,other-kms"),
                Map.entry("cmek.policy.allowed-workspaces", "wrkspc_1,wrkspc_2"),
                Map.entry("cmek.policy.allowed-locations", "us-east5"),
                Map.entry("cmek.policy.protection-levels", "HSM,SOFTWARE"),
                Map.entry("cmek.timing.propagation-window", "PT1M"),
                Map.entry("cmek.timing.max-age", "PT2H"),
                Map.entry("cmek.timing.abandoned-after", "PT3M"),
                Map.entry("cmek.topics.prefix", "keys-"),
                Map.entry("cmek.google.storage-url", "http://localhost:7"),
                Map.entry("cmek.google.own-service-accounts", "a@acme.example,b@acme.example"),
                Map.entry("cmek.evidence.bucket", "acme-evidence"),
                Map.entry("cmek.evidence.reports-bucket", "acme-reports"),
                Map.entry("cmek.scan.concurrency", "50"),
                Map.entry("cmek.scan.deadline", "PT30M"),
                Map.entry("cmek.scan.kms-reads-per-minute", "600"),
                Map.entry("cmek.scan.listing-interval", "PT30S"),
                Map.entry("cmek.repair", "repair"),
                Map.entry("cmek.repair-after", "P2D"),
                Map.entry("cmek.documentation-url", "https://git.example.com/cmek-onboarding/blob/main"),
                Map.entry("cmek.policy.attach-approval", "required"),
                Map.entry("cmek.policy.audit-logs", "require")));

        assertThat(config.anthropic().organizationId()).contains("3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13");
        assertThat(config.anthropic().baseUrl()).isEqualTo(URI.create("http://localhost:1"));
        assertThat(config.anthropic().adminKey()).contains("a key");
        assertThat(config.anthropic().adminKeyFile()).contains(Path.of("/secrets/admin-key"));
        assertThat(config.anthropic().federation().ruleId()).contains("fdrl_1");
        assertThat(config.anthropic().federation().serviceAccountId()).contains("svac_1");
        assertThat(config.google().metadataUrl()).isEqualTo(URI.create("http://localhost:7"));
        assertThat(config.google().project()).contains("acme-cmek");
        assertThat(config.google().kmsUrl()).isEqualTo(URI.create("http://localhost:2"));
        assertThat(config.google().serviceUsageUrl()).isEqualTo(URI.create("http://localhost:3"));
        assertThat(config.google().resourceManagerUrl()).isEqualTo(URI.create("http://localhost:4"));
        assertThat(config.google().orgPolicyUrl()).isEqualTo(URI.create("http://localhost:5"));
        assertThat(config.google().iamUrl()).isEqualTo(URI.create("http://localhost:15"));
        assertThat(config.policy().anthropicCustomerId()).contains("is:C0anthropic");
        assertThat(config.google().pubsubUrl()).isEqualTo(URI.create("http://localhost:6"));
        assertThat(config.concurrency()).isEqualTo(3);
        assertThat(config.host().serves()).contains("createKey");
        assertThat(config.policy().allowedProjects()).contains(List.of("acme-*", "other-kms"));
        assertThat(config.policy().allowedWorkspaces()).contains(List.of("wrkspc_1", "wrkspc_2"));
        assertThat(config.policy().allowedLocations()).containsExactly("us-east5");
        assertThat(config.policy().protectionLevels()).isEqualTo(Set.of(ProtectionLevel.HSM, ProtectionLevel.SOFTWARE));
        assertThat(config.timing().propagationWindow()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.timing().maxAge()).isEqualTo(Duration.ofHours(2));
        assertThat(config.timing().abandonedAfter()).isEqualTo(Duration.ofMinutes(3));
        assertThat(config.topics().prefix()).isEqualTo("keys-");
        assertThat(config.google().storageUrl()).isEqualTo(URI.create("http://localhost:7"));
        assertThat(config.google().ownServiceAccounts()).contains(List.of("a@acme.example", "b@acme.example"));
        assertThat(config.evidence().bucket()).contains("acme-evidence");
        assertThat(config.evidence().reportsBucket()).contains("acme-reports");
        assertThat(config.scan().concurrency()).isEqualTo(50);
        assertThat(config.scan().deadline()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.scan().kmsReadsPerMinute()).hasValue(600);
        assertThat(config.scan().listingInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.repair()).isEqualTo(RepairMode.REPAIR);
        assertThat(config.repairAfter()).isEqualTo(Duration.ofDays(2));
        assertThat(config.documentationUrl()).contains(URI.create("https://git.example.com/cmek-onboarding/blob/main"));
        assertThat(config.policy().auditLogs()).isEqualTo(Policy.AuditLogs.REQUIRE);
        assertThat(config.policy().attachApproval()).isEqualTo(Policy.AttachApproval.REQUIRED);
    }

    @Test
    void theEnvironmentNamesFollowFromTheProperties() {
        CmekConfig config = Configs.ofEnvironment(Map.of(
                "CMEK_ANTHROPIC_ORGANIZATION_ID", "an id",
                "CMEK_POLICY_ALLOWED_PROJECTS", "acme-*",
                "CMEK_GOOGLE_PUBSUB_URL", "http://localhost:6"));

        assertThat(config.anthropic().organizationId()).contains("an id");
        assertThat(config.policy().allowedProjects()).contains(List.of("acme-*"));
        assertThat(config.google().pubsubUrl()).isEqualTo(URI.create("http://localhost:6"));
    }

    @Test
    void theProjectIsTakenFromGooglesOwnVariable() {
        assertThat(Configs.ofEnvironment(Map.of("GOOGLE_CLOUD_PROJECT", "acme-cmek"))
                        .google()
                        .project())
                .contains("acme-cmek");
    }

    @Test
    void aLevelThatAnthropicDoesNotAcceptIsRefused() {
        assertThatThrownBy(() -> Configs.of(Map.of("cmek.policy.protection-levels", "EXTERNAL")))
                .hasMessageContaining("cmek.policy.protection-levels");
    }

    @Test
    void aRepairThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Configs.of(Map.of("cmek.repair", "everything")))
                .hasMessageContaining("cmek.repair");
    }

    @Test
    void anEmptyListOfWorkspacesIsNone() {
        assertThat(Configs.of(Map.of("cmek.policy.allowed-workspaces", ""))
                        .policy()
                        .allowedWorkspaces())
                .isEmpty();
    }
}
