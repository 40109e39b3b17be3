package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.fake.KmsInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.Mode;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateKeyTest {

    private static final String KEY = Sample.KEY.toString();
    private static final String AS_ASKED = """
            {"rotationPeriod":"7776000s","nextRotationTime":"2027-01-01T00:00:00Z","destroyScheduledDuration":"5184000s"}""";

    private final KmsInProcess kms = new KmsInProcess().withRing(Sample.KEY.ring());
    private final CreateKey step = new CreateKey(
            kms.client(),
            new KeyInspection(kms.client(), Sample.POLICY, Sample.ORGANIZATION),
            Sample.ORGANIZATION,
            Sample.CLOCK);

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
        assertThat(kms.client().cryptoKey(Sample.KEY)).hasValueSatisfying(key -> {
            assertThat(key.protectionLevel()).isEqualTo("HSM");
            assertThat(key.labels()).isEqualTo(labels());
            assertThat(key.rotationPeriod()).contains(Duration.ofDays(90));
            assertThat(key.nextRotationTime()).contains(Sample.NOW.plus(Duration.ofDays(90)));
            assertThat(key.destroyScheduledDuration()).contains(Duration.ofDays(60));
        });
    }

    @Test
    void aSecondEntryWritesNothing() {
        kms.withKey(Sample.KEY, labels(), AS_ASKED);

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aMissingLabelJoinsTheOthers() {
        kms.withKey(Sample.KEY, Map.of("team", "payments", "cost", "42"), AS_ASKED);

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.LABELLED);
        assertThat(Answers.onboarding(outcome).changedAt()).contains(Sample.NOW);
        assertThat(kms.writes()).containsExactly("UpdateCryptoKey " + Sample.KEY);
        assertThat(kms.google().labels(KEY))
                .containsOnly(
                        Map.entry("team", "payments"),
                        Map.entry("cost", "42"),
                        Map.entry(Sample.ORGANIZATION.label().key(), "true"));
    }

    @Test
    void aLabelWithAnotherValueIsSet() {
        kms.withKey(Sample.KEY, Map.of(Sample.ORGANIZATION.label().key(), "false"), AS_ASKED);

        step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(kms.google().labels(KEY))
                .containsEntry(Sample.ORGANIZATION.label().key(), "true");
    }

    @Test
    void othersAreToldHowToLabelTheirKey() {
        kms.withKey(Sample.KEY, Map.of(), AS_ASKED);

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
        kms.withKey(Sample.KEY, full, AS_ASKED);

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
        kms.withKey(Sample.KEY, Map.of(), AS_ASKED);
        assertThat(Answers.outcome(step.createKey(Sample.onboarding(Mode.PLAN)).written()))
                .isEqualTo(StepOutcome.WOULD_LABEL);
        assertThat(kms.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ASYMMETRIC_SIGN, EC_SIGN_P256_SHA256, HSM, KEY_PURPOSE_DIFFERS",
        "RAW_ENCRYPT_DECRYPT, AES_256_GCM, HSM, KEY_PURPOSE_DIFFERS",
        "ENCRYPT_DECRYPT, EXTERNAL_SYMMETRIC_ENCRYPTION, EXTERNAL, KEY_ALGORITHM_DIFFERS",
        "ENCRYPT_DECRYPT, GOOGLE_SYMMETRIC_ENCRYPTION, SOFTWARE, KEY_PROTECTION_DIFFERS",
    })
    void aKeyOfAnotherKindIsRefused(String purpose, String algorithm, String level, Reason reason) {
        kms.withKey(Sample.KEY, Map.of(), """
                {"purpose":"%s","versionTemplate":{"algorithm":"%s","protectionLevel":"%s"}}
                """.formatted(purpose, algorithm, level));

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
        "GENERATION_FAILED, KEY_VERSION_GENERATION_FAILED",
        "IMPORT_FAILED, KEY_VERSION_GENERATION_FAILED",
    })
    void aPrimaryVersionThatCannotEncryptIsRefused(String state, Reason reason) {
        kms.withKey(Sample.KEY, labels()).withVersion(Sample.KEY, 1, state);

        Finding finding = Answers.finding(
                step.createKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyWithoutPrimaryVersionIsRefused() {
        kms.withKey(Sample.KEY, labels()).google().withoutPrimary(KEY);

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_WITHOUT_PRIMARY);
    }

    @Test
    void aVersionThatIsEnabledBecomesThePrimaryOne() {
        kms.withKey(Sample.KEY, labels()).google().withoutPrimary(KEY).addVersion(KEY, false);
        kms.google().addVersion(KEY, false);
        kms.withVersion(Sample.KEY, 3, "DISABLED");

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .remedy())
                .containsExactly("gcloud kms keys set-primary-version payments --version=2 --keyring=anthropic"
                        + " --location=us-east5 --project=acme-kms-prod");
    }

    @Test
    void aVersionThatIsDisabledIsEnabledFirst() {
        kms.withKey(Sample.KEY, labels()).google().addVersion(KEY, false);
        kms.withVersion(Sample.KEY, 1, "DESTROYED").withVersion(Sample.KEY, 2, "DISABLED");

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
        kms.withKey(Sample.KEY, labels(), "{\"importOnly\":true}");

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
        kms.withKey(Sample.KEY, labels()).google().withoutPrimary(KEY).deny("cloudkms.cryptoKeyVersions.list");

        Finding finding = Answers.finding(
                step.createKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.KEY_WITHOUT_PRIMARY);
        assertThat(finding.remedy().get(0)).startsWith("gcloud kms keys versions list --key=payments");
    }

    @Test
    void aPrimaryVersionThatIsStillGeneratedIsAskedForAgain() {
        kms.withKey(Sample.KEY, labels()).withVersion(Sample.KEY, 1, "PENDING_GENERATION");

        assertThatThrownBy(
                        () -> step.createKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("this passes by itself");
    }

    @Test
    void aPolicyThatDeniesEveryUseIsRefused() {
        kms.withKey(Sample.KEY, labels()).google().allowAccessReasons(KEY);

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_ACCESS_JUSTIFICATIONS);
    }

    @Test
    void aPolicyThatMayAllowAnthropicsUseIsANotice() {
        kms.withKey(Sample.KEY, Sample.LABELS, AS_ASKED).google().allowAccessReasons(KEY, "CUSTOMER_INITIATED_ACCESS");

        assertThat(Answers.onboarding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .warnings())
                .filteredOn(warning -> warning.reason() == Reason.KEY_ACCESS_JUSTIFICATIONS)
                .singleElement()
                .satisfies(warning -> assertThat(warning.severity()).isEqualTo(Severity.NOTICE));
    }

    @Test
    void aNameThatIsTakenByADeletedKeyIsToldAsRetired() {
        kms.withDeletedKey(Sample.KEY);

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_NAME_RETIRED);
    }

    @Test
    void aNameThatIsTakenForAReasonThatMayNotBeKnownIsAskedForAgain() {
        kms.withDeletedKey(Sample.KEY).google().deny("cloudkms.retiredResources.list");

        assertThatThrownBy(
                        () -> step.createKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class);
    }

    @Test
    void settingsThatDifferAreWarnedOfAndLeft() {
        kms.withKey(Sample.KEY, Sample.LABELS);

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.KEY_SETTINGS_DIFFER);
            assertThat(warning.message())
                    .contains("rotation period is not set, not P90D")
                    .contains("destroy scheduled duration is P30D, not P60D")
                    .contains("label team is absent, not payments");
        });
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyThatAppearsInBetweenIsCompared() {
        kms.beforeWrites(1, () -> kms.withKey(Sample.KEY, labels()).withVersion(Sample.KEY, 1, "DISABLED"));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .reason())
                .isEqualTo(Reason.KEY_VERSION_DISABLED);
    }
}
