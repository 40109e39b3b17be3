package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.check.KeyInspection;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyVersionInfo;
import cmek.fake.FakeKms;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.Mode;
import cmek.model.ProtectionLevel;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION));

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

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aMissingLabelJoinsTheOthers() {
        kms.withKey(Sample.KEY, Map.of("team", "payments", "cost", "42"), CreateKeyTest::asAsked);

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION));

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

        step.createKey(Sample.onboarding(Mode.PROVISION));

        assertThat(kms.labels(Sample.KEY))
                .containsEntry(Sample.ORGANIZATION.label().key(), "true");
    }

    @Test
    void othersAreToldHowToLabelTheirKey() {
        kms.withKey(Sample.KEY, Map.of(), CreateKeyTest::asAsked);

        Finding finding = Answers.finding(step.createKey(Sample.onboarding(Mode.VALIDATE)));

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

        Finding finding = Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION)));

        assertThat(finding.reason()).isEqualTo(Reason.LABELS_FULL);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void othersAreToldHowToCreateTheirKey() {
        Finding finding = Answers.finding(step.createKey(Sample.onboarding(Mode.VALIDATE)));

        assertThat(finding.reason()).isEqualTo(Reason.KEY_NOT_FOUND);
        assertThat(finding.remedy()).hasSize(3);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aPlanOnlySaysSo() {
        assertThat(Answers.outcome(step.createKey(Sample.onboarding(Mode.PLAN))))
                .isEqualTo(StepOutcome.WOULD_CREATE);
        kms.withKey(Sample.KEY, Map.of(), CreateKeyTest::asAsked);
        assertThat(Answers.outcome(step.createKey(Sample.onboarding(Mode.PLAN))))
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

        Finding finding = Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION)));

        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(kms.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DISABLED, KEY_VERSION_DISABLED",
        "DESTROY_SCHEDULED, KEY_VERSION_DESTROY_SCHEDULED",
        "DESTROYED, KEY_VERSION_DESTROYED",
        "SOMETHING_NEW, KEY_VERSION_DESTROYED",
    })
    void aPrimaryVersionThatCannotEncryptIsRefused(String state, Reason reason) {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.of(state)));

        Finding finding = Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION)));

        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aKeyWithoutPrimaryVersionIsRefused() {
        kms.withKey(Sample.KEY, labels(), key -> withPrimary(key, Optional.empty()));

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION)))
                        .reason())
                .isEqualTo(Reason.KEY_WITHOUT_PRIMARY);
    }

    @Test
    void settingsThatDifferAreWarnedOfAndLeft() {
        kms.withKey(Sample.KEY, Sample.LABELS, UnaryOperator.identity());

        Outcome outcome = step.createKey(Sample.onboarding(Mode.PROVISION));

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

        assertThat(Answers.finding(step.createKey(Sample.onboarding(Mode.PROVISION)))
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
                Optional.of(Duration.ofDays(60)));
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
