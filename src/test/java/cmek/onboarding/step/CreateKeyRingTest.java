package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.KmsInProcess;
import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.model.Mode;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import org.junit.jupiter.api.Test;

class CreateKeyRingTest {

    private final KmsInProcess kms = new KmsInProcess();
    private final CreateKeyRing step = new CreateKeyRing(kms.client(), Sample.ORGANIZATION, Sample.CLOCK);

    @Test
    void anAbsentRingIsCreated() {
        Outcome outcome = step.createKeyRing(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.CREATED);
        assertThat(kms.writes()).containsExactly("CreateKeyRing " + Sample.KEY.ring());
    }

    @Test
    void aSecondEntryWritesNothing() {
        kms.withRing(Sample.KEY.ring());

        Outcome outcome = step.createKeyRing(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aRingThatAppearsInBetweenIsTaken() {
        kms.beforeWrites(1, () -> kms.withRing(Sample.KEY.ring()));

        Outcome outcome = step.createKeyRing(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aPlanOnlySaysSo() {
        Outcome outcome = step.createKeyRing(Sample.onboarding(Mode.PLAN)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.WOULD_CREATE);
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void othersAreToldHowToCreateTheirs() {
        Outcome outcome = step.createKeyRing(Sample.onboarding(Mode.VALIDATE)).written();

        assertThat(Answers.finding(outcome).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
        assertThat(Answers.finding(outcome).remedy())
                .first()
                .isEqualTo("gcloud kms keyrings create anthropic --location=us-east5 --project=acme-kms-prod");
        assertThat(kms.writes()).isEmpty();
    }
}
