package cmek.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeResources;
import cmek.fake.KmsInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.Mode;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditLogCheckTest {

    private static final String PROJECT = "projects/acme-kms-prod";
    private static final String KMS = "cloudkms.googleapis.com";
    private static final Policy REQUIRING = new Policy(
            List.of("acme-*"),
            List.of("*"),
            Policy.US_REGIONS,
            Set.of(ProtectionLevel.HSM),
            Policy.AuditLogs.REQUIRE,
            Policy.AttachApproval.NONE);

    private final FakeResources resources = new FakeResources().withoutAuditConfig(PROJECT);

    private CheckResult verdict(Policy policy) {
        KeyManagement kms = new KmsInProcess().client();
        return new AuditLogCheck(Checks.inherited(kms, resources), new SideBySide(Runnable::run), policy)
                .begin(Checks.subjects(
                                new FakeAdminApi(Sample.ORGANIZATION),
                                kms,
                                new KeyInspection(kms, policy, Sample.ORGANIZATION))
                        .ofKey(Sample.request(Mode.PROVISION, Sample.KEY)))
                .get();
    }

    private Finding warning() {
        CheckResult verdict = verdict(Sample.POLICY);
        assertThat(verdict.refusal()).isEmpty();
        assertThat(verdict.warnings()).hasSize(1);
        return verdict.warnings().get(0);
    }

    @Test
    void bothLogsOfCloudKmsAreEnoughAndNothingAboveIsAsked() {
        resources
                .withAuditConfig(PROJECT, KMS, "DATA_READ")
                .withAuditConfig(PROJECT, KMS, "DATA_WRITE")
                .withParent(PROJECT, "folders/7");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
        assertThat(resources.reads()).containsExactly("GetIamPolicy " + PROJECT);
    }

    @Test
    void logsOfAllServicesAreUnitedWithThoseOfCloudKms() {
        resources.withAuditConfig(PROJECT, "allServices", "DATA_READ").withAuditConfig(PROJECT, KMS, "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void logsOfAnotherServiceDoNotCount() {
        resources
                .withAuditConfig(PROJECT, "storage.googleapis.com", "DATA_READ")
                .withAuditConfig(PROJECT, KMS, "DATA_WRITE");

        Finding finding = warning();

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
        assertThat(finding.message()).startsWith("the audit logs DATA_READ of cloudkms.googleapis.com are off");
    }

    @Test
    void logsAreInheritedFromFolderAndOrganization() {
        resources
                .withParent(PROJECT, "folders/7")
                .withParent("folders/7", "organizations/42")
                .withAuditConfig("folders/7", KMS, "DATA_READ")
                .withAuditConfig("organizations/42", "allServices", "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void whatNobodyTurnsOnIsOffAndTheCommandsTurnItOn() {
        resources.withParent(PROJECT, "organizations/42");

        Finding finding = warning();

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
        assertThat(finding.remedy()).hasSize(3);
        assertThat(finding.remedy().get(0))
                .isEqualTo("gcloud projects get-iam-policy acme-kms-prod --format=json > acme-kms-prod-policy.json");
        assertThat(finding.remedy().get(1)).startsWith("jq 'def ensure($type): ");
        assertThat(finding.remedy().get(2))
                .isEqualTo("gcloud projects set-iam-policy acme-kms-prod acme-kms-prod-policy-with-audit-logs.json");
    }

    @Test
    void anOrganizationThatMayNotBeReadMakesItUnknownAndNeverOff() {
        resources.withParent(PROJECT, "organizations/42").closed("organizations/42");

        Finding finding = warning();

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_UNKNOWN);
        assertThat(finding.message()).contains("GetIamPolicy on organizations/42 answered 403");
    }

    @Test
    void aFolderThatMayNotBeReadDoesNotHideTheProjectsOwnLogs() {
        resources
                .withParent(PROJECT, "folders/7")
                .closed("folders/7")
                .withAuditConfig(PROJECT, KMS, "DATA_READ")
                .withAuditConfig(PROJECT, KMS, "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void anExemptionOfAnthropicLeavesNoTrace() {
        resources
                .withAuditConfig(PROJECT, KMS, "DATA_READ", "user:anna@example.com", AnthropicPrincipal.MEMBER)
                .withAuditConfig(PROJECT, KMS, "DATA_WRITE");

        Finding finding = warning();

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
        assertThat(finding.message()).contains("exempts " + AnthropicPrincipal.MEMBER);
    }

    @Test
    void anExemptionInAllServicesCountsForCloudKmsToo() {
        resources
                .withAuditConfig(PROJECT, KMS, "DATA_READ")
                .withAuditConfig(PROJECT, KMS, "DATA_WRITE")
                .withAuditConfig(PROJECT, "allServices", "DATA_WRITE", AnthropicPrincipal.MEMBER);

        assertThat(warning().reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
    }

    @Test
    void anExemptionOfSomebodyElseIsNoMatter() {
        resources
                .withAuditConfig(PROJECT, KMS, "DATA_READ", "user:anna@example.com")
                .withAuditConfig(PROJECT, KMS, "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void whereTheyAreRequiredLogsThatAreOffAreRefused() {
        assertThat(verdict(REQUIRING).refusal().map(Finding::reason)).contains(Reason.AUDIT_LOGS_OFF);
    }

    @Test
    void whereTheyAreRequiredWhatIsUnknownStaysAWarning() {
        resources.closed(PROJECT);

        CheckResult verdict = verdict(REQUIRING);

        assertThat(verdict.refusal()).isEmpty();
        assertThat(verdict.warnings()).extracting(Finding::reason).containsExactly(Reason.AUDIT_LOGS_UNKNOWN);
    }

    @Test
    void aReadThatTimesOutIsUnknown() {
        resources.silent(PROJECT);

        assertThat(warning().reason()).isEqualTo(Reason.AUDIT_LOGS_UNKNOWN);
    }

    @Test
    void whereTheyAreRequiredAReadThatTimesOutIsTriedAgain() {
        resources.silent(PROJECT);

        assertThatThrownBy(() -> verdict(REQUIRING)).isInstanceOf(TransientException.class);
    }
}
