package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.kms.KeyManagement;
import cmek.fake.Checks;
import cmek.fake.DenyRules;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.EventTime;
import cmek.result.Status;
import cmek.simulator.AdminSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyCheckTest {

    private static final String KEY = Sample.KEY.toString();
    private static final Instant FINAL = Sample.NOW.plus(Duration.ofDays(30));
    private static final String STRANGER = """
            {"etag":"BwE=","bindings":[
              {"role":"roles/cloudkms.cryptoKeyEncrypterDecrypter","members":["%1$s","allUsers"]},
              {"role":"roles/cloudkms.viewer","members":["%1$s"]}]}
            """.formatted(AnthropicPrincipal.MEMBER);
    private static final String CONDITIONAL = """
            {"etag":"BwE=","bindings":[
              {"role":"roles/cloudkms.cryptoKeyEncrypterDecrypter","members":["%1$s"],"condition":{"title":"t","expression":"true"}},
              {"role":"roles/cloudkms.viewer","members":["%1$s"]}]}
            """.formatted(AnthropicPrincipal.MEMBER);

    private Instant now = Sample.NOW;
    private final KmsInProcess kms = Scans.healthy(() -> now);
    private final ProjectInProcess project = new ProjectInProcess();
    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator =
            admin.simulator().withKey(Scans.ID.value(), Sample.KEY.toString(), Sample.NOW);
    private final AdminApi anthropic = admin.client();

    @Test
    void aHealthyKeyIsHealthyInFourReadsAndOneRoundTrip() {
        assertThat(report().status()).isEqualTo(Status.HEALTHY);

        assertThat(kms.calls())
                .containsExactlyInAnyOrder(
                        "GetCryptoKey " + KEY,
                        "ListCryptoKeyVersions " + KEY,
                        "GetIamPolicy " + KEY,
                        "GetIamPolicy " + Sample.KEY.ring());
        assertThat(admin.calls()).containsExactly("external_keys/" + Scans.ID + "/validate");
    }

    @Test
    void aLostLabelIsUnhealthy() {
        kms.withLabels(Sample.KEY, Map.of());

        assertUnhealthy(Reason.LABEL_MISSING);
    }

    @Test
    void aLostBindingIsUnhealthy() {
        kms.withPolicy(Sample.KEY, "{}");

        assertUnhealthy(Reason.BINDING_MISSING);
    }

    @Test
    void aConditionIsNoGrant() {
        kms.withPolicy(Sample.KEY, CONDITIONAL);

        assertUnhealthy(Reason.BINDING_CONDITIONAL);
    }

    @Test
    void anUnexpectedPrincipalWhoCanDecryptIsUnhealthy() {
        kms.withPolicy(Sample.KEY, STRANGER);

        assertUnhealthy(Reason.UNEXPECTED_PRINCIPAL);
    }

    @Test
    void anUnexpectedPrincipalOfTheRingOrTheProjectIsUnhealthy() {
        project.resourceManager().bind(ProjectInProcess.PROJECT, "roles/cloudkms.cryptoKeyDecrypter", "allUsers");
        assertUnhealthy(Reason.UNEXPECTED_PRINCIPAL);
    }

    @Test
    void whatCouldNotBeReadOfOthersIsANoteAndNotAPass() {
        project.resourceManager().hide(ProjectInProcess.PROJECT);
        simulator.timeOutValidations(2);

        KeyReport report = report();

        assertThat(report.notes()).extracting(Finding::reason).containsExactly(Reason.PRINCIPALS_UNKNOWN);
        assertThat(report.message()).contains("nobody else can decrypt by the policies that could be read");
    }

    @Test
    void administratorsChangeNoStatus() {
        project.resourceManager().bind(ProjectInProcess.PROJECT, "roles/owner", "user:anna@example.com");

        KeyReport report = report();

        assertThat(report.status()).isEqualTo(Status.HEALTHY);
        assertThat(report.notes()).extracting(Finding::reason).containsExactly(Reason.UNEXPECTED_PRINCIPAL);
    }

    @Test
    void aDisabledPrimaryIsUnhealthy() {
        kms.withVersion(Sample.KEY, 1, "DISABLED");

        assertUnhealthy(Reason.KEY_VERSION_DISABLED);
    }

    @Test
    void aDisabledOlderVersionIsUnhealthyAlthoughAnthropicValidates() {
        for (int version = 2; version <= 4; version++) {
            kms.google().addVersion(KEY, version == 3);
        }
        kms.withVersion(Sample.KEY, 1, "DISABLED").withVersion(Sample.KEY, 4, "IMPORT_FAILED");

        KeyReport report = assertUnhealthy(Reason.OLD_VERSION_UNUSABLE);

        assertThat(report.message()).contains("1 is DISABLED").doesNotContain("4 is");
    }

    @Test
    void aScheduledDestructionSaysUntilWhenAndWhatIsLost() {
        kms.google().addVersion(KEY, true);
        kms.withVersion(Sample.KEY, 2, "DESTROY_SCHEDULED");
        now = now.plusSeconds(60);
        kms.withVersion(Sample.KEY, 1, "DESTROY_SCHEDULED");

        Finding worst =
                assertUnhealthy(Reason.KEY_VERSION_DESTROY_SCHEDULED).worst().orElseThrow();

        assertThat(worst.message())
                .contains("version 2 will be destroyed at " + EventTime.written(FINAL))
                .contains("data would be lost permanently in " + Sample.WORKSPACE + " (Payments)");
        assertThat(worst.remedy())
                .contains("gcloud kms keys versions restore 2 --key=payments --keyring=anthropic --location=us-east5"
                        + " --project=acme-kms-prod");
    }

    @Test
    void aKeyThatIsGoneIsUnhealthy() {
        KeyReport report = report(new KmsInProcess().client());

        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.worst().map(Finding::reason)).contains(Reason.KEY_NOT_FOUND);
    }

    @Test
    void aRotationThatDidNotHappenIsUnhealthy() {
        Instant due = Sample.NOW.minus(Duration.ofDays(2));
        kms.google().missRotation(KEY, Duration.ofDays(90), due);

        assertThat(assertUnhealthy(Reason.ROTATION_OVERDUE).message()).contains(EventTime.written(due));
    }

    @Test
    void aRotationOfThisVeryHourIsNotOverdueYet() {
        kms.google().missRotation(KEY, Duration.ofDays(90), Sample.NOW.minusSeconds(3600));

        assertThat(report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void whatAnthropicCannotUseIsUnhealthyWithItsTextAndWhatWasFoundGood() {
        simulator.timeOutValidations(2);

        assertThat(assertUnhealthy(Reason.VALIDATION_FAILED).message())
                .contains("did not finish in time")
                .contains("label " + Sample.ORGANIZATION.label())
                .contains("nobody else can decrypt");
    }

    @Test
    void aFailureThatPassesIsHealthy() {
        simulator.timeOutValidations(1);

        assertThat(report().status()).isEqualTo(Status.HEALTHY);
        assertThat(admin.calls()).hasSize(2);
    }

    @Test
    void aDenyPolicyIsTheCauseAndItsConsequenceIsNotToldBesideIt() {
        project.denyPolicies().attach(ProjectInProcess.PROJECT, "no-decrypt", DenyRules.everybody("useToDecrypt"));
        simulator.timeOutValidations(2);

        assertThat(assertUnhealthy(Reason.DENY_POLICY).message())
                .contains(
                        "no-decrypt of projects/acme-kms-prod",
                        "Anthropic cannot use the key now and says: The validation did not finish in time.");
    }

    @Test
    void denyPoliciesOfAHealthyKeyAreNotRead() {
        project.denyPolicies().attach(ProjectInProcess.PROJECT, "no-decrypt", DenyRules.everybody("useToDecrypt"));

        assertThat(report().status()).isEqualTo(Status.HEALTHY);
        assertThat(project.calls()).noneMatch(call -> call.startsWith("ListPolicies"));
    }

    /** Our own project lacks the API: that is nothing of Anthropic's. */
    @Test
    void whatOnlyWeCannotUseIsNotReached() {
        kms.google().disableApiOf("acme-kms-prod", "acme-cmek");

        KeyReport report = report();

        assertThat(report.status()).isEqualTo(Status.UNREACHABLE);
        assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.NOT_REACHED);
    }

    @Test
    void aCauseThatWasFoundIsTheOnlyFindingWithItsConsequenceInItsText() {
        kms.withLabels(Sample.KEY, Map.of());
        simulator.timeOutValidations(2);

        KeyReport report = report();

        assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.LABEL_MISSING);
        assertThat(report.message())
                .contains("Anthropic cannot use the key now and says: The validation did not finish in time.");
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        kms.withLabels(Sample.KEY, Map.of())
                .withPolicy(Sample.KEY, "{}")
                .withVersion(Sample.KEY, 1, "DESTROYED")
                .google()
                .withoutPrimary(KEY);

        assertThat(report().findings())
                .extracting(Finding::reason)
                .containsExactly(
                        Reason.OLD_VERSION_LOST,
                        Reason.KEY_WITHOUT_PRIMARY,
                        Reason.BINDING_MISSING,
                        Reason.LABEL_MISSING);
    }

    @Test
    void aKeyRevokedOnPurposeIsSkipped() {
        kms.withLabels(Sample.KEY, Map.of(KeyCheck.REVOKED, "true")).withPolicy(Sample.KEY, "{}");

        KeyReport report = report();
        assertThat(report.status()).isEqualTo(Status.REVOKED);
        assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.REVOKED_ON_PURPOSE);
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aRevokedKeyThatIsGoingToBeDestroyedIsStillTold() {
        kms.withLabels(Sample.KEY, Map.of(KeyCheck.REVOKED, "true")).withVersion(Sample.KEY, 1, "DESTROY_SCHEDULED");

        assertThat(report().findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.KEY_VERSION_DESTROY_SCHEDULED, Reason.REVOKED_ON_PURPOSE);
    }

    @Test
    void whatWeMayNotReadIsUnreachableAndNotUnhealthy() {
        kms.google().deny("cloudkms.cryptoKeys.getIamPolicy");

        KeyReport report = report();

        assertThat(report.status()).isEqualTo(Status.UNREACHABLE);
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.NOT_REACHED);
            assertThat(finding.message()).contains("PERMISSION_DENIED").contains("cryptoKeys.getIamPolicy");
        });
    }

    @Test
    void whatNobodyCanUseIsUnhealthy() {
        kms.google().disableBilling("acme-kms-prod");
        assertThat(worst()).isEqualTo(Reason.BILLING_DISABLED);

        kms.google().disableApi("acme-kms-prod");
        assertThat(worst()).isEqualTo(Reason.KMS_API_DISABLED);
    }

    private Reason worst() {
        KeyReport report = report();
        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        return report.worst().orElseThrow().reason();
    }

    @Test
    void aCredentialThatAnthropicRefusesIsUnreachable() {
        simulator.revoke(AdminSimulator.TEST_ADMIN_KEY);

        assertThat(report().status()).isEqualTo(Status.UNREACHABLE);
    }

    @Test
    void whileThereIsPatienceSilenceIsNoFinding() {
        admin.failing(504);

        assertThatThrownBy(() -> check(kms.client()).check(Scans.registered(), Optional.empty(), true, Instant.MIN))
                .isInstanceOf(TransientException.class);
    }

    @Test
    void whenPatienceEndsWhatWasSeenOfTheOtherSideStillCounts() {
        kms.withLabels(Sample.KEY, Map.of());
        admin.failing(504);

        assertThat(report().findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.LABEL_MISSING, Reason.NOT_REACHED);
    }

    private KeyReport assertUnhealthy(Reason reason) {
        KeyReport report = report();
        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.findings()).extracting(Finding::reason).containsExactly(reason);
        assertThat(report.worst().orElseThrow().remedy()).isNotEmpty();
        assertThat(kms.writes()).isEmpty();
        return report;
    }

    private KeyReport report() {
        return report(kms.client());
    }

    private KeyReport report(KeyManagement apis) {
        return KeyReport.of(
                Scans.toInspect(Scans.RUN),
                check(apis)
                        .check(Scans.registered(), Optional.empty(), false, Instant.MIN)
                        .findings(),
                Sample.NOW);
    }

    private KeyCheck check(KeyManagement apis) {
        KeyInspection inspection = new KeyInspection(apis, Sample.POLICY, Sample.ORGANIZATION);
        return new KeyCheck(
                Checks.validation(anthropic),
                Checks.denyPolicies(apis, project),
                Checks.ofKey(apis, inspection, Checks.inherited(apis, project), Sample.ORGANIZATION, Sample.CLOCK),
                Checks.subjects(anthropic, apis, inspection),
                Sample.CLOCK);
    }
}
