package cmek.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.kms.Policies;
import cmek.fake.FakeKms;
import cmek.fake.Sample;
import cmek.inspection.KeyInspection;
import cmek.onboarding.Finding;
import cmek.onboarding.Grantee;
import cmek.onboarding.Mode;
import cmek.onboarding.Outcome;
import cmek.onboarding.Reason;
import cmek.onboarding.StepOutcome;
import cmek.onboarding.UnavailableException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GrantAccessTest {

    private static final String CONDITIONAL = """
            {"version":3,"etag":"BwE=","auditConfigs":[{"service":"allServices"}],"bindings":[
              {"role":"roles/cloudkms.cryptoKeyEncrypterDecrypter","members":["%s"],
               "condition":{"title":"until friday","expression":"request.time < timestamp('2026-11-27T00:00:00Z')"}},
              {"role":"roles/cloudkms.viewer","members":["user:anna@example.com"]}]}
            """.formatted(Grantee.MEMBER);

    private final FakeKms kms = new FakeKms().withKey(Sample.KEY, Sample.LABELS, UnaryOperator.identity());
    private final GrantAccess step =
            new GrantAccess(kms, new KeyInspection(kms, Sample.POLICY, Sample.ORGANIZATION), Sample.CLOCK);

    @Test
    void bothRolesAreGrantedInOneWrite() {
        Outcome outcome = step.grantAccess(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.GRANTED);
        assertThat(Answers.onboarding(outcome).changedAt()).contains(Sample.NOW);
        assertThat(kms.writes()).containsExactly("SetIamPolicy " + Sample.KEY);
        assertThat(kms.policy(Sample.KEY).grants(Grantee.ENCRYPTER_DECRYPTER, Grantee.MEMBER))
                .isTrue();
        assertThat(kms.policy(Sample.KEY).grants(Grantee.VIEWER, Grantee.MEMBER))
                .isTrue();
    }

    @Test
    void aSecondEntryWritesNothing() {
        kms.withPolicy(Sample.KEY, Sample.GRANTED);

        assertThat(Answers.outcome(step.grantAccess(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.FOUND);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aConditionDoesNotCountAndIsLeftAsItIs() {
        kms.withPolicy(Sample.KEY, CONDITIONAL);

        step.grantAccess(Sample.onboarding(Mode.PROVISION));

        JsonNode written = Policies.wire(kms.policy(Sample.KEY));
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
                .containsExactly("user:anna@example.com", Grantee.MEMBER);
    }

    @Test
    void othersAreToldHowToGrant() {
        Finding finding = Answers.finding(step.grantAccess(Sample.onboarding(Mode.VALIDATE)));

        assertThat(finding.reason()).isEqualTo(Reason.BINDING_MISSING);
        assertThat(finding.remedy())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo("gcloud kms keys add-iam-policy-binding payments --keyring=anthropic --location=us-east5"
                        + " --project=acme-kms-prod --member=" + Grantee.MEMBER
                        + " --role=roles/cloudkms.cryptoKeyEncrypterDecrypter --condition=None");
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void othersAreToldThatAConditionIsNoGrant() {
        kms.withPolicy(Sample.KEY, CONDITIONAL.replace("user:anna@example.com", Grantee.MEMBER));

        Finding finding = Answers.finding(step.grantAccess(Sample.onboarding(Mode.VALIDATE)));

        assertThat(finding.reason()).isEqualTo(Reason.BINDING_CONDITIONAL);
        assertThat(finding.remedy()).hasSize(1);
    }

    @Test
    void aConflictIsReadAgainAndDecidedAgain() {
        kms.withConflicts(2);

        assertThat(Answers.outcome(step.grantAccess(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.GRANTED);
        assertThat(kms.writes()).hasSize(1);
    }

    @Test
    void aConflictWithTheSameGrantNeedsNoWrite() {
        kms.withConflicts(1).beforeWrite(() -> kms.withPolicy(Sample.KEY, Sample.GRANTED));

        assertThat(Answers.outcome(step.grantAccess(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.FOUND);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aFightOverThePolicyIsTriedAgainLater() {
        kms.withConflicts(Integer.MAX_VALUE);

        assertThatThrownBy(() -> step.grantAccess(Sample.onboarding(Mode.PROVISION)))
                .isInstanceOf(UnavailableException.class);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aPlanOnlySaysSo() {
        assertThat(Answers.outcome(step.grantAccess(Sample.onboarding(Mode.PLAN))))
                .isEqualTo(StepOutcome.WOULD_GRANT);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aPlanForAKeyThatIsNotThereGoesOn() {
        FakeKms empty = new FakeKms();
        GrantAccess planned =
                new GrantAccess(empty, new KeyInspection(empty, Sample.POLICY, Sample.ORGANIZATION), Sample.CLOCK);

        assertThat(Answers.outcome(planned.grantAccess(Sample.onboarding(Mode.PLAN))))
                .isEqualTo(StepOutcome.WOULD_GRANT);
    }
}
