package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.Policies;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.Mode;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import cmek.simulator.Faults;
import cmek.simulator.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantAccessTest {

    private static final String CONDITIONAL = """
            {"version":3,"etag":"BwE=","auditConfigs":[{"service":"allServices"}],"bindings":[
              {"role":"roles/cloudkms.cryptoKeyEncrypterDecrypter","members":["%s"],
               "condition":{"title":"until friday","expression":"request.time < timestamp('2026-11-27T00:00:00Z')"}},
              {"role":"roles/cloudkms.viewer","members":["user:anna@example.com"]}]}
            """.formatted(AnthropicPrincipal.MEMBER);

    private final KmsInProcess kms = new KmsInProcess().withKey(Sample.KEY, Sample.LABELS);
    private final GrantAccess step = new GrantAccess(
            kms.client(),
            new KeyInspection(kms.client(), Sample.POLICY, Sample.ORGANIZATION),
            Checks.principals(),
            Checks.inherited(kms.client()),
            Sample.CLOCK);

    @Test
    void bothRolesAreGrantedInOneWrite() {
        Outcome outcome = step.grantAccess(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.GRANTED);
        assertThat(Answers.onboarding(outcome).changedAt()).contains(Sample.NOW);
        assertThat(kms.writes()).containsExactly("SetIamPolicy " + Sample.KEY);
        assertThat(kms.client()
                        .policy(Sample.KEY)
                        .grants(AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.MEMBER))
                .isTrue();
        assertThat(kms.client().policy(Sample.KEY).grants(AnthropicPrincipal.VIEWER, AnthropicPrincipal.MEMBER))
                .isTrue();
    }

    @Test
    void aSecondEntryWritesNothing() {
        kms.withPolicy(Sample.KEY, Sample.GRANTED);

        assertThat(Answers.outcome(
                        step.grantAccess(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.FOUND);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aConditionDoesNotCountAndIsLeftAsItIs() {
        kms.withPolicy(Sample.KEY, CONDITIONAL);

        step.grantAccess(Sample.onboarding(Mode.PROVISION)).written();

        JsonNode written = Policies.wire(kms.client().policy(Sample.KEY));
        assertThat(written.path("version").asInt()).isEqualTo(3);
        assertThat(written.path("auditConfigs").path(0).path("service").asText())
                .isEqualTo("allServices");
        assertThat(written.path("bindings")).hasSize(3);
        assertThat(written.path("bindings")
                        .path(0)
                        .path("condition")
                        .path("title")
                        .asText())
                .isEqualTo("until friday");
        assertThat(written.path("bindings").path(1).path("members"))
                .extracting(JsonNode::asText)
                .containsExactly("user:anna@example.com", AnthropicPrincipal.MEMBER);
    }

    @Test
    void othersAreToldHowToGrant() {
        Finding finding = Answers.finding(
                step.grantAccess(Sample.onboarding(Mode.VALIDATE)).written());

        assertThat(finding.reason()).isEqualTo(Reason.BINDING_MISSING);
        assertThat(finding.remedy())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo("gcloud kms keys add-iam-policy-binding payments --keyring=anthropic --location=us-east5"
                        + " --project=acme-kms-prod --member=" + AnthropicPrincipal.MEMBER
                        + " --role=roles/cloudkms.cryptoKeyEncrypterDecrypter --condition=None");
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void othersAreToldThatAConditionIsNoGrant() {
        kms.withPolicy(Sample.KEY, CONDITIONAL.replace("user:anna@example.com", AnthropicPrincipal.MEMBER));

        Finding finding = Answers.finding(
                step.grantAccess(Sample.onboarding(Mode.VALIDATE)).written());

        assertThat(finding.reason()).isEqualTo(Reason.BINDING_CONDITIONAL);
        assertThat(finding.remedy()).hasSize(1);
    }

    @Test
    void aConflictIsReadAgainAndDecidedAgain() {
        kms.withConflicts(Sample.KEY, 4);

        assertThat(Answers.outcome(
                        step.grantAccess(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.GRANTED);
        assertThat(kms.writes()).hasSize(1);
    }

    @Test
    void aConflictWithTheSameGrantNeedsNoWrite() {
        kms.beforeWrites(1, () -> kms.withPolicy(Sample.KEY, Sample.GRANTED));

        assertThat(Answers.outcome(
                        step.grantAccess(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.FOUND);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aFightOverThePolicyIsTriedAgainLater() {
        kms.withConflicts(Sample.KEY, 5);

        assertThatThrownBy(() ->
                        step.grantAccess(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aPlanOnlySaysSo() {
        assertThat(Answers.outcome(
                        step.grantAccess(Sample.onboarding(Mode.PLAN)).written()))
                .isEqualTo(StepOutcome.WOULD_GRANT);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aPlanForAKeyThatIsNotThereGoesOn() {
        KeyManagement empty = new KmsInProcess().client();
        GrantAccess planned = new GrantAccess(
                empty,
                new KeyInspection(empty, Sample.POLICY, Sample.ORGANIZATION),
                Checks.principals(),
                Checks.inherited(empty),
                Sample.CLOCK);

        assertThat(Answers.outcome(
                        planned.grantAccess(Sample.onboarding(Mode.PLAN)).written()))
                .isEqualTo(StepOutcome.WOULD_GRANT);
    }

    @Test
    void aGrantThatIsStrippedIsNotTakenForOne() {
        kms.google().stripOutsiders();

        Finding finding = Answers.finding(
                step.grantAccess(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
    }

    @Test
    void aReadThatLagsBehindTheGrantSaysNothing() {
        Map<String, Reply> before = new HashMap<>();
        kms.with(Faults.every(
                1,
                Faults.calls("GET", ".*:getIamPolicy"),
                (call, apis) -> before.computeIfAbsent(call.path(), unused -> apis.answer(call))));

        assertThat(Answers.outcome(
                        step.grantAccess(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.GRANTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allUsers",
                "allAuthenticatedUsers",
                "serviceAccount:anthropic-cmek-client-us@other-project.iam.gserviceaccount.com",
                "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-client.iam.gserviceaccount.com",
                "serviceAccount:anthropic-cmek-cIient-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com",
                "serviceAccount:Anthropic-CMEK-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com",
                "serviceAccount:anthrop\u0456c-cmek-client-us@evil.iam.gserviceaccount.com",
                "user:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com",
                "deleted:serviceAccount:anthropic-cmek-client-uss@gcp-anthropic-cmek-clients.iam.gserviceaccount.com"
                        + "?uid=123456789012345678901",
                "serviceAccount:acme-kms-prod.svc.id.goog[default/anthropic-cmek-client-us]",
                "principal://iam.googleapis.com/projects/415104041262/locations/global/workloadIdentityPools/p/subject/"
                        + "anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com"
            })
    void nothingIsGrantedBesideEverybodyOrALookAlike(String member) {
        kms.withPolicy(Sample.KEY, policy("roles/cloudkms.cryptoKeyDecrypter", member));

        Finding finding = Answers.finding(
                step.grantAccess(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.UNEXPECTED_PRINCIPAL);
        assertThat(finding.message()).contains("roles/cloudkms.cryptoKeyDecrypter", Sample.KEY.toString());
        assertThat(finding.remedy())
                .first()
                .asString()
                .startsWith("gcloud kms keys remove-iam-policy-binding payments --keyring=anthropic --location=us-east5"
                        + " --project=acme-kms-prod")
                .endsWith(" --role=roles/cloudkms.cryptoKeyDecrypter --all");
        assertThat(kms.writes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roles/cloudkms.cryptoKeyDecrypter",
                "roles/cloudkms.cryptoKeyEncrypterDecrypter",
                "roles/cloudkms.cryptoKeyDecrypterViaDelegation",
                "roles/cloudkms.cryptoKeyEncrypterDecrypterViaDelegation",
                "roles/cloudkms.cryptoOperator",
                "roles/cloudkms.admin",
                "roles/iam.securityAdmin",
                "roles/owner"
            })
    void aServiceAccountOfAnotherProjectThatMayDecryptIsWarnedOf(String role) {
        kms.withPolicy(Sample.KEY, policy(role, "serviceAccount:app@other-project.iam.gserviceaccount.com"));

        Outcome outcome = step.grantAccess(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.GRANTED);
        assertThat(Answers.onboarding(outcome).warnings())
                .extracting(Finding::reason)
                .containsExactly(Reason.UNEXPECTED_PRINCIPAL);
    }

    @ParameterizedTest
    @CsvSource({
        "roles/cloudkms.cryptoKeyDecrypter, user:anna@example.com",
        "roles/cloudkms.cryptoKeyDecrypter, serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com",
        "roles/cloudkms.cryptoKeyDecrypter, serviceAccount:service-42@gcp-sa-pubsub.iam.gserviceaccount.com",
        "roles/cloudkms.cryptoKeyDecrypter, serviceAccount:acme-kms-prod@appspot.gserviceaccount.com",
        "roles/cloudkms.admin, serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com",
        "roles/cloudkms.viewer, allUsers"
    })
    void whoIsAtHomeOrCannotDecryptIsNoUnexpectedPrincipal(String role, String member) {
        kms.withPolicy(Sample.KEY, policy(role, member));

        assertThat(Answers.onboarding(step.grantAccess(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .warnings())
                .isEmpty();
    }

    @Test
    void aServiceAgentsNameInAnybodysProjectIsUnexpected() {
        kms.withPolicy(
                Sample.KEY,
                policy(
                        "roles/cloudkms.cryptoKeyDecrypter",
                        "serviceAccount:service-42@other-project.iam.gserviceaccount.com"));

        assertThat(Answers.onboarding(step.grantAccess(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .warnings())
                .hasSize(1);
    }

    @Test
    void nothingIsGrantedWhileEverybodyDecryptsByTheRing() {
        kms.withRingPolicy(Sample.KEY.ring(), policy("roles/cloudkms.cryptoKeyDecrypter", "allUsers"));

        Finding finding = Answers.finding(
                step.grantAccess(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.UNEXPECTED_PRINCIPAL);
        assertThat(finding.remedy())
                .first()
                .asString()
                .isEqualTo("gcloud kms keyrings remove-iam-policy-binding anthropic --location=us-east5"
                        + " --project=acme-kms-prod --member=allUsers --role=roles/cloudkms.cryptoKeyDecrypter --all");
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aDeadBindingOfAnthropicIsGrantedAgainAndTheRestSaid() {
        kms.withPolicy(
                Sample.KEY,
                policy(
                        AnthropicPrincipal.ENCRYPTER_DECRYPTER,
                        "deleted:" + AnthropicPrincipal.MEMBER + "?uid=123456789012345678901"));

        Outcome outcome = step.grantAccess(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.GRANTED);
        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.BINDING_MISSING);
            assertThat(warning.severity()).isEqualTo(Severity.NOTICE);
            assertThat(warning.remedy()).first().asString().contains("remove-iam-policy-binding", "deleted:");
        });
    }

    @Test
    void othersAreToldThatABindingIsDead() {
        kms.withPolicy(
                Sample.KEY,
                Sample.GRANTED.replace(
                        AnthropicPrincipal.MEMBER,
                        "deleted:" + AnthropicPrincipal.MEMBER + "?uid=123456789012345678901"));

        Finding finding = Answers.finding(
                step.grantAccess(Sample.onboarding(Mode.VALIDATE)).written());

        assertThat(finding.reason()).isEqualTo(Reason.BINDING_MISSING);
        assertThat(finding.message()).contains("was deleted after it was granted");
        assertThat(finding.remedy()).hasSize(4);
    }

    private static String policy(String role, String member) {
        return """
                {"version":1,"etag":"BwE=","bindings":[{"role":"%s","members":["%s"]}]}
                """.formatted(role, member);
    }
}
