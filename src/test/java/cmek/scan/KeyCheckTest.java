package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.DenyPolicyLookup;
import cmek.check.KeyInspection;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.kms.KeyManagement;
import cmek.fake.Checks;
import cmek.fake.DenyRules;
import cmek.fake.FakeDenyPolicies;
import cmek.fake.FakeKms;
import cmek.fake.FakeResources;
import cmek.fake.KmsOfReads;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.EventTime;
import cmek.result.Status;
import cmek.simulator.AdminSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyCheckTest {

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

    private final FakeKms kms = Scans.healthy();
    private final FakeResources resources = new FakeResources();
    private final FakeDenyPolicies denyPolicies = new FakeDenyPolicies();
    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator =
            admin.simulator().withKey(Scans.ID.value(), Sample.KEY.toString(), Sample.NOW);
    private final AdminApi anthropic = admin.client();

    @Test
    void aHealthyKeyIsHealthyInFourReadsAndOneRoundTrip() {
        KmsOfReads counted = new KmsOfReads(kms);

        assertThat(report(counted).status()).isEqualTo(Status.HEALTHY);

        assertThat(counted.reads())
                .containsExactlyInAnyOrder(
                        "GetCryptoKey", "ListCryptoKeyVersions", "GetIamPolicy", "GetKeyRingIamPolicy");
        assertThat(admin.calls()).containsExactly("external_keys/" + Scans.ID + "/validate");
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aLostLabelIsUnhealthy() {
        kms.withKey(Sample.KEY, Map.of(), key -> key);

        assertUnhealthy(Reason.LABEL_MISSING);
    }

    @Test
    void aLostBindingIsUnhealthy() {
        kms.withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);

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
        resources.withBinding("projects/acme-kms-prod", "roles/cloudkms.cryptoKeyDecrypter", "allUsers");
        assertUnhealthy(Reason.UNEXPECTED_PRINCIPAL);
    }

    @Test
    void whatCouldNotBeReadOfOthersIsANoteAndNotAPass() {
        resources.closed("projects/acme-kms-prod");
        simulator.timeOutValidations(2);

        KeyReport report = report(kms);

        assertThat(report.notes()).extracting(Finding::reason).containsExactly(Reason.PRINCIPALS_UNKNOWN);
        assertThat(report.message()).contains("nobody else can decrypt by the policies that could be read");
    }

    @Test
    void administratorsChangeNoStatus() {
        resources.withBinding("projects/acme-kms-prod", "roles/owner", "user:anna@example.com");

        KeyReport report = report(kms);

        assertThat(report.status()).isEqualTo(Status.HEALTHY);
        assertThat(report.notes()).extracting(Finding::reason).containsExactly(Reason.UNEXPECTED_PRINCIPAL);
    }

    @Test
    void aDisabledPrimaryIsUnhealthy() {
        kms.withKey(
                Sample.KEY, Sample.LABELS, key -> Scans.withPrimary(key, Optional.of(Scans.version(1, "DISABLED"))));

        assertUnhealthy(Reason.KEY_VERSION_DISABLED);
    }

    @Test
    void aDisabledOlderVersionIsUnhealthyAlthoughAnthropicValidates() {
        kms.withKey(Sample.KEY, Sample.LABELS, key -> Scans.withPrimary(key, Optional.of(Scans.version(3, "ENABLED"))))
                .withVersions(
                        Sample.KEY,
                        List.of(
                                Scans.version(1, "DISABLED"),
                                Scans.version(2, "ENABLED"),
                                Scans.version(3, "ENABLED"),
                                Scans.version(4, "IMPORT_FAILED")));

        KeyReport report = assertUnhealthy(Reason.OLD_VERSION_UNUSABLE);

        assertThat(report.message()).contains("1 is DISABLED").doesNotContain("4 is");
    }

    @Test
    void aScheduledDestructionSaysUntilWhenAndWhatIsLost() {
        kms.withKey(
                        Sample.KEY,
                        Sample.LABELS,
                        key -> Scans.withPrimary(
                                key, Optional.of(Scans.version(2, "DESTROY_SCHEDULED", Optional.of(FINAL)))))
                .withVersions(
                        Sample.KEY,
                        List.of(
                                Scans.version(1, "DESTROY_SCHEDULED", Optional.of(FINAL.plusSeconds(60))),
                                Scans.version(2, "DESTROY_SCHEDULED", Optional.of(FINAL))));

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
        KeyReport report = report(new FakeKms());

        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.worst().map(Finding::reason)).contains(Reason.KEY_NOT_FOUND);
    }

    @Test
    void aRotationThatDidNotHappenIsUnhealthy() {
        Instant due = Sample.NOW.minus(Duration.ofDays(2));
        kms.withKey(Sample.KEY, Sample.LABELS, key -> Scans.withNextRotation(key, due));

        assertThat(assertUnhealthy(Reason.ROTATION_OVERDUE).message()).contains(EventTime.written(due));
    }

    @Test
    void aRotationOfThisVeryHourIsNotOverdueYet() {
        kms.withKey(Sample.KEY, Sample.LABELS, key -> Scans.withNextRotation(key, Sample.NOW.minusSeconds(3600)));

        assertThat(report(kms).status()).isEqualTo(Status.HEALTHY);
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

        assertThat(report(kms).status()).isEqualTo(Status.HEALTHY);
        assertThat(admin.calls()).hasSize(2);
    }

    @Test
    void aDenyPolicyIsTheCauseAndItsConsequenceIsNotToldBesideIt() {
        denyPolicies.with("projects/acme-kms-prod", "no-decrypt", DenyRules.everybody("useToDecrypt"));
        simulator.timeOutValidations(2);

        assertThat(assertUnhealthy(Reason.DENY_POLICY).message())
                .contains(
                        "no-decrypt of projects/acme-kms-prod",
                        "Anthropic cannot use the key now and says: The validation did not finish in time.");
    }

    @Test
    void denyPoliciesOfAHealthyKeyAreNotRead() {
        denyPolicies.with("projects/acme-kms-prod", "no-decrypt", DenyRules.everybody("useToDecrypt"));

        assertThat(report(kms).status()).isEqualTo(Status.HEALTHY);
        assertThat(denyPolicies.reads()).isEmpty();
    }

    /** Our own project lacks the API: that is nothing of Anthropic's. */
    @Test
    void whatOnlyWeCannotUseIsNotReached() {
        kms.refusing("GetCryptoKey", ProjectFindings.kmsApiDisabled("acme-kms-prod", Optional.of("acme-cmek")));

        KeyReport report = report(kms);

        assertThat(report.status()).isEqualTo(Status.UNREACHABLE);
        assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.NOT_REACHED);
    }

    @Test
    void aCauseThatWasFoundIsTheOnlyFindingWithItsConsequenceInItsText() {
        kms.withKey(Sample.KEY, Map.of(), key -> key);
        simulator.timeOutValidations(2);

        KeyReport report = report(kms);

        assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.LABEL_MISSING);
        assertThat(report.message())
                .contains("Anthropic cannot use the key now and says: The validation did not finish in time.");
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        kms.withKey(Sample.KEY, Map.of(), key -> Scans.withPrimary(key, Optional.empty()))
                .withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY)
                .withVersions(Sample.KEY, List.of(Scans.version(1, "DESTROYED")));

        assertThat(report(kms).findings())
                .extracting(Finding::reason)
                .containsExactly(
                        Reason.OLD_VERSION_LOST,
                        Reason.KEY_WITHOUT_PRIMARY,
                        Reason.BINDING_MISSING,
                        Reason.LABEL_MISSING);
    }

    @Test
    void aKeyRevokedOnPurposeIsSkipped() {
        Map<String, String> labels = new HashMap<>(Map.of(KeyCheck.REVOKED, "true"));
        kms.withKey(Sample.KEY, labels, key -> key).withPolicy(Sample.KEY, FakeKms.EMPTY_POLICY);

        KeyReport report = report(kms);
        assertThat(report.status()).isEqualTo(Status.REVOKED);
        assertThat(report.findings()).extracting(Finding::reason).containsExactly(Reason.REVOKED_ON_PURPOSE);
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aRevokedKeyThatIsGoingToBeDestroyedIsStillTold() {
        kms.withKey(Sample.KEY, Map.of(KeyCheck.REVOKED, "true"), key -> key)
                .withVersions(Sample.KEY, List.of(Scans.version(1, "DESTROY_SCHEDULED", Optional.of(FINAL))));

        assertThat(report(kms).findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.KEY_VERSION_DESTROY_SCHEDULED, Reason.REVOKED_ON_PURPOSE);
    }

    @Test
    void whatWeMayNotReadIsUnreachableAndNotUnhealthy() {
        KeyReport report = report(new KmsOfReads(kms)
                .failing(
                        "GetIamPolicy",
                        new PermanentException(
                                ProjectFindings.permissionDenied("cloudkms.cryptoKeys.getIamPolicy", "the key"))));

        assertThat(report.status()).isEqualTo(Status.UNREACHABLE);
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.NOT_REACHED);
            assertThat(finding.message()).contains("PERMISSION_DENIED").contains("cryptoKeys.getIamPolicy");
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"KMS_API_DISABLED", "BILLING_DISABLED"})
    void whatNobodyCanUseIsUnhealthy(Reason reason) {
        KeyReport report = report(new KmsOfReads(kms)
                .failing("GetCryptoKey", new PermanentException(new Finding(reason, "off", List.of("on")))));

        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.worst().map(Finding::reason)).contains(reason);
    }

    @Test
    void aCredentialThatAnthropicRefusesIsUnreachable() {
        simulator.revoke(AdminSimulator.TEST_ADMIN_KEY);

        assertThat(report(kms).status()).isEqualTo(Status.UNREACHABLE);
    }

    @Test
    void whileThereIsPatienceSilenceIsNoFinding() {
        admin.failing(504);

        assertThatThrownBy(() -> check(kms).check(Scans.registered(), Optional.empty(), true, Instant.MIN))
                .isInstanceOf(TransientException.class);
    }

    @Test
    void whenPatienceEndsWhatWasSeenOfTheOtherSideStillCounts() {
        kms.withKey(Sample.KEY, Map.of(), key -> key);
        admin.failing(504);

        assertThat(report(kms).findings())
                .extracting(Finding::reason)
                .containsExactly(Reason.LABEL_MISSING, Reason.NOT_REACHED);
    }

    private KeyReport assertUnhealthy(Reason reason) {
        KeyReport report = report(kms);
        assertThat(report.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.findings()).extracting(Finding::reason).containsExactly(reason);
        assertThat(report.worst().orElseThrow().remedy()).isNotEmpty();
        assertThat(kms.writes()).isEmpty();
        return report;
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
                new DenyPolicyLookup(denyPolicies, Checks.inherited(apis, resources), Sample.CALLS),
                Checks.ofKey(apis, inspection, Checks.inherited(apis, resources), Sample.ORGANIZATION, Sample.CLOCK),
                Checks.subjects(anthropic, apis, inspection),
                Sample.CLOCK);
    }
}
