package cmek.step;

import cmek.client.anthropic.AdminApi;
import cmek.client.kms.KeyManagement;
import cmek.client.project.ProjectServices;
import cmek.inspection.WorkspaceInspection;
import cmek.inspection.WorkspaceInspection.Readiness;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.Finding;
import cmek.onboarding.Findings;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OrganizationId;
import cmek.onboarding.Outcome;
import cmek.onboarding.Policy;
import cmek.onboarding.ProtectionLevel;
import cmek.onboarding.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Asks, before anything is written, whether the chain can reach its end. */
@Singleton
public final class CheckPrerequisites {

    private final AdminApi vendor;
    private final ProjectServices projects;
    private final KeyManagement kms;
    private final WorkspaceInspection workspaces;
    private final OrganizationId organization;

    @Inject
    public CheckPrerequisites(
            AdminApi vendor,
            ProjectServices projects,
            KeyManagement kms,
            WorkspaceInspection workspaces,
            OrganizationId organization) {
        this.vendor = vendor;
        this.projects = projects;
        this.kms = kms;
        this.workspaces = workspaces;
        this.organization = organization;
    }

    /** Checks the credential's organization, the Cloud KMS API, the location and the workspace. */
    public Outcome checkPrerequisites(Onboarding onboarding) {
        Optional<Finding> obstacle = organization()
                .or(() -> kmsApi(onboarding))
                .or(() -> location(onboarding))
                .or(() -> workspace(onboarding));
        if (obstacle.isPresent()) {
            return new Outcome.Refused(obstacle.get());
        }
        String location = onboarding.key().location();
        Onboarding checked = Policy.RECOMMENDED_REGIONS.contains(location)
                ? onboarding
                : onboarding.withWarning(Findings.regionNotRecommended(location));
        return new Outcome.Done(
                checked,
                StepOutcome.CHECKED,
                "organization " + organization + ", Cloud KMS in " + location + " of project "
                        + onboarding.key().project());
    }

    private Optional<Finding> organization() {
        OrganizationId actual = vendor.organization();
        return actual.equals(organization)
                ? Optional.empty()
                : Optional.of(Findings.wrongOrganization(organization, actual.value()));
    }

    private Optional<Finding> kmsApi(Onboarding onboarding) {
        String project = onboarding.key().project();
        // Unknown is no obstacle: the next call to Cloud KMS says it in an error of its own.
        return projects.cloudKms(project) == ProjectServices.State.DISABLED
                ? Optional.of(Findings.kmsApiDisabled(project))
                : Optional.empty();
    }

    private Optional<Finding> location(Onboarding onboarding) {
        CryptoKeyName key = onboarding.key();
        Optional<Boolean> hsm = kms.hsmAvailable(key.project(), key.location());
        if (hsm.isEmpty()) {
            return Optional.of(Findings.locationUnknown(key));
        }
        boolean needed = onboarding.request().protectionLevelToCreate() == ProtectionLevel.HSM;
        return needed && !hsm.get() ? Optional.of(Findings.hsmNotAvailable(key)) : Optional.empty();
    }

    private Optional<Finding> workspace(Onboarding onboarding) {
        return onboarding
                .request()
                .workspaceId()
                .map(id -> workspaces.inspect(id, onboarding.key()))
                .flatMap(readiness -> readiness instanceof Readiness.Closed closed
                        ? Optional.of(closed.finding())
                        : Optional.empty());
    }
}
