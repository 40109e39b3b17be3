package cmek.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.Mode;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.simulator.ResourceManagerSimulator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private final ProjectInProcess project = new ProjectInProcess();
    private final ResourceManagerSimulator resources = project.resourceManager();

    AuditLogCheckTest() {
        resources.auditConfigs(PROJECT, JsonNodeFactory.instance.arrayNode());
    }

    /** Turns one log of the project on, but for some. */
    private void auditExcept(String service, String logType, String... exempted) {
        resources.audit(PROJECT, service, logType);
        ArrayNode configs = (ArrayNode) resources.policy(PROJECT).path("auditConfigs");
        ArrayNode members =
                ((ObjectNode) configs.path(configs.size() - 1).at("/auditLogConfigs/0")).putArray("exemptedMembers");
        List.of(exempted).forEach(members::add);
        resources.auditConfigs(PROJECT, configs);
    }

    private CheckResult verdict(Policy policy) {
        KeyManagement kms = new KmsInProcess().client();
        return new AuditLogCheck(Checks.inherited(kms, project), new SideBySide(Runnable::run), policy)
                .begin(Checks.subjects(
                                new AdminApiInProcess().client(),
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
        project.in("folders/7", "organizations/42");
        resources.audit(PROJECT, KMS, "DATA_READ", "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
        assertThat(project.calls()).containsExactly("GetIamPolicy " + PROJECT);
    }

    @Test
    void logsOfAllServicesAreUnitedWithThoseOfCloudKms() {
        resources.audit(PROJECT, "allServices", "DATA_READ").audit(PROJECT, KMS, "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void logsOfAnotherServiceDoNotCount() {
        resources.audit(PROJECT, "storage.googleapis.com", "DATA_READ").audit(PROJECT, KMS, "DATA_WRITE");

        Finding finding = warning();

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
        assertThat(finding.message()).startsWith("the audit logs DATA_READ of cloudkms.googleapis.com are off");
    }

    @Test
    void logsAreInheritedFromFolderAndOrganization() {
        project.in("folders/7", "organizations/42");
        resources.audit("folders/7", KMS, "DATA_READ").audit("organizations/42", "allServices", "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void whatNobodyTurnsOnIsOffAndTheCommandsTurnItOn() {
        project.in("organizations/42");

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
        project.in("organizations/42").resourceManager().hide("organizations/42");

        Finding finding = warning();

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_UNKNOWN);
        assertThat(finding.message()).contains("GetIamPolicy on organizations/42 answered 403");
    }

    @Test
    void aFolderThatMayNotBeReadDoesNotHideTheProjectsOwnLogs() {
        project.in("folders/7", "organizations/42");
        resources.hide("folders/7").audit(PROJECT, KMS, "DATA_READ", "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void anExemptionOfAnthropicLeavesNoTrace() {
        auditExcept(KMS, "DATA_READ", "user:anna@example.com", AnthropicPrincipal.MEMBER);
        resources.audit(PROJECT, KMS, "DATA_WRITE");

        Finding finding = warning();

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
        assertThat(finding.message()).contains("exempts " + AnthropicPrincipal.MEMBER);
    }

    @Test
    void anExemptionInAllServicesCountsForCloudKmsToo() {
        resources.audit(PROJECT, KMS, "DATA_READ", "DATA_WRITE");
        auditExcept("allServices", "DATA_WRITE", AnthropicPrincipal.MEMBER);

        assertThat(warning().reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
    }

    @Test
    void anExemptionOfSomebodyElseIsNoMatter() {
        auditExcept(KMS, "DATA_READ", "user:anna@example.com");
        resources.audit(PROJECT, KMS, "DATA_WRITE");

        assertThat(verdict(Sample.POLICY)).isEqualTo(CheckResult.CLEAR);
    }

    @Test
    void whereTheyAreRequiredLogsThatAreOffAreRefused() {
        assertThat(verdict(REQUIRING).refusal().map(Finding::reason)).contains(Reason.AUDIT_LOGS_OFF);
    }

    @Test
    void whereTheyAreRequiredWhatIsUnknownStaysAWarning() {
        resources.hide(PROJECT);

        CheckResult verdict = verdict(REQUIRING);

        assertThat(verdict.refusal()).isEmpty();
        assertThat(verdict.warnings()).extracting(Finding::reason).containsExactly(Reason.AUDIT_LOGS_UNKNOWN);
    }

    @Test
    void aReadThatTimesOutIsUnknown() {
        project.silent(PROJECT);

        assertThat(warning().reason()).isEqualTo(Reason.AUDIT_LOGS_UNKNOWN);
    }

    @Test
    void whereTheyAreRequiredAReadThatTimesOutIsTriedAgain() {
        project.silent(PROJECT);

        assertThatThrownBy(() -> verdict(REQUIRING)).isInstanceOf(TransientException.class);
    }
}
