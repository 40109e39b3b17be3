package cmek.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.RepairMode;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private final Settings settings = new Settings();

    @Test
    void theDefaultsAllowNoProject() {
        Policy policy = settings.policy(Configs.of(Map.of()));

        assertThat(policy).isEqualTo(new Policy(List.of(), List.of(), Policy.US_REGIONS, Set.of(ProtectionLevel.HSM)));
        assertThat(policy.allowsProject("acme-kms-prod")).isFalse();
        assertThat(policy.allowsWorkspace("acme-kms-prod", Sample.WORKSPACE)).isFalse();
    }

    @Test
    void whereASecondPersonApprovesAnyWorkspaceMayBeAskedFor() {
        Policy policy = settings.policy(Configs.of(Map.of("cmek.policy.attach-approval", "required")));

        assertThat(policy.allowsWorkspace("acme-kms-prod", Sample.WORKSPACE)).isTrue();
    }

    @Test
    void aListOfWorkspacesHoldsWhoeverApproves() {
        Policy policy = settings.policy(Configs.of(Map.of(
                "cmek.policy.attach-approval",
                "required",
                "cmek.policy.allowed-workspaces",
                "wrkspc_1, acme-*=" + Sample.WORKSPACE)));

        assertThat(policy.allowsWorkspace("acme-kms-prod", Sample.WORKSPACE)).isTrue();
        assertThat(policy.allowsWorkspace("other-kms-prod", Sample.WORKSPACE)).isFalse();
    }

    @Test
    void everyPropertyReachesItsValue() {
        CmekConfig config = Configs.of(Map.of(
                "cmek.anthropic.organization-id", Sample.ORGANIZATION.value(),
                "cmek.policy.allowed-projects", "acme-*",
                "cmek.policy.allowed-workspaces", "wrkspc_1",
                "cmek.policy.allowed-locations", "us-east5",
                "cmek.policy.protection-levels", "SOFTWARE"));

        assertThat(settings.organization(config)).isEqualTo(Sample.ORGANIZATION);
        assertThat(settings.policy(config))
                .isEqualTo(new Policy(
                        List.of("acme-*"), List.of("wrkspc_1"), List.of("us-east5"), Set.of(ProtectionLevel.SOFTWARE)));
    }

    @Test
    void blanksAroundTheEntriesOfAListAreNoPartOfThem() {
        CmekConfig config = Configs.of(Map.of(
                "cmek.policy.allowed-projects", "beta-*, acme-*",
                "cmek.policy.allowed-workspaces", " wrkspc_1 , wrkspc_2",
                "cmek.policy.allowed-locations", "us-east5, us-central1",
                "cmek.policy.protection-levels", "HSM, SOFTWARE",
                "cmek.google.own-service-accounts", "a@acme.example, b@acme.example"));

        assertThat(settings.policy(config))
                .isEqualTo(new Policy(
                        List.of("beta-*", "acme-*"),
                        List.of("wrkspc_1", "wrkspc_2"),
                        List.of("us-east5", "us-central1"),
                        Set.of(ProtectionLevel.HSM, ProtectionLevel.SOFTWARE)));
        assertThat(settings.policy(config).allowsProject("acme-kms-prod")).isTrue();
        assertThat(settings.scan(config).ownServiceAccounts())
                .containsExactlyInAnyOrder("a@acme.example", "b@acme.example");
    }

    @Test
    void theScanIsAsItIsConfigured() {
        CmekConfig config = Configs.of(Map.of(
                "cmek.concurrency", "60",
                "cmek.scan.concurrency", "50",
                "cmek.scan.deadline", "PT30M",
                "cmek.scan.kms-reads-per-minute", "600",
                "cmek.scan.listing-interval", "PT30S",
                "cmek.repair", "repair",
                "cmek.repair-after", "P2D",
                "cmek.google.own-service-accounts", "a@acme.example"));

        assertThat(settings.scan(config))
                .isEqualTo(new ScanSettings(
                        50,
                        Duration.ofMinutes(30),
                        OptionalInt.of(600),
                        RepairMode.REPAIR,
                        Duration.ofDays(2),
                        Duration.ofSeconds(30),
                        Set.of("a@acme.example")));
        assertThat(settings.scan(Configs.of(Map.of())))
                .isEqualTo(new ScanSettings(
                        10,
                        Duration.ofHours(1),
                        OptionalInt.empty(),
                        RepairMode.OBSERVE,
                        Duration.ofHours(20),
                        Duration.ofMinutes(1),
                        Set.of()));
    }

    @Test
    void noMoreKeysAreLookedAtAtATimeThanThereMayBeCalls() {
        CmekConfig config = Configs.of(Map.of("cmek.scan.concurrency", "50"));

        assertThat(settings.scan(config).concurrency()).isEqualTo(20);
    }

    @Test
    void thereIsNoDefaultOrganization() {
        CmekConfig config = Configs.of(Map.of());

        assertThatThrownBy(() -> settings.organization(config))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cmek.anthropic.organization-id is not set");
    }

    @Test
    void theClockTellsMillisecondsInUtc() {
        assertThat(settings.clock()).isEqualTo(Clock.tickMillis(ZoneOffset.UTC));
    }
}
