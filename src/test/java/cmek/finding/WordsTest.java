package cmek.finding;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.onboarding.Step;
import cmek.result.Status;
import cmek.result.StepOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WordsTest {

    // --- Step ----------------------------------------------------------------------------------------------------

    @Test
    void theStepsFollowTheGuide() {
        assertThat(chain(true))
                .containsExactly(
                        "onboard",
                        "checkPrerequisites",
                        "createKeyRing",
                        "createKey",
                        "grantAccess",
                        "registerKey",
                        "validateKey",
                        "attachWorkspace");
    }

    @Test
    void withoutAWorkspaceTheChainEndsAfterValidation() {
        assertThat(chain(false)).hasSize(7).last().isEqualTo("validateKey");
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aTopicIsTheFunctionInKebabCase(Step step) {
        String kebab = step.function().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);

        assertThat(step.topic()).isEqualTo(step == Step.ONBOARD ? "onboarding-requests" : kebab);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aStepIsFoundByItsFunction(Step step) {
        assertThat(Step.ofFunction(step.function())).contains(step);
    }

    @Test
    void anUnknownFunctionIsNoStep() {
        assertThat(Step.ofFunction("CREATE_KEY")).isEmpty();
        assertThat(Step.ofFunction("")).isEmpty();
    }

    // --- Status --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "PROVISION, true, ATTACHED",
        "PROVISION, false, VALIDATED",
        "VALIDATE, true, ATTACHED",
        "VALIDATE, false, VALIDATED",
        "PLAN, true, PLANNED",
        "PLAN, false, PLANNED"
    })
    void eachModeHasItsGoodEnd(Mode mode, boolean attaching, Status end) {
        OnboardingRequest whole = Sample.request(mode, Sample.KEY);
        OnboardingRequest request = new OnboardingRequest(
                whole.requestId(),
                whole.mode(),
                whole.key(),
                whole.protectionLevel(),
                whole.rotationPeriod(),
                whole.destroyScheduledDuration(),
                whole.labels(),
                whole.displayName(),
                attaching ? whole.workspaceId() : Optional.empty(),
                whole.acknowledgePermanent());

        assertThat(Status.endOf(request)).isEqualTo(end);
        assertThat(end.isTerminal()).isTrue();
    }

    @Test
    void whatIsUnderWayIsNotTerminal() {
        assertThat(Arrays.stream(Status.values()).filter(status -> !status.isTerminal()))
                .contains(Status.ACCEPTED, Status.PROGRESS, Status.PENDING)
                .doesNotContain(Status.REFUSED, Status.FAILED);
    }

    // --- Reason --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasACauseOnOneLineAndASection(Reason reason) {
        assertThat(reason.cause()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
        assertThat(reason.documentation()).matches("docs/reasons\\.md#[a-z]+(_[a-z]+)*");
    }

    @Test
    void aSectionBearsTheReasonsName() {
        assertThat(Reason.DOMAIN_RESTRICTED_SHARING.documentation())
                .isEqualTo("docs/reasons.md#domain_restricted_sharing");
    }

    @Test
    void noTwoReasonsHaveTheSameCause() {
        assertThat(Arrays.stream(Reason.values()).map(Reason::cause)).doesNotHaveDuplicates();
    }

    // --- StepOutcome, Onboarding ---------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(StepOutcome.class)
    void whatIsPlannedIsNeverDone(StepOutcome outcome) {
        assertThat(outcome.planned())
                .isNotIn(
                        StepOutcome.CREATED,
                        StepOutcome.LABELLED,
                        StepOutcome.GRANTED,
                        StepOutcome.REGISTERED,
                        StepOutcome.VALIDATED,
                        StepOutcome.ATTACHED);
        assertThat(outcome.planned().planned()).isEqualTo(outcome.planned());
    }

    @Test
    void aWarningIsGivenOnce() {
        Finding warning = AnthropicFindings.regionNotRecommended("us-west2");

        assertThat(Sample.onboarding(Mode.PROVISION)
                        .withWarning(warning)
                        .withWarning(warning)
                        .warnings())
                .containsExactly(warning);
    }

    private static List<String> chain(boolean attaching) {
        List<String> chain = new ArrayList<>();
        Optional<Step> step = Optional.of(Step.ONBOARD);
        while (step.isPresent()) {
            chain.add(step.get().function());
            step = step.get().next(attaching);
        }
        return chain;
    }
}
