package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.config.Configs;
import cmek.config.ServiceInfo;
import cmek.fake.FakeStorage;
import cmek.fake.FakeTopics;
import cmek.fake.FakeTopics.Published;
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
import cmek.onboarding.state.TerminalResults;
import cmek.onboarding.state.Warnings;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnboardingHandlerTest {

    private static final String REQUEST = "{\"requestId\":\"payments-prod\",\"key\":\"" + Sample.KEY + "\"}";

    private final FakeTopics topics = new FakeTopics();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final OnboardingHandler handler = handler(FakeStorage.absent());
    private final OnboardingHandler remembering = handler(new FakeStorage());

    private OnboardingHandler handler(FakeStorage storage) {
        return handler(storage, Sample.SERVICE);
    }

    private OnboardingHandler handler(FakeStorage storage, ServiceInfo service) {
        return new OnboardingHandler(
                new MessageHandler(),
                new ResultPublisher(topics, new ResultLog(new PrintStream(logged, true, UTF_8)), service),
                new TerminalResults(storage, Sample.CLOCK),
                new Approvals(storage),
                new Warnings(storage),
                new RequestParser(Sample.POLICY),
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
                    .containsEntry("step", result.path("step").asText());
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
    void theResultIsPublishedBeforeTheNextStepBegins() {
        handler.handleStep(Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::done);

        assertThat(topics.published()).extracting(Published::topic).containsExactly("results", "grant-access");
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
                        FakeStorage.absent(),
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

        handler.handleStep(Step.CREATE_KEY, event(old), onboarding -> {
            throw new AssertionError("entered");
        });

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
        handler.handleStep(Step.CREATE_KEY, Events.eventarc(data, Map.of("requestId", "payments-prod")), onboarding -> {
            throw new AssertionError("entered");
        });

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
    void whenTheResultIsNotTakenNothingIsHandedOverAndTheMessageStays() {
        topics.failingOn("results");

        assertThatThrownBy(() -> handler.handleStep(
                        Step.CREATE_KEY, event(Sample.onboarding(Mode.PROVISION)), OnboardingHandlerTest::done))
                .isInstanceOf(TransientException.class);
        assertThat(topics.published()).isEmpty();
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

        remembering.handleStep(Step.GRANT_ACCESS, event(Sample.onboarding(Mode.PROVISION)), onboarding -> {
            throw new AssertionError("entered");
        });

        assertThat(ids())
                .containsExactly("payments-prod.1001.createKey.REFUSED", "payments-prod.1001.createKey.REFUSED");
        assertThat(topics.on("results").get(0).json())
                .isEqualTo(topics.on("results").get(1).json());
    }

    @Test
    void aDeadLetterOfAnOnboardingThatEndedSaysHowItEnded() {
        Onboarding last = Sample.onboarding(Mode.PROVISION);
        remembering.handleStep(Step.ATTACH_WORKSPACE, event(last), OnboardingHandlerTest::done);

        remembering.handleDeadLetter(Events.eventarc(Json.written(last), Map.of("step", "registerKey")));

        assertThat(statuses()).containsExactly("attachWorkspace ATTACHED", "attachWorkspace ATTACHED");
    }

    @Test
    void aDeadRequestIsKnownByItsTimeAndBytes() {
        remembering.handleRequest(Events.eventarc("hello"));

        remembering.handleDeadLetter(Events.eventarc(
                "hello", Map.of("CloudPubSubDeadLetterSourceTopicPublishTime", "2026-11-23T01:59:58.123+00:00")));

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

        remembering.handleDeadLetter(
                Events.eventarc(Json.written(Sample.onboarding(Mode.PROVISION)), Map.of("step", "registerKey")));

        assertThat(result().path("message").asText())
                .isEqualTo("registerKey failed after all retries; last cause: registerKey:"
                        + " ANTHROPIC_UNAVAILABLE, HTTP 529\\u001b[31m");
    }

    // --- dead letters --------------------------------------------------------------------------------------------

    @Test
    void aDeadLetterEndsItsRequest() {
        handler.handleDeadLetter(Events.eventarc(
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
        handler.handleDeadLetter(Events.eventarc(REQUEST));

        assertThat(statuses()).containsExactly("onboard FAILED");
        assertThat(result().path("requestId").asText()).isEqualTo("payments-prod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{\"requestId\":7}", "[]"})
    void aDeadLetterThatNobodyCanReadIsReportedAllTheSame(String data) {
        handler.handleDeadLetter(Events.eventarc(data, Map.of("step", "no such step")));

        assertThat(statuses()).containsExactly("onboard FAILED");
        assertThat(result().path("requestId").asText()).isEqualTo(Events.MESSAGE_ID);
    }

    @Test
    void aDeadLetterThatCannotBeReportedIsThrown() {
        topics.failingOn("results");

        assertThatThrownBy(() -> handler.handleDeadLetter(Events.eventarc(REQUEST)))
                .isInstanceOf(TransientException.class);
    }

    // -------------------------------------------------------------------------------------------------------------

    private static Outcome done(Onboarding onboarding) {
        return new Outcome.Done(onboarding, StepOutcome.FOUND, "found");
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
        try {
            return Json.MAPPER.readTree(topics.on("results").get(0).json());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
