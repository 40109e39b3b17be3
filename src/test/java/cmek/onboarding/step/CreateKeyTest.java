package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyVersionInfo;
import cmek.fake.FakeKms;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.Mode;
import cmek.model.ProtectionLevel;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateKeyTest {

    private final FakeKms kms = new FakeKms();
    private final CreateKey step = new CreateKey(
            kms, new KeyInspection(kms, Sample.POLICY, Sample.ORGANIZATION), Sample.ORGANIZATION, Sample.CLOCK);

    private static Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(Sample.LABELS);
        labels.put("team", "payments");
        return labels;
    }

    @Test
    void anAbsentKeyIsCreatedWithItsLabelInOneCall() {
        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.CREATED);
        assertThat(Answers.onboarding(outcome).changedAt()).contains(Sample.NOW);
        assertThat(kms.writes()).containsExactly("CreateCryptoKey " + Sample.KEY);
        assertThat(kms.lastWish())
                .isEqualTo(new CryptoKeySpec(
                        ProtectionLevel.HSM,
                        labels(),
                        Optional.of(
                                new CryptoKeySpec.Rotation(Duration.ofDays(90), Sample.NOW.plus(Duration.ofDays(90)))),
                        Optional.of(Duration.ofDays(60))));
    }

    @Test
    void aSecondEntryWritesNothing() {
        kms.withKey(Sample.KEY, labels(), CreateKeyTest::asAsked);

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aMissingLabelJoinsTheOthers() {
        kms.withKey(Sample.KEY, Map.of("team", "payments", "cost", "42"), CreateKeyTest::asAsked);

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.LABELLED);
        assertThat(Answers.onboarding(outcome).changedAt()).contains(Sample.NOW);
        assertThat(kms.writes()).containsExactly("UpdateCryptoKey " + Sample.KEY);
        assertThat(kms.labels(Sample.KEY))
                .containsOnly(
                        Map.entry("team", "payments"),
                        Map.entry("cost", "42"),
                        Map.entry(Sample.ORGANIZATION.label().key(), "true"));
    }

    @Test
    void aLabelWithAnotherValueIsSet() {
        kms.withKey(Sample.KEY, Map.of(Sample.ORGANIZATION.label().key(), "false"), CreateKeyTest::asAsked);

        step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(kms.labels(Sample.KEY))
                .containsEntry(Sample.ORGANIZATION.label().key(), "true");
    }

    @Test
    void othersAreToldHowToLabelTheirKey() {
        kms.withKey(Sample.KEY, Map.of(), CreateKeyTest::asAsked);

        Finding finding =
                Answers.finding(step.createKey(Sample.onboarding(Mode.VALIDATE)).written());

        assertThat(finding.reason()).isEqualTo(Reason.LABEL_MISSING);
        assertThat(finding.remedy())
                .containsExactly("gcloud kms keys update payments --keyring=anthropic --location=us-east5"
                        + " --project=acme-kms-prod --update-labels=anthropic-org-" + Sample.ORGANIZATION + "=true");
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyWithoutRoomForTheLabelIsRefused() {
        Map<String, String> full = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            full.put("label" + i, "x");
        }
        kms.withKey(Sample.KEY, full, CreateKeyTest::asAsked);

        Finding finding = Answers.finding(
                step.createKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.LABELS_FULL);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void othersAreToldHowToCreateTheirKey() {
        Finding finding =
                Answers.finding(step.createKey(Sample.onboarding(Mode.VALIDATE)).written());

        assertThat(finding.reason()).isEqualTo(Reason.KEY_NOT_FOUND);
        assertThat(finding.remedy()).hasSize(3);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aPlanOnlySaysSo() {
        assertThat(Answers.outcome(step.createKey(Sample.onboarding(Mode.PLAN)).written()))
                .isEqualTo(StepOutcome.WOULD_CREATE);
        kms.withKey(Sample.KEY, Map.of(), CreateKeyTest::asAsked);
        assertThat(Answers.outcome(step.createKey(Sample.onboarding(Mode.PLAN)).written()))
                .isEqualTo(StepOutcome.WOULD_LABEL);
        assertThat(kms.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ASYMMETRIC_SIGN, GOOGLE_SYMMETRIC_ENCRYPTION, HSM, KEY_PURPOSE_DIFFERS",
        "ENCRYPT_DECRYPT, AES_256_GCM, HSM, KEY_ALGORITHM_DIFFERS",
        "ENCRYPT_DECRYPT, GOOGLE_SYMMETRIC_ENCRYPTION, SOFTWARE, KEY_PROTECTION_DIFFERS",
        "ENCRYPT_DECRYPT, GOOGLE_SYMMETRIC_ENCRYPTION, EXTERNAL, KEY_PROTECTION_DIFFERS",
    })
    void aKeyOfAnotherKindIsRefused(String purpose, String algorithm, String level, Reason reason) {
        kms.withKey(
                Sample.KEY,
                Map.of(),
                key -> new CryptoKeyInfo(
                        key.name(),
                        purpose,
                        algorithm,
                        level,
                        Map.of(),
                        key.primary(),
                        Optional.empty(),
                        Optional.empty()));

        Finding finding = Answers.finding(
                step.createKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(kms.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DISABLED, KEY_VERSION_DISABLED",
        "DESTROY_SCHEDULED, KEY_VERSION_DESTROY_SCHEDULED",
        "DESTROYED, KEY_VERSION_DESTROYED",
        "SOMETHING_NEW, KEY_VERSION_DISABLED",
        "GENERATION_FAILED, KEY_VERSION_GENERATION_FAILED",
        "IMPORT_FAILED, KEY_VERSION_GENERATION_FAILED",
    })
    void aPrimaryVersionThatCannotEncryptIsRefused(String state, Reason reason) {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.of(state)));

        Finding finding = Answers.finding(
                step.createKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyWithoutPrimaryVersionIsRefused() {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.empty()));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_WITHOUT_PRIMARY);
    }

    @Test
    void aVersionThatIsEnabledBecomesThePrimaryOne() {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.empty()))
                .withVersions(
                        Sample.KEY,
                        List.of(
                                Scans.version(1, "ENABLED"),
                                Scans.version(2, "ENABLED"),
                                Scans.version(3, "DISABLED")));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .remedy())
                .containsExactly("gcloud kms keys set-primary-version payments --version=2 --keyring=anthropic"
                        + " --location=us-east5 --project=acme-kms-prod");
    }

    @Test
    void aVersionThatIsDisabledIsEnabledFirst() {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.of("DESTROYED")))
                .withVersions(Sample.KEY, List.of(Scans.version(1, "DESTROYED"), Scans.version(2, "DISABLED")));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .remedy())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("gcloud kms keys versions enable 2 --key=payments"),
                        line -> assertThat(line).startsWith("gcloud kms keys set-primary-version payments --version=2"),
                        line -> assertThat(line).contains("ask Anthropic's support"));
    }

    @Test
    void anImportOnlyKeyIsHelpedByAnImport() {
        kms.withKey(Sample.KEY, labels(), key -> importOnly(withPrimary(key, Optional.empty())));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .remedy())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("import key material")
                        .contains("gcloud kms keys versions import --key=payments")
                        .doesNotContain("versions create"));
    }

    @Test
    void versionsThatMayNotBeReadLeaveTheReasonAsItIs() {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.empty()))
                .refusing("ListCryptoKeyVersions", ProjectFindings.permissionDenied(null, "the key"));

        Finding finding = Answers.finding(
                step.createKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.KEY_WITHOUT_PRIMARY);
        assertThat(finding.remedy().get(0)).startsWith("gcloud kms keys versions list --key=payments");
    }

    @Test
    void aPrimaryVersionThatIsStillGeneratedIsAskedForAgain() {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.of("PENDING_GENERATION")));

        assertThatThrownBy(
                        () -> step.createKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("this passes by itself");
    }

    @Test
    void aPolicyThatDeniesEveryUseIsRefused() {
        kms.withKey(Sample.KEY, labels(), key -> allowing(key, Set.of()));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_ACCESS_JUSTIFICATIONS);
    }

    @Test
    void aPolicyThatMayAllowAnthropicsUseIsANotice() {
        kms.withKey(Sample.KEY, Sample.LABELS, key -> asAsked(allowing(key, Set.of("CUSTOMER_INITIATED_ACCESS"))));

        assertThat(Answers.onboarding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .warnings())
                .filteredOn(warning -> warning.reason() == Reason.KEY_ACCESS_JUSTIFICATIONS)
                .singleElement()
                .satisfies(warning -> assertThat(warning.severity()).isEqualTo(Severity.NOTICE));
    }

    @Test
    void aNameThatIsTakenByADeletedKeyIsToldAsRetired() {
        kms.withoutKey(Sample.KEY, Sample.NOW);

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_NAME_RETIRED);
    }

    @Test
    void aNameThatIsTakenForAReasonThatMayNotBeKnownIsAskedForAgain() {
        kms.withoutKey(Sample.KEY, Sample.NOW)
                .refusing("ListRetiredResources", ProjectFindings.permissionDenied(null, "the location"));

        assertThatThrownBy(
                        () -> step.createKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class);
    }

    @Test
    void settingsThatDifferAreWarnedOfAndLeft() {
        kms.withKey(Sample.KEY, Sample.LABELS, UnaryOperator.identity());

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.KEY_SETTINGS_DIFFER);
            assertThat(warning.message())
                    .contains("rotation period is not set, not P90D")
                    .contains("destroy scheduled duration is not set, not P60D")
                    .contains("label team is absent, not payments");
        });
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyThatAppearsInBetweenIsCompared() {
        kms.beforeWrite(() -> kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.of("DISABLED"))));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_VERSION_DISABLED);
    }

    private static CryptoKeyInfo asAsked(CryptoKeyInfo key) {
        return new CryptoKeyInfo(
                key.name(),
                key.purpose(),
                key.algorithm(),
                key.protectionLevel(),
                key.labels(),
                key.primary(),
                Optional.of(Duration.ofDays(90)),
                Optional.of(Duration.ofDays(60)),
                Optional.empty(),
                key.importOnly(),
                key.allowedAccessReasons());
    }

    private static CryptoKeyInfo importOnly(CryptoKeyInfo key) {
        return changed(key, true, key.allowedAccessReasons());
    }

    private static CryptoKeyInfo allowing(CryptoKeyInfo key, Set<String> reasons) {
        return changed(key, key.importOnly(), Optional.of(reasons));
    }

    private static CryptoKeyInfo changed(CryptoKeyInfo key, boolean importOnly, Optional<Set<String>> reasons) {
        return new CryptoKeyInfo(
                key.name(),
                key.purpose(),
                key.algorithm(),
                key.protectionLevel(),
                key.labels(),
                key.primary(),
                key.rotationPeriod(),
                key.destroyScheduledDuration(),
                key.nextRotationTime(),
                importOnly,
                reasons);
    }

    private static CryptoKeyInfo withPrimary(CryptoKeyInfo key, Optional<String> state) {
        return new CryptoKeyInfo(
                key.name(),
                key.purpose(),
                key.algorithm(),
                key.protectionLevel(),
                key.labels(),
                state.map(word -> new KeyVersionInfo(1, word, "HSM", "GOOGLE_SYMMETRIC_ENCRYPTION", Optional.empty())),
                Optional.empty(),
                Optional.empty());
    }
}
