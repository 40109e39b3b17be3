package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.project.AuditConfig;
import cmek.client.project.Lookup;
import cmek.client.project.ResourceInfo;
import cmek.client.project.ResourcePolicy;
import cmek.finding.Finding;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.Policy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Looks whether Anthropic's use of a key would leave a trace: Data Access audit logs, which are off by default.
 *
 * <p>Logs for {@code allServices} and for Cloud KMS are united, and so are those of a project with those of its folders
 * and its organization; nothing further down turns them off. An exemption is taken to count wherever it stands.
 *
 * @see <a href="https://cloud.google.com/logging/docs/audit/configure-data-access">Configure Data Access audit logs</a>
 */
@Singleton
public final class AuditLogCheck implements PrerequisiteCheck {

    private static final Set<String> SERVICES = Set.of("cloudkms.googleapis.com", "allServices");
    private static final Set<String> NEEDED = Set.of("DATA_READ", "DATA_WRITE");
    private static final Set<String> COVERING_ANTHROPIC =
            Set.of(AnthropicPrincipal.MEMBER.toLowerCase(Locale.ROOT), "allusers", "allauthenticatedusers");

    private final InheritedPolicies inherited;
    private final SideBySide reads;
    private final Policy policy;

    @Inject
    public AuditLogCheck(InheritedPolicies inherited, SideBySide reads, Policy policy) {
        this.inherited = inherited;
        this.reads = reads;
        this.policy = policy;
    }

    @Override
    public int rank() {
        return 90;
    }

    /** Begins to read the project's policy and, where that is not enough, those above it. */
    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        InheritedReads resources = inherited.of(subject);
        return reads.begin(() -> inspect(subject.key().project(), resources));
    }

    private CheckResult inspect(String project, InheritedReads resources) {
        Walk walk = new Walk(resources);
        try {
            walk.up("projects/" + project);
        } catch (TransientException e) {
            // Where the logs are required, what cannot be known now may be known later.
            if (policy.auditLogs() == Policy.AuditLogs.REQUIRE) {
                throw e;
            }
            walk.unknown.add(String.valueOf(e.getMessage()));
        }
        return walk.verdict(project);
    }

    private final class Walk {

        private final Set<String> missing = new TreeSet<>(NEEDED);
        private final List<String> unknown = new ArrayList<>();
        private final InheritedReads resources;
        private Optional<Exemption> exemption = Optional.empty();

        Walk(InheritedReads resources) {
            this.resources = resources;
        }

        void up(String project) {
            Optional<String> resource = Optional.of(project);
            for (int level = 0; level < InheritedReads.LEVELS_AT_MOST && resource.isPresent(); level++) {
                take(resource.get());
                if (missing.isEmpty() || exemption.isPresent()) {
                    return;
                }
                resource = parent(resource.get());
            }
        }

        private void take(String resource) {
            Lookup<ResourcePolicy> policy = resources.policy(resource);
            if (policy instanceof Lookup.Known<ResourcePolicy> known) {
                known.value().auditConfigs().stream()
                        .filter(config -> SERVICES.contains(config.service()) && NEEDED.contains(config.logType()))
                        .forEach(config -> take(resource, config));
            } else if (policy instanceof Lookup.Unknown<ResourcePolicy> closed) {
                unknown.add(closed.why());
            }
        }

        private void take(String resource, AuditConfig config) {
            missing.remove(config.logType());
            config.exemptedMembers().stream()
                    .filter(member -> COVERING_ANTHROPIC.contains(member.toLowerCase(Locale.ROOT)))
                    .sorted()
                    .findFirst()
                    .ifPresent(member -> exemption = exemption.or(() -> Optional.of(new Exemption(member, resource))));
        }

        private Optional<String> parent(String resource) {
            if (resource.startsWith("organizations/")) {
                return Optional.empty();
            }
            Lookup<ResourceInfo> info = resources.info(resource);
            if (info instanceof Lookup.Known<ResourceInfo> known) {
                return known.value().parent();
            }
            if (info instanceof Lookup.Unknown<ResourceInfo> closed) {
                unknown.add(closed.why());
            }
            return Optional.empty();
        }

        CheckResult verdict(String project) {
            if (exemption.isPresent()) {
                return off(ProjectFindings.auditLogsExempt(
                        project, exemption.get().member(), exemption.get().resource()));
            }
            if (missing.isEmpty()) {
                return CheckResult.CLEAR;
            }
            return unknown.isEmpty()
                    ? off(ProjectFindings.auditLogsOff(project, missing))
                    : CheckResult.warn(ProjectFindings.auditLogsUnknown(project, missing, String.join("; ", unknown)));
        }

        private CheckResult off(Finding finding) {
            return policy.auditLogs() == Policy.AuditLogs.REQUIRE
                    ? CheckResult.refuse(finding)
                    : CheckResult.warn(finding);
        }
    }

    private record Exemption(String member, String resource) {}
}
