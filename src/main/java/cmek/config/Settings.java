package cmek.config;

import cmek.model.OrganizationId;
import cmek.model.Policy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The configuration as the values that the other packages use; none of them knows where the values come from. */
public final class Settings {

    @Produces
    @Singleton
    Clock clock() {
        return Clock.tickMillis(java.time.ZoneOffset.UTC);
    }

    @Produces
    @Singleton
    OrganizationId organization(CmekConfig config) {
        return new OrganizationId(config.anthropic()
                .organizationId()
                .orElseThrow(() -> new IllegalStateException("cmek.anthropic.organization-id is not set")));
    }

    @Produces
    @Singleton
    Policy policy(CmekConfig config) {
        CmekConfig.Policies policies = config.policy();
        return new Policy(
                Patterns.trimmed(policies.allowedProjects().orElse(List.of())),
                // A second person looks at each attachment, or the operators say which may be made.
                policies.allowedWorkspaces()
                        .map(Patterns::trimmed)
                        .orElse(policies.attachApproval() == Policy.AttachApproval.REQUIRED ? List.of("*") : List.of()),
                Patterns.trimmed(policies.allowedLocations()),
                policies.protectionLevels(),
                policies.auditLogs(),
                policies.attachApproval());
    }

    @Produces
    @Singleton
    ServiceInfo service(CmekConfig config, @ConfigProperty(name = "quarkus.application.version") String version) {
        return new ServiceInfo(version, config.documentationUrl());
    }

    @Produces
    @Singleton
    SharingSettings sharing(CmekConfig config) {
        return new SharingSettings(config.policy()
                .anthropicCustomerId()
                .map(id -> id.startsWith("is:") ? id.substring("is:".length()) : id));
    }

    @Produces
    @Singleton
    StoreSettings store(CmekConfig config) {
        return new StoreSettings(config.timing().abandonedAfter());
    }

    @Produces
    @Singleton
    OwnAccounts ownAccounts(CmekConfig config) {
        return new OwnAccounts(Set.copyOf(config.google().ownServiceAccounts().orElse(List.of())));
    }

    @Produces
    @Singleton
    ScanSettings scan(CmekConfig config) {
        return new ScanSettings(
                // More checks than calls at a time would only make checks fail and be retried, and the scan longer.
                Math.min(config.scan().concurrency(), config.concurrency()),
                config.scan().deadline(),
                config.scan().kmsReadsPerMinute(),
                config.repair(),
                config.repairAfter(),
                config.scan().listingInterval(),
                Set.copyOf(Patterns.trimmed(config.google().ownServiceAccounts().orElse(List.of()))));
    }
}
