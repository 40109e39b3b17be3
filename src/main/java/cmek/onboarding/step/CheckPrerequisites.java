package cmek.onboarding.step;

import cmek.check.AuditLogCheck;
import cmek.check.CheckResult;
import cmek.check.KeyInspection;
import cmek.check.KeyState;
import cmek.check.OrganizationPolicyCheck;
import cmek.check.ParallelReads;
import cmek.check.PermissionCheck;
import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.check.WorkspaceLookup.Readiness;
import cmek.client.anthropic.AdminApi;
import cmek.client.kms.KeyManagement;
import cmek.client.project.ServiceUsageClient;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.UnexpectedPrincipal;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks, before anything is written, whether the chain can reach its end. All reads are begun at once and judged in one
 * order, the order of importance: the first refusal in it is the answer, whichever read was the fastest. What could not be
 * read now will be retried later, unless something else is refused anyway.
 */
@Singleton
public final class CheckPrerequisites {

    private final AdminApi anthropic;
    private final ServiceUsageClient projects;
    private final KeyManagement kms;
    private final KeyInspection keys;
    private final WorkspaceLookup workspaces;
    private final RegistrationLookup registrations;
    private final PermissionCheck permissions;
    private final OrganizationPolicyCheck policies;
    private final AuditLogCheck auditLogs;
    private final ParallelReads reads;
    private final OrganizationId organization;

    @Inject
    public CheckPrerequisites(
            AdminApi anthropic,
            ServiceUsageClient projects,
            KeyManagement kms,
            KeyInspection keys,
            WorkspaceLookup workspaces,
            RegistrationLookup registrations,
            PermissionCheck permissions,
            OrganizationPolicyCheck policies,
            AuditLogCheck auditLogs,
            ParallelReads reads,
            OrganizationId organization) {
        this.anthropic = anthropic;
        this.projects = projects;
        this.kms = kms;
        this.keys = keys;
        this.workspaces = workspaces;
        this.registrations = registrations;
        this.permissions = permissions;
        this.policies = policies;
        this.auditLogs = auditLogs;
        this.reads = reads;
        this.organization = organization;
    }

    /** Checks Anthropic's side, the project, the location, our permissions, its policies and its logs. */
    public Outcome checkPrerequisites(Onboarding onboarding) {
        return judge(onboarding, begin(onboarding.request()));
    }

    /** Every look, begun, in the order of importance. */
    private List<Supplier<CheckResult>> begin(OnboardingRequest request) {
        CryptoKeyName key = request.key();
        Supplier<CheckResult> credential = reads.begin(this::credential);
        Supplier<CheckResult> api = reads.begin(() -> kmsApi(key.project()));
        Supplier<CheckResult> location = reads.begin(() -> location(request));
        Supplier<CheckResult> workspace = reads.begin(() -> workspace(request));
        Supplier<CheckResult> registration = reads.begin(() -> registration(key));
        Supplier<KeyState> state = reads.begin(() -> keys.look(key));
        Function<KeyState, CheckResult> permission = permissions.begin(request);
        Function<KeyState, CheckResult> policy = policies.begin(request);
        Supplier<CheckResult> logs = auditLogs.begin(key.project());
        return List.of(
                credential,
                api,
                location,
                workspace,
                registration,
                () -> permission.apply(state.get()),
                () -> unexpectedPrincipals(key, state.get()),
                () -> policy.apply(state.get()),
                logs);
    }

    private Outcome judge(Onboarding onboarding, List<Supplier<CheckResult>> begun) {
        Onboarding checked = onboarding;
        Optional<TransientException> unavailable = Optional.empty();
        for (Supplier<CheckResult> look : begun) {
            try {
                CheckResult verdict = look.get();
                if (verdict.refusal().isPresent()) {
                    return new Outcome.Refused(verdict.refusal().get());
                }
                for (Finding warning : verdict.warnings()) {
                    checked = checked.withWarning(warning);
                }
            } catch (PermanentException e) {
                return new Outcome.Refused(e.finding());
            } catch (TransientException e) {
                unavailable = unavailable.or(() -> Optional.of(e));
            }
        }
        if (unavailable.isPresent()) {
            throw unavailable.get();
        }
        return new Outcome.Done(
                checked,
                StepOutcome.CHECKED,
                "organization " + organization + ", Cloud KMS in "
                        + onboarding.key().location() + " of project "
                        + onboarding.key().project());
    }

    private CheckResult credential() {
        OrganizationId actual = anthropic.organization();
        return actual.equals(organization)
                ? CheckResult.CLEAR
                : CheckResult.refuse(AnthropicFindings.wrongOrganization(organization, actual.value()));
    }

    private CheckResult kmsApi(String project) {
        // Unknown is no obstacle: the next call to Cloud KMS says it in an error of its own.
        return projects.cloudKms(project) == ServiceUsageClient.State.DISABLED
                ? CheckResult.refuse(ProjectFindings.kmsApiDisabled(project))
                : CheckResult.CLEAR;
    }

    private CheckResult location(OnboardingRequest request) {
        CryptoKeyName key = request.key();
        Optional<Boolean> hsm = kms.hsmAvailable(key.project(), key.location());
        if (hsm.isEmpty()) {
            return CheckResult.refuse(ProjectFindings.locationUnknown(key));
        }
        if (request.protectionLevelToCreate() == ProtectionLevel.HSM && !hsm.get()) {
            return CheckResult.refuse(ProjectFindings.hsmNotAvailable(key));
        }
        return Policy.RECOMMENDED_REGIONS.contains(key.location())
                ? CheckResult.CLEAR
                : CheckResult.warn(AnthropicFindings.regionNotRecommended(key.location()));
    }

    private CheckResult workspace(OnboardingRequest request) {
        return request.workspaceId()
                .map(id -> workspaces.inspect(id, request.key()))
                .map(readiness -> readiness instanceof Readiness.NotAttachable closed
                        ? CheckResult.refuse(closed.finding())
                        : CheckResult.CLEAR)
                .orElse(CheckResult.CLEAR);
    }

    private CheckResult registration(CryptoKeyName key) {
        return registrations.inspect(key).warning().map(CheckResult::warn).orElse(CheckResult.CLEAR);
    }

    private CheckResult unexpectedPrincipals(CryptoKeyName key, KeyState state) {
        if (!(state instanceof KeyState.Present present)) {
            return CheckResult.CLEAR;
        }
        List<UnexpectedPrincipal> unexpectedPrincipals = keys.unexpectedPrincipals(key, present.policy());
        return unexpectedPrincipals.stream()
                .filter(UnexpectedPrincipal::isBlocking)
                .findFirst()
                .map(unexpected -> CheckResult.refuse(KeyFindings.unexpectedPrincipal(key, unexpected)))
                .orElseGet(() -> CheckResult.warn(unexpectedPrincipals.stream()
                        .map(unexpected -> KeyFindings.unexpectedPrincipal(key, unexpected))
                        .toList()));
    }
}
