package cmek.onboarding.step;

import cmek.check.AuditLogInspection;
import cmek.check.KeyInspection;
import cmek.check.KeyState;
import cmek.check.OrganizationPolicyInspection;
import cmek.check.PermissionInspection;
import cmek.check.RegistrationInspection;
import cmek.check.SideBySide;
import cmek.check.Verdict;
import cmek.check.WorkspaceInspection;
import cmek.check.WorkspaceInspection.Readiness;
import cmek.client.anthropic.AdminApi;
import cmek.client.kms.KeyManagement;
import cmek.client.project.ProjectServices;
import cmek.finding.Finding;
import cmek.finding.Findings;
import cmek.finding.RefusedException;
import cmek.finding.UnavailableException;
import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.Stranger;
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
 * read now is tried again later, unless something else is refused anyway.
 */
@Singleton
public final class CheckPrerequisites {

    private final AdminApi vendor;
    private final ProjectServices projects;
    private final KeyManagement kms;
    private final KeyInspection keys;
    private final WorkspaceInspection workspaces;
    private final RegistrationInspection registrations;
    private final PermissionInspection permissions;
    private final OrganizationPolicyInspection policies;
    private final AuditLogInspection auditLogs;
    private final SideBySide reads;
    private final OrganizationId organization;

    @Inject
    public CheckPrerequisites(
            AdminApi vendor,
            ProjectServices projects,
            KeyManagement kms,
            KeyInspection keys,
            WorkspaceInspection workspaces,
            RegistrationInspection registrations,
            PermissionInspection permissions,
            OrganizationPolicyInspection policies,
            AuditLogInspection auditLogs,
            SideBySide reads,
            OrganizationId organization) {
        this.vendor = vendor;
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

    /** Checks the vendor's side, the project, the location, our permissions, its policies and its logs. */
    public Outcome checkPrerequisites(Onboarding onboarding) {
        return judge(onboarding, begin(onboarding.request()));
    }

    /** Every look, begun, in the order of importance. */
    private List<Supplier<Verdict>> begin(OnboardingRequest request) {
        CryptoKeyName key = request.key();
        Supplier<Verdict> credential = reads.begin(this::credential);
        Supplier<Verdict> api = reads.begin(() -> kmsApi(key.project()));
        Supplier<Verdict> location = reads.begin(() -> location(request));
        Supplier<Verdict> workspace = reads.begin(() -> workspace(request));
        Supplier<Verdict> registration = reads.begin(() -> registration(key));
        Supplier<KeyState> state = reads.begin(() -> keys.look(key));
        Function<KeyState, Verdict> permission = permissions.begin(request);
        Function<KeyState, Verdict> policy = policies.begin(request);
        Supplier<Verdict> logs = auditLogs.begin(key.project());
        return List.of(
                credential,
                api,
                location,
                workspace,
                registration,
                () -> permission.apply(state.get()),
                () -> strangers(key, state.get()),
                () -> policy.apply(state.get()),
                logs);
    }

    private Outcome judge(Onboarding onboarding, List<Supplier<Verdict>> begun) {
        Onboarding checked = onboarding;
        Optional<UnavailableException> unavailable = Optional.empty();
        for (Supplier<Verdict> look : begun) {
            try {
                Verdict verdict = look.get();
                if (verdict.refusal().isPresent()) {
                    return new Outcome.Refused(verdict.refusal().get());
                }
                for (Finding warning : verdict.warnings()) {
                    checked = checked.withWarning(warning);
                }
            } catch (RefusedException e) {
                return new Outcome.Refused(e.finding());
            } catch (UnavailableException e) {
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

    private Verdict credential() {
        OrganizationId actual = vendor.organization();
        return actual.equals(organization)
                ? Verdict.CLEAR
                : Verdict.refuse(Findings.wrongOrganization(organization, actual.value()));
    }

    private Verdict kmsApi(String project) {
        // Unknown is no obstacle: the next call to Cloud KMS says it in an error of its own.
        return projects.cloudKms(project) == ProjectServices.State.DISABLED
                ? Verdict.refuse(Findings.kmsApiDisabled(project))
                : Verdict.CLEAR;
    }

    private Verdict location(OnboardingRequest request) {
        CryptoKeyName key = request.key();
        Optional<Boolean> hsm = kms.hsmAvailable(key.project(), key.location());
        if (hsm.isEmpty()) {
            return Verdict.refuse(Findings.locationUnknown(key));
        }
        if (request.protectionLevelToCreate() == ProtectionLevel.HSM && !hsm.get()) {
            return Verdict.refuse(Findings.hsmNotAvailable(key));
        }
        return Policy.RECOMMENDED_REGIONS.contains(key.location())
                ? Verdict.CLEAR
                : Verdict.warn(Findings.regionNotRecommended(key.location()));
    }

    private Verdict workspace(OnboardingRequest request) {
        return request.workspaceId()
                .map(id -> workspaces.inspect(id, request.key()))
                .map(readiness ->
                        readiness instanceof Readiness.Closed closed ? Verdict.refuse(closed.finding()) : Verdict.CLEAR)
                .orElse(Verdict.CLEAR);
    }

    private Verdict registration(CryptoKeyName key) {
        return registrations.inspect(key).warning().map(Verdict::warn).orElse(Verdict.CLEAR);
    }

    private Verdict strangers(CryptoKeyName key, KeyState state) {
        if (!(state instanceof KeyState.Present present)) {
            return Verdict.CLEAR;
        }
        List<Stranger> strangers = keys.strangers(key, present.policy());
        return strangers.stream()
                .filter(Stranger::isIntolerable)
                .findFirst()
                .map(stranger -> Verdict.refuse(Findings.strangerCanDecrypt(key, stranger)))
                .orElseGet(() -> Verdict.warn(strangers.stream()
                        .map(stranger -> Findings.strangerCanDecrypt(key, stranger))
                        .toList()));
    }
}
