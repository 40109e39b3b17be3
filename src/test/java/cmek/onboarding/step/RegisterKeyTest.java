package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.RegistrationLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.fake.Checks;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Outcome;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Faults;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisterKeyTest {

    private static final String KEY = Sample.KEY.toString();
    private static final String BY_NUMBER = KEY.replace("acme-kms-prod", "123456789012");
    private static final String WORKSPACE = Sample.WORKSPACE.value();
    private static final String CREATE = "external_keys";

    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator();
    private final AdminApi anthropic = admin.client();
    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
    private final ProjectInProcess project = new ProjectInProcess();
    private final RegisterKey step = new RegisterKey(
            anthropic,
            new RegistrationLookup(anthropic, Checks.names(project)),
            new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER));

    @Test
    void anUnknownKeyIsRegisteredOnce() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.REGISTERED);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(only());
        assertThat(admin.calls()).containsExactly(CREATE);
        assertThat(simulator.externalKeys()).singleElement().satisfies(made -> {
            assertThat(made.path("display_name").asText()).isEqualTo("Payments production");
            assertThat(made.at("/provider_config/key_name").asText()).isEqualTo(KEY);
        });
    }

    @Test
    void aRegistrationOfThisKeyIsReused() {
        simulator
                .withKey("ekey_mine", KEY, Sample.NOW)
                .withKey("ekey_else", KEY.replace("payments", "other"), Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_mine"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void ofSeveralTheAttachedOneIsKept() {
        simulator
                .withKey("ekey_oldest", KEY, Sample.NOW.minusSeconds(9))
                .withKey("ekey_attached", KEY, Sample.NOW)
                .useElsewhere("ekey_attached");

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_attached"));
        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(warning.message()).contains("ekey_attached is used, ekey_oldest is not");
        });
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void ofSeveralUnattachedTheOldestIsKept() {
        simulator.withKey("ekey_young", KEY, Sample.NOW).withKey("ekey_old", KEY, Sample.NOW.minusSeconds(9));

        assertThat(Answers.onboarding(step.registerKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .externalKeyId())
                .contains(new ExternalKeyId("ekey_old"));
    }

    @Test
    void aKeyThatOthersManageIsRegisteredToo() {
        assertThat(Answers.outcome(
                        step.registerKey(Sample.onboarding(Mode.VALIDATE)).written()))
                .isEqualTo(StepOutcome.REGISTERED);
    }

    @Test
    void ofTwoMadeInTheSameMomentTheNextStepTakesTheOlder() {
        admin.next("POST", CREATE, Faults.after(() -> simulator.withKey("ekey_first", KEY, Sample.NOW.minusMillis(1))));

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId())
                .hasValueSatisfying(id -> assertThat(id).isNotEqualTo(new ExternalKeyId("ekey_first")));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(admin.calls()).containsExactly(CREATE);
    }

    @Test
    void whatAnotherRegisteredWhileThisProcessWasFrozenIsUsed() {
        // Frozen between the look for a registration and the lock.
        RegisterKey frozen = with(() -> {
            simulator.withKey("ekey_others", KEY, Sample.NOW);
            return Sample.NOW;
        });

        Outcome outcome = frozen.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_others"));
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void nothingIsRegisteredOnceTheLockHasExpired() {
        Instant expired = Sample.NOW.plus(Sample.LEDGER.abandonedAfter());
        RegisterKey frozen = with(() -> bucket.names().isEmpty() ? Sample.NOW : expired);

        assertThatThrownBy(() ->
                        frozen.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("expires at");

        assertThat(admin.calls()).isEmpty();
    }

    private RegisterKey with(InstantSource time) {
        return new RegisterKey(
                anthropic,
                new RegistrationLookup(anthropic, Checks.names(project)),
                new OnboardingStore(storage, time.withZone(ZoneOffset.UTC), Sample.LEDGER));
    }

    @Test
    void aRegistrationMadeByHandAfterTheRequestIsWarnedOfAndStays() {
        simulator
                .withKey("ekey_first", KEY, Sample.NOW.minusSeconds(9))
                .useElsewhere("ekey_first")
                .withKey("ekey_hand", KEY, Sample.NOW.plusSeconds(9));

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_first"));
        assertThat(Answers.onboarding(outcome).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("ekey_hand is not"));
        assertThat(admin.calls()).isEmpty();
        assertThat(simulator.externalKeys()).hasSize(2);
    }

    // --- user profiles -------------------------------------------------------------------------------------------

    @Test
    void ofSeveralTheOneThatFitsTheWorkspaceIsUsedThoughAnotherIsOlder() {
        simulator
                .withWorkspace(WORKSPACE, "Payments")
                .withBoundKey("ekey_bound", KEY, "uprof_1", Sample.NOW.minusSeconds(9))
                .withKey("ekey_free", KEY, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_free"));
        assertThat(Answers.onboarding(outcome).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("ekey_free is used, ekey_bound is not"));
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aRegistrationOfTheWorkspacesProfileIsUsed() {
        simulator
                .withBoundWorkspace(WORKSPACE, "Payments", "uprof_2")
                .withKey("ekey_free", KEY, Sample.NOW.minusSeconds(9))
                .useElsewhere("ekey_free")
                .withBoundKey("ekey_other", KEY, "uprof_1", Sample.NOW.minusSeconds(5))
                .withBoundKey("ekey_fits", KEY, "uprof_2", Sample.NOW);

        assertThat(Answers.onboarding(step.registerKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .externalKeyId())
                .contains(new ExternalKeyId("ekey_fits"));
    }

    @Test
    void whereNoRegistrationFitsNoneIsMade() {
        simulator
                .withBoundWorkspace(WORKSPACE, "Payments", "uprof_2")
                .withBoundKey("ekey_other", KEY, "uprof_1", Sample.NOW);

        Finding finding = Answers.finding(
                step.registerKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.USER_PROFILE_MISMATCH);
        assertThat(finding.message())
                .contains("bound to user profile uprof_2", "registered as ekey_other with user profile uprof_1");
        assertThat(admin.calls()).isEmpty();
    }

    // --- other spellings -----------------------------------------------------------------------------------------

    @Test
    void aRegistrationUnderTheProjectsNumberIsOfTheSameKey() {
        project.resourceManager().numbered("acme-kms-prod", "123456789012");
        simulator.withKey("ekey_hand", BY_NUMBER, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_hand"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void theNumberOfAnotherProjectIsOfAnotherKey() {
        project.resourceManager().withProject("other-kms-prod").numbered("other-kms-prod", "123456789012");
        simulator.withKey("ekey_hand", BY_NUMBER, Sample.NOW);

        assertThat(Answers.outcome(
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.REGISTERED);
    }

    @Test
    void aNumberThatCannotBeResolvedIsWarnedOf() {
        simulator.withKey("ekey_hand", BY_NUMBER, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.REGISTERED);
        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.REGISTRATION_NOT_CANONICAL);
            assertThat(warning.message())
                    .contains("ekey_hand", "projects/123456789012/", "the id of project 123456789012");
        });
    }

    @Test
    void aNameThatCannotBeThisKeyIsNoMatterOfThisRequest() {
        simulator.withKey("ekey_odd", BY_NUMBER.replace("payments", "k"), Sample.NOW);

        step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(project.calls()).isEmpty();
    }

    @Test
    void aRegistrationThatAnthropicKeepsElsewhereIsWarnedOf() {
        simulator.registeringIn("eu").withKey("ekey_eu", KEY, Sample.NOW);

        assertThat(Answers.onboarding(step.registerKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .warnings())
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.reason()).isEqualTo(Reason.LOCATION_NOT_SUPPORTED);
                    assertThat(warning.severity()).isEqualTo(Severity.PROBLEM);
                    assertThat(warning.message()).contains("ekey_eu in geo \"eu\"");
                });
    }

    // --- two at a time -------------------------------------------------------------------------------------------

    @Test
    void whatTheListDoesNotShowYetIsNotRegisteredASecondTime() {
        step.registerKey(Sample.onboarding(Mode.PROVISION)).written();
        simulator.listLag(Duration.ofSeconds(30));

        assertThatThrownBy(() ->
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("another instance is writing");

        assertThat(admin.calls()).containsExactly(CREATE);
    }

    @Test
    void whileAnotherMayBeRegisteringTheKeyNothingIsCreated() {
        admin.next("POST", CREATE, Faults.lostAnswer());
        simulator.listLag(Duration.ofSeconds(30));

        assertThatThrownBy(() ->
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .hasMessageContaining("was not answered");
        assertThatThrownBy(() ->
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .hasMessageContaining("the lock expires at 2026-11-23T02:02:00.000Z");
        assertThat(admin.calls()).containsExactly(CREATE);
    }

    @Test
    void whatWasTurnedAwayIsTriedAgainAtOnce() {
        admin.next("POST", CREATE, AdminSimulator.refusing(429));
        assertThatThrownBy(() ->
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .hasMessageContaining("HTTP 429");

        assertThat(Answers.outcome(
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.REGISTERED);
    }

    private ExternalKeyId only() {
        return new ExternalKeyId(simulator.externalKeys().get(0).path("id").asText());
    }

    @Test
    void aPlanOnlySaysSo() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PLAN)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.WOULD_REGISTER);
        assertThat(Answers.onboarding(outcome).externalKeyId()).isEqualTo(Optional.empty());
        assertThat(admin.calls()).isEmpty();
    }
}
