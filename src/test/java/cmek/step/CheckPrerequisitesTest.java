package cmek.step;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.project.ProjectServices;
import cmek.fake.FakeKms;
import cmek.fake.FakeProjects;
import cmek.fake.FakeVendor;
import cmek.fake.Sample;
import cmek.inspection.WorkspaceInspection;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OrganizationId;
import cmek.onboarding.Outcome;
import cmek.onboarding.Reason;
import cmek.onboarding.StepOutcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckPrerequisitesTest {

    private final FakeVendor vendor =
            new FakeVendor(Sample.ORGANIZATION).withWorkspace(Sample.WORKSPACE, false, Optional.empty());
    private final FakeProjects projects = new FakeProjects();
    private final CheckPrerequisites step = new CheckPrerequisites(
            vendor, projects, new FakeKms(), new WorkspaceInspection(vendor), Sample.ORGANIZATION);

    private Reason refusal(Onboarding onboarding) {
        return Answers.finding(step.checkPrerequisites(onboarding)).reason();
    }

    private static Onboarding at(String location) {
        CryptoKeyName key = new CryptoKeyName("acme-kms-prod", location, "anthropic", "payments");
        return Sample.onboarding(Sample.request(Mode.PROVISION, key));
    }

    @Test
    void everythingInPlaceGoesOnWithoutWarning() {
        Outcome outcome = step.checkPrerequisites(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.CHECKED);
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(vendor.calls()).isEmpty();
    }

    @Test
    void aCredentialOfAnotherOrganizationIsRefused() {
        vendor.withOrganization(new OrganizationId("00000000-0000-4000-8000-000000000000"));

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.WRONG_ORGANIZATION);
    }

    @Test
    void aDisabledApiIsRefused() {
        projects.withCloudKms(ProjectServices.State.DISABLED);

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.KMS_API_DISABLED);
    }

    @Test
    void anApiOfUnknownStateIsNoObstacle() {
        projects.withCloudKms(ProjectServices.State.UNKNOWN);

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void aLocationWithoutHsmIsRefused() {
        assertThat(refusal(at("us-south1"))).isEqualTo(Reason.HSM_NOT_AVAILABLE);
    }

    @Test
    void aLocationThatCloudKmsDoesNotKnowIsRefused() {
        assertThat(refusal(at("us-moon1"))).isEqualTo(Reason.LOCATION_NOT_SUPPORTED);
    }

    @Test
    void aLocationThatIsNotRecommendedIsWarnedOfOnce() {
        Onboarding once = Answers.onboarding(step.checkPrerequisites(at("us-west2")));
        Onboarding twice = Answers.onboarding(step.checkPrerequisites(once));

        assertThat(twice.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.reason()).isEqualTo(Reason.REGION_NOT_RECOMMENDED));
    }

    @Test
    void aWorkspaceThatCannotTakeTheKeyIsRefusedBeforeAnyWrite() {
        vendor.withWorkspace(Sample.WORKSPACE, true, Optional.empty());
        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.WORKSPACE_ARCHIVED);

        vendor.withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_other")));
        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
    }

    @Test
    void aWorkspaceThatHasThisKeyAlreadyIsNoObstacle() {
        vendor.withExternalKey("ekey_mine", Sample.KEY, true, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(new ExternalKeyId("ekey_mine")));

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }
}
