package cmek.finding;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.finding.KeyFindings.Candidates;
import cmek.model.AnthropicPrincipal;
import cmek.model.Mode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GcloudCommandsTest {

    private static final String WHERE = " --keyring=anthropic --location=us-east5 --project=acme-kms-prod";

    private static final Candidates UNKNOWN = new Candidates(false, "HSM", Optional.empty());

    private static KeyFindings.VersionState version(long number, String state) {
        return new KeyFindings.VersionState(number, state);
    }

    @Test
    void aMissingRingIsFixedByTheGuidesOwnCommands() {
        String binding =
                "gcloud kms keys add-iam-policy-binding payments" + WHERE + " --member=" + AnthropicPrincipal.MEMBER;

        assertThat(KeyFindings.keyRingNotFound(
                                Sample.request(Mode.VALIDATE, Sample.KEY), Sample.ORGANIZATION.label(), Sample.NOW)
                        .remedy())
                .containsExactly(
                        "gcloud kms keyrings create anthropic --location=us-east5 --project=acme-kms-prod",
                        "gcloud kms keys create payments" + WHERE + " --purpose=encryption --protection-level=hsm"
                                + " --rotation-period=90d --next-rotation-time=2027-02-21T02:00:00Z"
                                + " --destroy-scheduled-duration=60d"
                                + " --labels=anthropic-org-3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13=true,team=payments",
                        binding + " --role=roles/cloudkms.cryptoKeyEncrypterDecrypter --condition=None",
                        binding + " --role=roles/cloudkms.viewer --condition=None");
    }

    @Test
    void aMissingLabelIsMerged() {
        assertThat(KeyFindings.labelMissing(Sample.KEY, Sample.ORGANIZATION.label())
                        .remedy())
                .containsExactly("gcloud kms keys update payments" + WHERE
                        + " --update-labels=anthropic-org-3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13=true");
    }

    @Test
    void aDisabledVersionIsEnabled() {
        assertThat(KeyFindings.primaryUnusable(Sample.KEY, version(3, "DISABLED"), null, UNKNOWN)
                        .remedy())
                .containsExactly("gcloud kms keys versions enable 3 --key=payments" + WHERE);
    }

    @Test
    void aVersionWhoseDestructionIsScheduledIsRestoredFirst() {
        Finding finding = KeyFindings.primaryUnusable(Sample.KEY, version(3, "DESTROY_SCHEDULED"), Sample.NOW, UNKNOWN);

        assertThat(finding.reason()).isEqualTo(Reason.KEY_VERSION_DESTROY_SCHEDULED);
        assertThat(finding.message()).contains("2026-11-23T02:00:00.000Z");
        assertThat(finding.remedy())
                .containsExactly(
                        "gcloud kms keys versions restore 3 --key=payments" + WHERE,
                        "gcloud kms keys versions enable 3 --key=payments" + WHERE);
    }

    @Test
    void aDestroyedVersionCanOnlyBeReplaced() {
        Finding finding = KeyFindings.primaryUnusable(
                Sample.KEY,
                version(3, "DESTROYED"),
                null,
                new Candidates(false, "HSM", Optional.of(List.of(version(3, "DESTROYED")))));

        assertThat(finding.reason()).isEqualTo(Reason.KEY_VERSION_DESTROYED);
        assertThat(finding.remedy())
                .containsExactly(
                        "gcloud kms keys versions create --key=payments" + WHERE + " --primary",
                        "with it new data can be encrypted again; for data under the destroyed version, ask Anthropic's"
                                + " support what can still be read");
    }

    @Test
    void eachOldVersionIsFixedAsItsStateAllows() {
        assertThat(KeyFindings.oldVersionUnusable(
                                Sample.KEY,
                                List.of(
                                        new KeyFindings.VersionState(1, "DESTROYED"),
                                        new KeyFindings.VersionState(2, "DISABLED"),
                                        new KeyFindings.VersionState(3, "DESTROY_SCHEDULED")))
                        .remedy())
                .startsWith(
                        "gcloud kms keys versions enable 2 --key=payments" + WHERE,
                        "gcloud kms keys versions restore 3 --key=payments" + WHERE,
                        "gcloud kms keys versions enable 3 --key=payments" + WHERE)
                .hasSize(4);
    }

    @Test
    void whatAForeignAnswerNamesIsQuotedForTheShell() {
        Finding finding = ProjectFindings.constraintViolated(
                "SetIamPolicy", "a key", "acme-kms-prod", "constraints/x; rm -rf #'$(id)`");

        assertThat(finding.remedy().get(0))
                .isEqualTo("gcloud org-policies describe 'x; rm -rf #'\\''$(id)`' --effective"
                        + " --project=acme-kms-prod");
    }

    @Test
    void aProjectIsQuotedWhereverItComesFrom() {
        assertThat(ProjectFindings.kmsApiDisabled("a b").remedy())
                .containsExactly("gcloud services enable cloudkms.googleapis.com '--project=a b'");
        assertThat(ProjectFindings.billingDisabled("$HOME").remedy())
                .containsExactly("gcloud billing projects link '$HOME' --billing-account=BILLING_ACCOUNT_ID");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "payments|payments",
                "--member=serviceAccount:a@b.c|--member=serviceAccount:a@b.c",
                "a b|'a b'",
                "it's|'it'\\''s'",
                "$(id)|'$(id)'",
                "a;b|'a;b'",
                "a&b|'a&b'",
                "*|'*'",
                "a\\b|'a\\b'",
                "!x|'!x'"
            })
    void argumentsAreQuotedWhereAShellWouldReadThem(String argument, String quoted) {
        assertThat(GcloudCommands.quote(argument)).isEqualTo(quoted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\t", "ä"})
    void whatIsOutOfTheOrdinaryIsQuoted(String argument) {
        assertThat(GcloudCommands.quote(argument)).isEqualTo("'" + argument + "'");
    }

    /** Pub/Sub refuses a message that has neither data nor attributes. */
    @Test
    void aScanIsStartedByAMessageThatPubSubAccepts() {
        assertThat(ScanFindings.notAllSeen(2, 15)).satisfies(finding -> {
            assertThat(finding.message()).isEqualTo("2 of 15 keys were not checked in time");
            assertThat(finding.remedy())
                    .last()
                    .isEqualTo("gcloud pubsub topics publish cmek-scan --attribute=trigger=manual");
        });
    }
}
