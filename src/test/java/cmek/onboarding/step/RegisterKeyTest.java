package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.RegistrationLookup;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Workspace;
import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeStorage;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Mode;
import cmek.onboarding.Outcome;
import cmek.onboarding.state.OnboardingStore;
import cmek.result.StepOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisterKeyTest {

    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION);
    private final FakeStorage storage = new FakeStorage();
    private final ProjectInProcess project = new ProjectInProcess();
    private final RegisterKey step = new RegisterKey(
            anthropic,
            new RegistrationLookup(anthropic, Checks.names(project)),
            new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER));

    @Test
    void anUnknownKeyIsRegisteredOnce() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.REGISTERED);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_new0"));
        assertThat(anthropic.calls()).containsExactly("create " + Sample.KEY + " as Payments production");
    }

    @Test
    void aRegistrationOfThisKeyIsReused() {
        anthropic
                .withExternalKey("ekey_mine", Sample.KEY, false, Sample.NOW)
                .withExternalKey(
                        "ekey_else",
                        new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "other"),
                        false,
                        Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_mine"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void ofSeveralTheAttachedOneIsKept() {
        anthropic
                .withExternalKey("ekey_oldest", Sample.KEY, false, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_attached", Sample.KEY, true, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_attached"));
        assertThat(Answers.onboarding(outcome).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(warning.message()).contains("ekey_attached is used, ekey_oldest is not");
        });
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void ofSeveralUnattachedTheOldestIsKept() {
        anthropic
                .withExternalKey("ekey_young", Sample.KEY, false, Sample.NOW)
                .withExternalKey("ekey_old", Sample.KEY, false, Sample.NOW.minusSeconds(9));

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
        anthropic.beforeCreate(
                () -> anthropic.withExternalKey("ekey_first", Sample.KEY, false, Sample.NOW.minusMillis(1)));

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_new1"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(anthropic.calls()).containsExactly("create " + Sample.KEY + " as Payments production");
    }

    @Test
    void whatAnotherRegisteredWhileThisProcessWasFrozenIsUsed() {
        // Frozen between the look for a registration and the lock.
        RegisterKey frozen = with(() -> {
            if (anthropic.externalKeys().isEmpty()) {
                anthropic.withExternalKey("ekey_others", Sample.KEY, false, Sample.NOW);
            }
            return Sample.NOW;
        });

        Outcome outcome = frozen.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_others"));
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void nothingIsRegisteredOnceTheLockHasExpired() {
        Instant expired = Sample.NOW.plus(Sample.LEDGER.abandonedAfter());
        RegisterKey frozen = with(() -> storage.names().isEmpty() ? Sample.NOW : expired);

        assertThatThrownBy(() ->
                        frozen.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("expires at");

        assertThat(anthropic.calls()).isEmpty();
    }

    private RegisterKey with(InstantSource time) {
        return new RegisterKey(
                anthropic,
                new RegistrationLookup(anthropic, Checks.names(project)),
                new OnboardingStore(storage, time.withZone(ZoneOffset.UTC), Sample.LEDGER));
    }

    @Test
    void aRegistrationMadeByHandAfterTheRequestIsWarnedOfAndStays() {
        anthropic
                .withExternalKey("ekey_first", Sample.KEY, true, Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_hand", Sample.KEY, "Payments production", false, Sample.NOW.plusSeconds(9));

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_first"));
        assertThat(Answers.onboarding(outcome).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("ekey_hand is not"));
        assertThat(anthropic.calls()).isEmpty();
        assertThat(anthropic.externalKeys()).hasSize(2);
    }

    // --- user profiles -------------------------------------------------------------------------------------------

    @Test
    void ofSeveralTheOneThatFitsTheWorkspaceIsUsedThoughAnotherIsOlder() {
        anthropic
                .withWorkspace(bound(Optional.empty()))
                .withBoundKey("ekey_bound", Sample.KEY, "uprof_1", Sample.NOW.minusSeconds(9))
                .withExternalKey("ekey_free", Sample.KEY, false, Sample.NOW);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_free"));
        assertThat(Answers.onboarding(outcome).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("ekey_free is used, ekey_bound is not"));
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void aRegistrationOfTheWorkspacesProfileIsUsed() {
        anthropic
                .withWorkspace(bound(Optional.of("uprof_2")))
                .withExternalKey("ekey_free", Sample.KEY, true, Sample.NOW.minusSeconds(9))
                .withBoundKey("ekey_other", Sample.KEY, "uprof_1", Sample.NOW.minusSeconds(5))
                .withBoundKey("ekey_fits", Sample.KEY, "uprof_2", Sample.NOW);

        assertThat(Answers.onboarding(step.registerKey(Sample.onboarding(Mode.PROVISION))
                                .written())
                        .externalKeyId())
                .contains(new ExternalKeyId("ekey_fits"));
    }

    @Test
    void whereNoRegistrationFitsNoneIsMade() {
        anthropic
                .withWorkspace(bound(Optional.of("uprof_2")))
                .withBoundKey("ekey_other", Sample.KEY, "uprof_1", Sample.NOW);

        Finding finding = Answers.finding(
                step.registerKey(Sample.onboarding(Mode.PROVISION)).written());

        assertThat(finding.reason()).isEqualTo(Reason.USER_PROFILE_MISMATCH);
        assertThat(finding.message())
                .contains("bound to user profile uprof_2", "registered as ekey_other with user profile uprof_1");
        assertThat(anthropic.calls()).isEmpty();
    }

    private static Workspace bound(Optional<String> userProfile) {
        return new Workspace(Sample.WORKSPACE, "Payments", false, Optional.empty(), userProfile, false, List.of());
    }

    // --- other spellings -----------------------------------------------------------------------------------------

    @Test
    void aRegistrationUnderTheProjectsNumberIsOfTheSameKey() {
        project.resourceManager().numbered("acme-kms-prod", "123456789012");
        anthropic.withTypedKey("ekey_hand", Sample.KEY.toString().replace("acme-kms-prod", "123456789012"), true);

        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.FOUND);
        assertThat(Answers.onboarding(outcome).externalKeyId()).contains(new ExternalKeyId("ekey_hand"));
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(anthropic.calls()).isEmpty();
    }

    @Test
    void theNumberOfAnotherProjectIsOfAnotherKey() {
        project.resourceManager().withProject("other-kms-prod").numbered("other-kms-prod", "123456789012");
        anthropic.withTypedKey("ekey_hand", Sample.KEY.toString().replace("acme-kms-prod", "123456789012"), true);

        assertThat(Answers.outcome(
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.REGISTERED);
    }

    @Test
    void aNumberThatCannotBeResolvedIsWarnedOf() {
        anthropic.withTypedKey("ekey_hand", Sample.KEY.toString().replace("acme-kms-prod", "123456789012"), false);

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
        anthropic.withTypedKey("ekey_odd", "projects/123456789012/locations/us-east5/keyRings/r/cryptoKeys/k", false);

        step.registerKey(Sample.onboarding(Mode.PROVISION)).written();

        assertThat(project.calls()).isEmpty();
    }

    @Test
    void aRegistrationThatAnthropicKeepsElsewhereIsWarnedOf() {
        anthropic.withExternalKey(new ExternalKey(
                new ExternalKeyId("ekey_eu"),
                "name",
                "gcp",
                Sample.KEY.toString(),
                Optional.of(Sample.KEY),
                false,
                Sample.NOW,
                Optional.empty(),
                Optional.of("eu")));

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
        FakeAdminApi lagging = new FakeAdminApi(Sample.ORGANIZATION);
        RegisterKey again = new RegisterKey(
                lagging,
                new RegistrationLookup(lagging, Checks.names()),
                new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER));

        assertThatThrownBy(() ->
                        again.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("another instance is writing");

        assertThat(lagging.calls()).isEmpty();
    }

    @Test
    void whileAnotherMayBeRegisteringTheKeyNothingIsCreated() {
        anthropic.beforeCreate(() -> {
            throw new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "no answer", null);
        });

        assertThatThrownBy(() ->
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .hasMessage("no answer");
        assertThatThrownBy(() ->
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .hasMessageContaining("the lock expires at 2026-11-23T02:02:00.000Z");
        assertThat(anthropic.calls()).containsExactly("create " + Sample.KEY + " as Payments production");
    }

    @Test
    void whatWasTurnedAwayIsTriedAgainAtOnce() {
        anthropic.beforeCreate(() -> {
            throw new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 429", null).turnedAway();
        });
        assertThatThrownBy(() ->
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written())
                .hasMessage("HTTP 429");
        anthropic.beforeCreate(() -> {});

        assertThat(Answers.outcome(
                        step.registerKey(Sample.onboarding(Mode.PROVISION)).written()))
                .isEqualTo(StepOutcome.REGISTERED);
    }

    @Test
    void aPlanOnlySaysSo() {
        Outcome outcome = step.registerKey(Sample.onboarding(Mode.PLAN)).written();

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.WOULD_REGISTER);
        assertThat(Answers.onboarding(outcome).externalKeyId()).isEqualTo(Optional.empty());
        assertThat(anthropic.calls()).isEmpty();
    }
}
