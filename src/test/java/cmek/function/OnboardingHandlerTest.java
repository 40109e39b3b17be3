package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.pubsub.TopicsInProcess;
import cmek.client.pubsub.TopicsInProcess.Published;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.config.Configs;
import cmek.config.ServiceInfo;
import cmek.fake.Sample;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.RedeliveryException;
import cmek.finding.TransientException;
import cmek.function.logging.ResultLog;
import cmek.model.CryptoKeyName;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.Step;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.NewestResults;
import cmek.onboarding.state.TerminalResults;
import cmek.onboarding.state.Warnings;
import cmek.result.Status;
import cmek.result.StepOutcome;
import cmek.schema.Schemas;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnboardingHandlerTest {

    private static final String REQUEST = "{\"requestId\":\"payments-prod\",\"key\":\"" + Sample.KEY + "\"}";

    private final TopicsInProcess topics = new TopicsInProcess();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final OnboardingHandler handler = handler(StorageInProcess.absent());
    private final OnboardingHandler remembering = handler(new StorageInProcess().client());

    private OnboardingHandler handler(EvidenceStorage storage) {
        return handler(storage, Sample.SERVICE);
    }

    private OnboardingHandler handler(EvidenceStorage storage, ServiceInfo service) {
        return handler(storage, service, topics);
    }

    private OnboardingHandler handler(EvidenceStorage storage, ServiceInfo service, TopicsInProcess published) {
        return new OnboardingHandler(
                new MessageHandler(),
                new ResultPublisher(
                        published.client(),
                        new ResultLog(new PrintStream(logged, true, UTF_8)),
                        service,
                        new NewestResults(storage),
                        Sample.CALLS),
                new TerminalResults(storage, Sample.CLOCK),
                new Approvals(storage),
                new Warnings(storage),
                new RequestParser(Sample.POLICY),
                Sample.CALLS,
                Sample.CLOCK,
                Configs.of(Map.of("cmek.timing.max-age", "PT2H")));
    }

    /** Whatever a test did: what was published keeps the contract, and its line in the log says the same. */
    @AfterEach
    void everyResultKeepsTheContract() throws JsonProcessingException {
        for (Published message : topics.on("results")) {
            assertThat(Schemas.RESULT.faults(message.json())).isEmpty();
            JsonNode result = Json.MAPPER.readTree(message.json());
            assertThat(message.attributes())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("ce-specversion", "1.0")
                    .containsEntry("ce-type", "cmek.onboarding.result.v1")
                    .containsKeys("ce-id", "ce-source", "ce-time")
                    .containsEntry("serviceVersion", "1.2.3")
                    .containsEntry("requestId", result.path("requestId").asText())
                    .containsEntry("status", result.path("status").asText())
                    .containsEntry("step", result.path("step").asText())
                    .containsEntry(
                            "terminal",
                            String.valueOf(Status.valueOf(result.path("status").asText())
                                    .isTerminal()));
            assertThat(message.attributes().get("reason"))
                    .isEqualTo(
                            result.path("reason").isNull()
                                    ? null
                                    : result.path("reason").asText());
            assertThat(message.attributes().get("key"))
                    .isEqualTo(
                            result.path("key").isNull()
                                    ? null
                                    : result.path("key").asText());
            assertThat(logged.toString(UTF_8)).contains("\"result\":" + message.json());
        }
    }

    // --- onboard -------------------------------------------------------------------------------------------------

    @Test
    void aRequestIsTakenAndHandedOver() throws IOException {
        handler.handleRequest(Events.eventarc(REQUEST));

        assertThat(statuses()).containsExactly("onboard ACCEPTED");
        Published next = topics.on("check-prerequisites").get(0);
        assertThat(next.orderingKey()).isEqualTo(Sample.KEY.toString());
        assertThat(next.attributes())
                .containsEntry("requestId", "payments-prod")
                .containsEntry("step", "checkPrerequisites")
                .containsEntry("key", Sample.KEY.toString())
                .containsEntry("content-type", "application/json");
        Onboarding onboarding = Json.read(next.json().getBytes(UTF_8), Onboarding.class);
        assertThat(onboarding.messageId()).isEqualTo(Events.MESSAGE_ID);
        assertThat(onboarding.acceptedAt()).isEqualTo(Instant.parse(Events.PUBLISHED_AT));
        assertThat(onboarding.request().requestId()).isEqualTo("payments-prod");
        assertThat(topics.published()).hasSize(2);
    }

    @Test
    void aRequestTypedByHandIsTakenLikeAnyOther() {
        handler.handleRequest(Events.typed(REQUEST));

        assertThat(statuses()).containsExactly("onboard ACCEPTED");
        assertThat(topics.on("check-prerequisites")).hasSize(1);
    }

    @Test
    void whatBearsNoTimeIsAsOldAsItsArrival() throws IOException {
        handler.handleRequest(Events.posted(REQUEST));

        assertThat(Json.read(topics.on("check-prerequisites").get(0).json().getBytes(UTF_8), Onboarding.class)
                        .acceptedAt())
                .isEqualTo(Sample.NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "{}",
                "{\"key\":\"x\"}",
                "{\"requestId\":\"a\\nb\",\"mode\":\"\\u001b[2J\",\"member\":\"\\u202e\"}"
            })
    void aRequestThatCannotBeIsSentBackAndNotThrown(String data) {
        handler.handleRequest(Events.eventarc(data));

        assertThat(statuses()).containsExactly("onboard REFUSED");
        assertThat(topics.published()).hasSize(1);
        assertThat(result().path("requestId").asText()).isEqualTo(Events.MESSAGE_ID);
        assertThat(topics.published().get(0).orderingKey()).isEqualTo(Events.MESSAGE_ID);
    }

    @Test
    void twoMegabytesAreSentBack() {
        handler.handleRequest(Events.eventarc("x".repeat(2 * 1024 * 1024)));

        assertThat(statuses()).containsExactly("onboard REFUSED");
        assertThat(result().path("reason").asText()).isEqualTo("UNREADABLE");
    }

    @Test
    void aRequestThatIsSentBackBearsItsOwnId() {
        handler.handleRequest(Events.eventarc("{\"requestId\":\"mine\"}"));

        assertThat(result().path("requestId").asText()).isEqualTo("mine");
    }

    @Test
    void aRequestThatCameTooLateExpires() {
        CloudEvent late = Events.posted(Events.envelope(REQUEST.getBytes(UTF_8), Map.of())
                .replace(Events.PUBLISHED_AT, "2026-11-22T23:59:59Z"));

        handler.handleRequest(late);

        assertThat(statuses()).containsExactly("onboard FAILED");
        assertThat(result().path("reason").asText()).isEqualTo("EXPIRED");
        assertThat(topics.published()).hasSize(1);
    }

    // --- a step --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Step.class)
    void aStepThatIsDoneHandsOverToTheNext(Step step) throws IOException {
        handler.handleStep(step, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::done);

        Optional<Step> next = step.next(true);
        assertThat(statuses())
                .containsExactly(step.function() + " "
                        + (step == Step.ONBOARD ? "ACCEPTED" : next.isPresent() ? "PROGRESS" : "ATTACHED"));
        assertThat(topics.published()).hasSize(next.isPresent() ? 2 : 1);
        if (next.isPresent()) {
            Published event = topics.published().get(1);
            assertThat(event.topic()).isEqualTo(next.get().topic());
            assertThat(Json.read(event.json().getBytes(UTF_8), Onboarding.class).steps())
                    .singleElement()
                    .satisfies(report -> assertThat(report.step()).isEqualTo(step.function()));
        }
    }

    @Test
    void withoutAWorkspaceValidationIsTheEnd() {
        handler.handleStep(Step.VALIDATE_KEY, event(withoutWorkspace(Mode.PROVISION)), OnboardingHandlerTest::done);

        assertThat(statuses()).containsExactly("validateKey VALIDATED");
        assertThat(topics.published()).hasSize(1);
    }

    @Test
    void aPlanEndsPlanned() {
        handler.handleStep(Step.ATTACH_WORKSPACE, event(Sample.onboarding(Mode.PLAN)), OnboardingHandlerTest::done);

        assertThat(statuses()).containsExactly("attachWorkspace PLANNED");
    }

    @Test
    void theResultAndTheNextStepArePublished() {
        handler.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::done);

        assertThat(topics.published())
                .extracting(Published::topic)
                .containsExactlyInAnyOrder("results", "grant-access");
    }

    @Test
    void theStepWorksBeforeAnythingIsPublished() {
        handler.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
            assertThat(topics.published()).isEmpty();
            return done(onboarding);
        });

        assertThat(topics.published()).hasSize(2);
    }

    @Test
    void aRefusalIsPublishedAndNotThrown() {
        handler.handleStep(
                Step.GRANT_ACCESS,
                event(Sample.onboarding(Mode.PROVISION)),
                onboarding -> new Outcome.Refused(ProjectFindings.permissionDenied(null, "a key")));

        assertThat(statuses()).containsExactly("grantAccess REFUSED");
        assertThat(result().path("reason").asText()).isEqualTo("PERMISSION_DENIED");
        assertThat(result().path("documentation").asText()).isEqualTo("docs/reasons.md#permission_denied");
        assertThat(topics.published()).hasSize(1);
    }

    @Test
    void whereTheDocumentsArePublishedTheRefusalLinksToThem() {
        handler(
                        StorageInProcess.absent(),
                        new ServiceInfo("1.2.3", Optional.of(URI.create("https://git.example.com/blob/main"))))
                .handleStep(
                        Step.GRANT_ACCESS,
                        event(Sample.onboarding(Mode.PROVISION)),
                        onboarding -> new Outcome.Refused(ProjectFindings.permissionDenied(null, "a key")));

        assertThat(result().path("documentation").asText())
                .isEqualTo("https://git.example.com/blob/main/docs/reasons.md#permission_denied");
    }

    @Test
    void aRefusalThatAClientThrowsIsPublishedToo() {
        handler.handleStep(Step.GRANT_ACCESS, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
            throw new PermanentException(ProjectFindings.billingDisabled("acme-kms-prod"));
        });

        assertThat(statuses()).containsExactly("grantAccess REFUSED");
        assertThat(result().path("reason").asText()).isEqualTo("BILLING_DISABLED");
    }

    @Test
    void whatMayPassIsThrownAndNothingIsSaid() {
        TransientException overload = new TransientException(Reason.GOOGLE_UNAVAILABLE, "503", null);

        assertThatThrownBy(() ->
                        handler.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
                            throw overload;
                        }))
                .isSameAs(overload);
        assertThat(topics.published()).isEmpty();
    }

    @Test
    void aFaultOfOursIsThrownAndNotSwallowed() {
        IllegalStateException fault = new IllegalStateException();

        assertThatThrownBy(() ->
                        handler.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
                            throw fault;
                        }))
                .isSameAs(fault);
        assertThat(topics.published()).isEmpty();
    }

    @Test
    void waitingIsPublishedAndThrown() {
        Instant until = Sample.NOW.plus(Duration.ofMinutes(10));

        assertThatThrownBy(() -> handler.handleStep(
                        Step.VALIDATE_KEY,
                        event(Sample.onboarding(Mode.PROVISION)),
                        onboarding -> new Outcome.Pending(Sample.NOW, until, "waiting")))
                .isInstanceOf(RedeliveryException.class)
                .hasMessage("validateKey waits until " + until);
        assertThat(statuses()).containsExactly("validateKey PENDING");
        assertThat(result().path("since").asText()).isEqualTo("2026-11-23T02:00:00.000Z");
        assertThat(result().path("until").asText()).isEqualTo("2026-11-23T02:10:00.000Z");
        assertThat(topics.published()).hasSize(1);
    }

    @Test
    void aRequestThatTookTooLongExpiresBeforeTheStepIsEntered() {
        Onboarding old = Onboarding.begin(
                Sample.request(Mode.PROVISION, Sample.KEY),
                "1001",
                Sample.DEDUPLICATION_KEY,
                Sample.NOW.minus(Duration.ofHours(2)).minusMillis(1));

        handler.handleStep(Step.CREATE_KEY, event(old), OnboardingHandlerTest::write);

        assertThat(statuses()).containsExactly("createKey FAILED");
        assertThat(result().path("reason").asText()).isEqualTo("EXPIRED");
        assertThat(result().path("key").asText()).isEqualTo(Sample.KEY.toString());
    }

    @Test
    void aRequestOnItsLastMomentIsStillServed() {
        Onboarding old = Onboarding.begin(
                Sample.request(Mode.PROVISION, Sample.KEY),
                "1001",
                Sample.DEDUPLICATION_KEY,
                Sample.NOW.minus(Duration.ofHours(2)));

        handler.handleStep(Step.CREATE_KEY, event(old), OnboardingHandlerTest::done);

        assertThat(statuses()).containsExactly("createKey PROGRESS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "[]", "{}", "null", "{\"requestId\":\"payments-prod\"}"})
    void whatIsNoEventOfOursIsRefusedAndTheStepIsNotEntered(String data) {
        handler.handleStep(
                Step.CREATE_KEY,
                Events.eventarc(data, Map.of("requestId", "payments-prod")),
                OnboardingHandlerTest::write);

        assertThat(statuses()).containsExactly("createKey REFUSED");
        assertThat(result().path("reason").asText()).isEqualTo("UNREADABLE");
        assertThat(result().path("requestId").asText()).isEqualTo("payments-prod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\r\nstatus: ATTACHED", "ä", "a b"})
    void aForgedRequestIdIsNotRepeated(String forged) {
        handler.handleStep(
                Step.CREATE_KEY, Events.eventarc("hello", Map.of("requestId", forged)), OnboardingHandlerTest::done);

        assertThat(result().path("requestId").asText()).isEqualTo(Events.MESSAGE_ID);
    }

    @Test
    void aForgedRequestIdIsNeverRepeatedRaw() {
        handler.handleStep(
                Step.CREATE_KEY,
                Events.eventarc("hello", Map.of("requestId", "\u001b[2J")),
                OnboardingHandlerTest::done);

        assertThat(result().path("requestId").asText()).isEqualTo("\\u001b[2J");
    }

    // --- delivered again -----------------------------------------------------------------------------------------

    @Test
    void aRedeliveryMakesResultsOfTheSameId() {
        CloudEvent event = event(Sample.onboarding(Mode.PROVISION));

        handler.handleStep(Step.CREATE_KEY, event, OnboardingHandlerTest::done);
        handler.handleStep(Step.CREATE_KEY, event, OnboardingHandlerTest::done);

        assertThat(ids()).hasSize(2);
        assertThat(ids().get(0)).isEqualTo(ids().get(1)).isEqualTo("payments-prod.1001.createKey.PROGRESS");
    }

    @Test
    void anotherStepStatusOrMessageMakesAnotherId() {
        handler.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::done);
        handler.handleStep(Step.GRANT_ACCESS, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::done);
        handler.handleStep(
                Step.CREATE_KEY,
                event(Sample.onboarding(Mode.PROVISION)),
                onboarding -> new Outcome.Refused(ProjectFindings.permissionDenied(null, "a key")));
        handler.handleStep(
                Step.CREATE_KEY,
                event(Onboarding.begin(
                        Sample.request(Mode.PROVISION, Sample.KEY), "1002", Sample.DEDUPLICATION_KEY, Sample.NOW)),
                OnboardingHandlerTest::done);

        assertThat(ids()).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void aRequestSentBackTwiceIsSentBackUnderOneId() {
        handler.handleRequest(Events.eventarc("hello"));
        handler.handleRequest(Events.eventarc("hello"));

        assertThat(ids().get(0)).isEqualTo(ids().get(1));
    }

    @Test
    void whenTheResultIsNotTakenTheMessageStays() {
        topics.failingOn("results");

        assertThatThrownBy(() -> handler.handleStep(
                        Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::done))
                .isInstanceOf(TransientException.class);
        assertThat(statuses()).isEmpty();
    }

    @Test
    void whenTheNextStepsTopicIsClosedTheMessageStaysAndARedeliveryEndsIt() {
        CloudEvent event = event(Sample.onboarding(Mode.PROVISION));
        topics.failingOn("grant-access");

        assertThatThrownBy(() -> handler.handleStep(Step.CREATE_KEY, event, OnboardingHandlerTest::done))
                .isInstanceOf(TransientException.class);
        topics.recovered();
        handler.handleStep(Step.CREATE_KEY, event, OnboardingHandlerTest::done);

        assertThat(topics.on("grant-access")).hasSize(1);
        assertThat(ids().get(0)).isEqualTo(ids().get(1));
    }

    @Test
    void aRefusalThatCannotBePublishedIsThrown() {
        topics.failingOn("results");

        assertThatThrownBy(() -> handler.handleRequest(Events.eventarc("hello")))
                .isInstanceOf(TransientException.class);
    }

    // --- one end -------------------------------------------------------------------------------------------------

    @Test
    void nothingIsDoneAfterTheEnd() {
        remembering.handleStep(
                Step.CREATE_KEY,
                event(Sample.onboarding(Mode.PROVISION)),
                onboarding -> new Outcome.Refused(ProjectFindings.permissionDenied(null, "a key")));

        remembering.handleStep(
                Step.GRANT_ACCESS, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::write);

        assertThat(ids())
                .containsExactly("payments-prod.1001.createKey.REFUSED", "payments-prod.1001.createKey.REFUSED");
        assertThat(topics.on("results").get(0).json())
                .isEqualTo(topics.on("results").get(1).json());
    }

    @Test
    void aDeadLetterOfAnOnboardingThatEndedSaysHowItEnded() {
        Onboarding last = Sample.onboarding(Mode.PROVISION);
        remembering.handleStep(Step.ATTACH_WORKSPACE, event(last), OnboardingHandlerTest::done);

        deadLetter(remembering, Events.eventarc(Json.written(last), Map.of("step", "registerKey")));

        assertThat(statuses()).containsExactly("attachWorkspace ATTACHED", "attachWorkspace ATTACHED");
    }

    @Test
    void aDeadRequestIsKnownByItsTimeAndBytes() {
        remembering.handleRequest(Events.eventarc("hello"));

        deadLetter(
                remembering,
                Events.eventarc(
                        "hello",
                        Map.of("CloudPubSubDeadLetterSourceTopicPublishTime", "2026-11-23T01:59:58.123+00:00")));

        assertThat(statuses()).containsExactly("onboard REFUSED", "onboard REFUSED");
        assertThat(ids().get(0)).isEqualTo(ids().get(1));
    }

    @Test
    void theLastCauseIsSaidInTheEnd() {
        CloudEvent event = event(Sample.onboarding(Mode.PROVISION));
        assertThatThrownBy(() -> remembering.handleStep(Step.REGISTER_KEY, event, onboarding -> {
                    throw new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529\u001b[31m", null);
                }))
                .isInstanceOf(TransientException.class);

        deadLetter(
                remembering,
                Events.eventarc(Json.written(Sample.onboarding(Mode.PROVISION)), Map.of("step", "registerKey")));

        assertThat(last().path("message").asText())
                .isEqualTo("registerKey failed after all retries; last cause: registerKey:"
                        + " ANTHROPIC_UNAVAILABLE, HTTP 529\\u001b[31m");
    }

    @Test
    void whatIsRetriedIsToldOnceWithItsCauseAndIsNoEnd() {
        CloudEvent event = event(Sample.onboarding(Mode.PROVISION));
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> remembering.handleStep(Step.CREATE_KEY, event, onboarding -> {
                        throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "no answer", null);
                    }))
                    .isInstanceOf(TransientException.class)
                    .hasMessage("no answer");
        }

        assertThat(statuses()).containsExactly("createKey RETRYING");
        assertThat(result().path("reason").asText()).isEqualTo("GOOGLE_UNAVAILABLE");
        assertThat(result().path("actor").asText()).isEqualTo("NOBODY");
        assertThat(result().path("message").asText())
                .isEqualTo("createKey failed once and will be retried until "
                        + result().path("until").asText() + ": no answer");
        assertThat(topics.on("results").get(0).attributes())
                .containsEntry("terminal", "false")
                .containsEntry("ce-id", "payments-prod.1001.createKey.RETRYING.1");
    }

    @Test
    void thatItCannotBeToldDoesNotHideTheCause() {
        topics.failingOn("results");

        assertThatThrownBy(() -> remembering.handleStep(
                        Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
                            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "no answer", null);
                        }))
                .isInstanceOf(TransientException.class)
                .hasMessage("no answer");
    }

    // --- replays -------------------------------------------------------------------------------------------------

    @Test
    void aReplayGoesOnWhereItsStepFailed() throws IOException {
        deadLetter(remembering, dead(Step.CREATE_KEY, Map.of()));

        remembering.handleStep(Step.CREATE_KEY, replayed(1), OnboardingHandlerTest::done);

        assertThat(statuses()).containsExactly("createKey FAILED", "createKey PROGRESS");
        assertThat(ids()).last().isEqualTo("payments-prod.1001.createKey.PROGRESS.1");
        Published next = topics.on("grant-access").get(0);
        remembering.handleStep(Step.ATTACH_WORKSPACE, Events.eventarc(next.json()), OnboardingHandlerTest::done);
        assertThat(statuses()).last().isEqualTo("attachWorkspace ATTACHED");
        assertThat(ids()).last().isEqualTo("payments-prod.1001.attachWorkspace.ATTACHED.1");
        assertThat(last().path("supersedes").asText()).isEqualTo("payments-prod.1001.createKey.FAILED");
    }

    @Test
    void aRedeliveryOfWhatFailedIsNoReplay() {
        deadLetter(remembering, dead(Step.CREATE_KEY, Map.of()));

        remembering.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::write);

        assertThat(ids()).containsOnly("payments-prod.1001.createKey.FAILED");
    }

    @Test
    void aReplayThatFailsAgainEndsAndIsReplayedOnceMore() {
        deadLetter(remembering, dead(Step.CREATE_KEY, Map.of()));
        deadLetter(remembering, dead(Step.CREATE_KEY, Map.of("replay", "1")));

        assertThat(statuses()).containsExactly("createKey FAILED", "createKey FAILED");
        assertThat(ids()).last().isEqualTo("payments-prod.1001.createKey.FAILED.1");
        assertThat(last().path("supersedes").asText()).isEqualTo("payments-prod.1001.createKey.FAILED");
        remembering.handleStep(Step.CREATE_KEY, replayed(1), OnboardingHandlerTest::write);
        assertThat(ids()).last().isEqualTo("payments-prod.1001.createKey.FAILED.1");
        remembering.handleStep(Step.CREATE_KEY, replayed(2), OnboardingHandlerTest::done);
        assertThat(ids()).last().isEqualTo("payments-prod.1001.createKey.PROGRESS.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REFUSED", "ATTACHED"})
    void aReplayOfWhatDidNotFailDoesNothing(String status) {
        remembering.handleStep(
                Step.ATTACH_WORKSPACE,
                event(Sample.onboarding(Mode.PROVISION)),
                onboarding -> status.equals("ATTACHED")
                        ? done(onboarding)
                        : new Outcome.Refused(ProjectFindings.permissionDenied(null, "a key")));

        remembering.handleStep(Step.ATTACH_WORKSPACE, replayed(7), OnboardingHandlerTest::write);
        deadLetter(remembering, dead(Step.ATTACH_WORKSPACE, Map.of("replay", "8")));

        assertThat(ids()).hasSize(3).containsOnly("payments-prod.1001.attachWorkspace." + status);
    }

    /** It has a day again: whoever replays it means now. */
    @Test
    void aReplayIsAsOldAsItsPublication() {
        Onboarding old = Onboarding.begin(
                Sample.request(Mode.PROVISION, Sample.KEY),
                "1001",
                Sample.DEDUPLICATION_KEY,
                Sample.NOW.minus(Duration.ofDays(3)));

        remembering.handleStep(
                Step.CREATE_KEY,
                Events.eventarc(Json.written(old), Map.of("replay", "1")),
                OnboardingHandlerTest::done);

        assertThat(statuses()).containsExactly("createKey PROGRESS");
    }

    /** An operator may be faster than the function that reports dead letters. */
    @Test
    void aReplayThatBeginsBeforeTheFailureIsSaidGoesOnAfterIt() {
        remembering.handleStep(Step.CREATE_KEY, replayed(1), OnboardingHandlerTest::done);
        deadLetter(remembering, dead(Step.CREATE_KEY, Map.of()));

        remembering.handleStep(
                Step.ATTACH_WORKSPACE,
                event(Sample.onboarding(Mode.PROVISION).replayed(1, Sample.NOW)),
                OnboardingHandlerTest::done);

        assertThat(statuses()).containsExactly("createKey PROGRESS", "createKey FAILED", "attachWorkspace ATTACHED");
        assertThat(last().path("supersedes").asText()).isEqualTo("payments-prod.1001.createKey.FAILED");
    }

    /** What was checked before the first write may be days old. */
    @Test
    void aReplayOfTheLastStepIsCheckedAgainBeforeAnythingIsAttached() {
        remembering.handleAttachOrApproval(replayed(1), onboarding -> {
            throw new AssertionError("attached unchecked");
        });

        assertThat(statuses()).containsExactly("attachWorkspace PROGRESS");
        assertThat(last().path("steps").path(0).path("outcome").asText()).isEqualTo("REPLAYED");
        assertThat(topics.published())
                .extracting(TopicsInProcess.Published::topic)
                .contains("check-prerequisites");
    }

    @Test
    void aReplayedRequestIsTheRequestThatFailed() {
        Map<String, String> letter =
                Map.of("CloudPubSubDeadLetterSourceTopicPublishTime", "2026-11-20T01:59:58.123+00:00");
        deadLetter(remembering, Events.eventarc("{\"requestId\":\"mine\"}", letter));

        remembering.handleRequest(Events.eventarc(
                "{\"requestId\":\"mine\"}", Map.of("replay", "1", "replayOf", "2026-11-20T01:59:58.123+00:00")));

        assertThat(statuses()).containsExactly("onboard FAILED", "onboard REFUSED");
        assertThat(last().path("supersedes").asText()).isEqualTo(ids().get(0));
    }

    @Test
    void withoutABucketAReplayGoesOnAllTheSame() {
        deadLetter(handler, dead(Step.CREATE_KEY, Map.of()));

        handler.handleStep(Step.CREATE_KEY, replayed(1), OnboardingHandlerTest::done);

        assertThat(statuses()).containsExactly("createKey FAILED", "createKey PROGRESS");
    }

    private static CloudEvent dead(Step step, Map<String, String> more) {
        Map<String, String> attributes = new TreeMap<>(more);
        attributes.put("step", step.function());
        return Events.eventarc(Json.written(Sample.onboarding(Mode.PROVISION)), attributes);
    }

    private static CloudEvent replayed(int times) {
        return Events.eventarc(
                Json.written(Sample.onboarding(Mode.PROVISION)), Map.of("replay", String.valueOf(times)));
    }

    // --- the last delivery and its dead letter -------------------------------------------------------------------

    @Test
    void aSuccessThatWasThoughtToBeLostSupersedesTheFailure() {
        remembering.handleStep(Step.ATTACH_WORKSPACE, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
            deadLetter(remembering, dead(Step.ATTACH_WORKSPACE, Map.of()));
            return done(onboarding);
        });
        deadLetter(remembering, dead(Step.ATTACH_WORKSPACE, Map.of()));

        assertThat(statuses())
                .containsExactly("attachWorkspace FAILED", "attachWorkspace ATTACHED", "attachWorkspace ATTACHED");
        assertThat(last().path("supersedes").asText()).isEqualTo("payments-prod.1001.attachWorkspace.FAILED");
    }

    @Test
    void aRefusalOfWhatWasGivenUpChangesNothing() {
        remembering.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
            deadLetter(remembering, dead(Step.CREATE_KEY, Map.of()));
            return new Outcome.Refused(ProjectFindings.permissionDenied(null, "a key"));
        });

        assertThat(ids()).hasSize(2).containsOnly("payments-prod.1001.createKey.FAILED");
    }

    @Test
    void aDeadLetterOfAKeyThatIsAttachedSaysSo() {
        remembering.handleDeadLetter(
                dead(Step.ATTACH_WORKSPACE, Map.of()), onboarding -> Optional.of(done(onboarding)));

        assertThat(ids()).containsExactly("payments-prod.1001.attachWorkspace.ATTACHED");
    }

    @Test
    void theDeadLetterOfAnEarlierStepAsksNobody() {
        remembering.handleDeadLetter(dead(Step.VALIDATE_KEY, Map.of()), onboarding -> {
            throw new AssertionError("asked");
        });

        assertThat(statuses()).containsExactly("validateKey FAILED");
    }

    @Test
    void whileAnthropicDoesNotSayWhetherItIsAttachedTheDeadLetterWaits() {
        CloudEvent now = Events.posted(Events.envelope(
                        Json.written(Sample.onboarding(Mode.PROVISION)).getBytes(UTF_8),
                        Map.of("step", "attachWorkspace"))
                .replace(Events.PUBLISHED_AT, "2026-11-23T01:46:00Z"));

        assertThatThrownBy(() -> remembering.handleDeadLetter(now, OnboardingHandlerTest::unavailable))
                .isInstanceOf(TransientException.class);
        assertThat(topics.published()).isEmpty();
    }

    @Test
    void whatAnthropicNeverSaidIsSaidToBeUnknown() {
        CloudEvent old = Events.posted(Events.envelope(
                        Json.written(Sample.onboarding(Mode.PROVISION)).getBytes(UTF_8),
                        Map.of("step", "attachWorkspace"))
                .replace(Events.PUBLISHED_AT, "2026-11-23T01:44:00Z"));

        remembering.handleDeadLetter(old, OnboardingHandlerTest::unavailable);

        assertThat(statuses()).containsExactly("attachWorkspace FAILED");
        assertThat(result().path("message").asText()).endsWith("is unknown: Anthropic does not say");
        assertThat(result().at("/remedy/0").asText()).contains("whether the workspace has the key");
    }

    private static Optional<Outcome> unavailable(Onboarding onboarding) {
        throw new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529", null);
    }

    // --- the end that another release said ------------------------------------------------------------------------

    /** The newer of two releases that run side by side may know more reasons, statuses and fields. */
    @Test
    void anEndInWordsOfALaterReleaseIsSaidAgainWordForWord() {
        StorageInProcess bucket = new StorageInProcess();
        // It keeps the contract of that release.
        TopicsInProcess repeated = new TopicsInProcess();
        OnboardingHandler earlier = handler(bucket.client(), Sample.SERVICE, repeated);
        String end = "{\"requestId\":\"payments-prod\",\"status\":\"SUSPENDED\",\"step\":\"grantAccess\","
                + "\"reason\":\"OF_A_LATER_RELEASE\",\"message\":\"as it is said there\",\"more\":{\"deep\":true}}";
        bucket.write(
                "onboardings/" + Sample.DEDUPLICATION_KEY + "/end.json",
                "{\"messageId\":\"1001\",\"result\":" + end + ",\"more\":1,\"schemaVersion\":3}");

        earlier.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::write);
        deadLetter(earlier, dead(Step.CREATE_KEY, Map.of()));

        assertThat(repeated.on("results")).hasSize(2).allSatisfy(said -> {
            assertThat(said.json()).isEqualTo(end);
            assertThat(said.attributes())
                    .containsEntry("ce-id", "payments-prod.1001.grantAccess.SUSPENDED")
                    .containsEntry("terminal", "true")
                    .containsEntry("reason", "OF_A_LATER_RELEASE");
        });
    }

    /** Nobody can say how it ended; that is said once, under one id, whatever is delivered again. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"schemaVersion\":2}", "{\"messageId\":\"1\",\"schemaVersion\":2}"})
    void anEndThatNobodyCanReadIsSaidToBeSoOnce(String kept) {
        StorageInProcess bucket = new StorageInProcess();
        bucket.write("onboardings/" + Sample.DEDUPLICATION_KEY + "/end.json", kept);

        for (Step step : List.of(Step.CREATE_KEY, Step.GRANT_ACCESS)) {
            handler(bucket.client())
                    .handleStep(step, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::write);
        }
        deadLetter(handler(bucket.client()), dead(Step.CREATE_KEY, Map.of()));

        assertThat(ids()).hasSize(3).containsOnly("payments-prod.1001.createKey.REFUSED");
        assertThat(last().path("reason").asText()).isEqualTo("UNREADABLE");
        assertThat(last().path("message").asText()).contains("onboardings/" + Sample.DEDUPLICATION_KEY + "/end.json");
    }

    // --- dead letters --------------------------------------------------------------------------------------------

    @Test
    void aDeadLetterEndsItsRequest() {
        deadLetter(
                handler,
                Events.eventarc(
                        Json.written(Sample.onboarding(Mode.PROVISION)),
                        Map.of("step", "registerKey", "requestId", "payments-prod")));

        assertThat(statuses()).containsExactly("registerKey FAILED");
        assertThat(result().path("reason").asText()).isEqualTo("RETRIES_EXHAUSTED");
        assertThat(result().path("key").asText()).isEqualTo(Sample.KEY.toString());
        assertThat(ids()).containsExactly("payments-prod.1001.registerKey.FAILED");
        assertThat(topics.published()).hasSize(1);
    }

    @Test
    void aDeadRequestIsNamedByItsOwnId() {
        deadLetter(handler, Events.eventarc(REQUEST));

        assertThat(statuses()).containsExactly("onboard FAILED");
        assertThat(result().path("requestId").asText()).isEqualTo("payments-prod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{\"requestId\":7}", "[]"})
    void aDeadLetterThatNobodyCanReadIsReportedAllTheSame(String data) {
        deadLetter(handler, Events.eventarc(data, Map.of("step", "no such step")));

        assertThat(statuses()).containsExactly("onboard FAILED");
        assertThat(result().path("requestId").asText()).isEqualTo(Events.MESSAGE_ID);
    }

    @Test
    void aDeadLetterThatCannotBeReportedIsThrown() {
        topics.failingOn("results");

        assertThatThrownBy(() -> deadLetter(handler, Events.eventarc(REQUEST))).isInstanceOf(TransientException.class);
    }

    // -------------------------------------------------------------------------------------------------------------

    /** Reads what it likes, and must not come to write. */
    private static Outcome write(Onboarding onboarding) {
        return new Outcome.ToWrite(() -> {
            throw new AssertionError("written: " + onboarding);
        });
    }

    private static Outcome done(Onboarding onboarding) {
        return new Outcome.Done(onboarding, StepOutcome.FOUND, "found");
    }

    /** Nothing is attached. */
    private static void deadLetter(OnboardingHandler handler, CloudEvent event) {
        handler.handleDeadLetter(event, onboarding -> Optional.empty());
    }

    private static CloudEvent event(Onboarding onboarding) {
        return Events.eventarc(Json.written(onboarding));
    }

    private static Onboarding withoutWorkspace(Mode mode) {
        CryptoKeyName key = Sample.KEY;
        return Sample.onboarding(new OnboardingRequest(
                "payments-prod",
                mode,
                key,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                key.name(),
                Optional.empty(),
                false));
    }

    private List<String> statuses() {
        return topics.on("results").stream()
                .map(message -> message.attributes().get("step") + " "
                        + message.attributes().get("status"))
                .toList();
    }

    private List<String> ids() {
        return topics.on("results").stream()
                .map(message -> String.valueOf(message.attributes().get("ce-id")))
                .toList();
    }

    private JsonNode result() {
        assertThat(topics.on("results")).hasSize(1);
        return last();
    }

    private JsonNode last() {
        List<Published> results = topics.on("results");
        try {
            return Json.MAPPER.readTree(results.get(results.size() - 1).json());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
