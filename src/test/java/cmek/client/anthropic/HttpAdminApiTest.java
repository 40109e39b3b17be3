package cmek.client.anthropic;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.client.OnTheWire;
import cmek.client.WireTest;
import cmek.fake.Sample;
import cmek.finding.Actor;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(OnTheWire.class)
class HttpAdminApiTest extends WireTest {

    private static final CryptoKeyName KEY =
            CryptoKeyName.parse("projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key");
    private static final ExternalKeyId EKEY = new ExternalKeyId("ekey_01ABC");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("wrkspc_01ABC");
    private static final List<String> LOUD =
            List.of("cmek", "org.jboss.resteasy.reactive", "io.quarkus.rest.client", "io.vertx");

    @Inject
    AdminApi admin;

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getLoggerName() + ": " + line.getMessage());
            if (line.getParameters() != null) {
                logged.add(List.of(line.getParameters()).toString());
            }
            if (line.getThrown() != null) {
                logged.addAll(messages(line.getThrown()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Every verb of the client, with an answer that it takes for good. */
    @SuppressWarnings("ImmutableEnumChecker")
    enum Verb {
        ORGANIZATION(
                AdminApi::organization,
                "{\"id\":\"" + Sample.ORGANIZATION + "\",\"type\":\"organization\",\"name\":\"Acme\"}",
                3),
        LIST(AdminApi::externalKeys, "{\"data\":[],\"next_page\":null}", 3),
        CREATE(admin -> admin.createExternalKey("demo", KEY), example("guide-01-post-external_keys"), 1),
        VALIDATE(admin -> admin.validate(EKEY), example("guide-02-post-external_keys-ekey_01ABC-validate"), 1),
        WORKSPACE_GET(admin -> admin.workspace(WORKSPACE), example("guide-03-post-workspaces-wrkspc_01ABC"), 3),
        ATTACH(admin -> admin.attach(WORKSPACE, EKEY), example("guide-03-post-workspaces-wrkspc_01ABC"), 1);

        private final Consumer<AdminApi> call;
        private final String good;
        private final int attempts;

        Verb(Consumer<AdminApi> call, String good, int attempts) {
            this.call = call;
            this.good = good;
            this.attempts = attempts;
        }

        private static String example(String recording) {
            return golden(recording).path("exampleResponse").toString();
        }
    }

    @BeforeEach
    void listen() {
        for (String category : LOUD) {
            Logger.getLogger(category).setLevel(Level.ALL);
            Logger.getLogger(category).addHandler(listener);
        }
    }

    @AfterEach
    void theCredentialIsInNoLog() {
        for (String category : LOUD) {
            Logger.getLogger(category).removeHandler(listener);
            Logger.getLogger(category).setLevel(null);
        }
        assertThat(logged).noneMatch(line -> line.contains(SECRET));
        assertThat(logged).anyMatch(line -> line.startsWith("cmek."));
    }

    // --- every verb ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void aGoodAnswerNeedsOneRequestWithTheGuidesHeaders(Verb verb) {
        answersJson(verb.good);

        verb.call.accept(admin);

        LoggedRequest sent = onlyRequest();
        assertThat(sent.getHeader("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(sent.getHeader("x-api-key")).startsWith(SECRET);
        assertThat(sent.containsHeader("authorization")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aDumb500IsRepeatedOnlyWhereThatDoesNoHarm(Verb verb) {
        answers(html(500));

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(requests()).hasSize(verb.attempts);
    }

    @ParameterizedTest
    @EnumSource
    void aResetIsRepeatedOnlyWhereThatDoesNoHarm(Verb verb) {
        answers(reset());

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(requests()).hasSize(verb.attempts);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoHttpIsNoAnswer(Verb verb) {
        answers(garbage());

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
    }

    @ParameterizedTest
    @EnumSource
    void overloadIsNoRefusal(Verb verb) {
        answers(anthropicError(529, "overloaded_error", ""));

        TransientException thrown = unavailable(verb);

        assertThat(thrown.requestId()).contains("req_011");
        assertThat(thrown).hasMessageContaining("req_011");
        assertThat(requests()).hasSize(verb.attempts);
    }

    @ParameterizedTest
    @EnumSource
    void aShortPatienceAskedForIsKept(Verb verb) {
        answers(anthropicError(429, "rate_limit_error", "").withHeader("retry-after", "2"));

        assertThat(unavailable(verb).retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(hurry.waits()).hasSize(verb.attempts - 1).allMatch(Duration.ofSeconds(2)::equals);
    }

    @ParameterizedTest
    @EnumSource
    void aLongPatienceAskedForIsLeftToTheRedelivery(Verb verb) {
        answers(anthropicError(429, "rate_limit_error", "").withHeader("retry-after", "3600"));

        assertThat(unavailable(verb).retryAfter()).contains(Duration.ofHours(1));
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aSpendCapWithoutPatienceIsNoRefusal(Verb verb) {
        answers(anthropicError(429, "rate_limit_error", ""));

        assertThat(unavailable(verb).retryAfter()).isEmpty();
        assertThat(requests()).hasSize(verb.attempts);
    }

    @ParameterizedTest
    @EnumSource
    void aRejectedCredentialIsRefusedAfterOneRequest(Verb verb) {
        answers(anthropicError(401, "authentication_error", ""));

        PermanentException thrown = refused(verb);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.CREDENTIAL_REJECTED);
        assertThat(thrown.requestId()).contains("req_011");
        assertThat(thrown.finding().message()).contains("req_011");
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aCredentialThatWasChangedInItsFileIsTriedOnce(Verb verb) {
        answersJson(verb.good);
        verb.call.accept(admin);
        String used = onlyRequest().getHeader("x-api-key");
        String fresh = SECRET + "-fresh-" + verb;
        writeKey(fresh);
        apis.resetRequests();
        apis.stubFor(any(anyUrl())
                .withHeader("x-api-key", equalTo(used))
                .willReturn(anthropicError(401, "authentication_error", "")));

        verb.call.accept(admin);

        assertThat(requests())
                .extracting(request -> request.getHeader("x-api-key"))
                .containsExactly(used, fresh);
    }

    @ParameterizedTest
    @EnumSource
    void aChangedCredentialThatIsRejectedTooIsNotTriedAgain(Verb verb) {
        answersJson(verb.good);
        verb.call.accept(admin);
        writeKey(SECRET + "-rejected-" + verb);
        apis.resetAll();
        answers(anthropicError(401, "authentication_error", ""));

        assertThat(refused(verb).finding().reason()).isEqualTo(Reason.CREDENTIAL_REJECTED);
        assertThat(requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aForbiddenCredentialIsRefused(Verb verb) {
        answers(anthropicError(403, "permission_error", ""));

        assertThat(refused(verb).finding().reason()).isEqualTo(Reason.CREDENTIAL_FORBIDDEN);
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidRequestIsRefusedInAnthropicsWords(Verb verb) {
        answers(anthropicError(400, "invalid_request_error", "some_code"));

        Finding finding = refused(verb).finding();
        assertThat(finding.reason()).isEqualTo(Reason.ANTHROPIC_REFUSED);
        assertThat(finding.message()).contains("400", "invalid_request_error", "some_code", "a sentence");
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void anOpenInvoiceIsNamed(Verb verb) {
        answers(anthropicError(402, "billing_error", ""));

        assertThat(refused(verb).finding().reason()).isEqualTo(Reason.ANTHROPIC_BILLING);
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void thatKeysAreNotTurnedOnIsNoMatterOfTheCredential(Verb verb) {
        for (int status : List.of(400, 403)) {
            answers(anthropicError(status, "permission_error", "cmek_not_approved"));

            Finding finding = refused(verb).finding();
            assertThat(finding.reason()).isEqualTo(Reason.CREDENTIAL_FORBIDDEN);
            assertThat(finding.actor()).isEqualTo(Actor.ANTHROPIC_ADMIN);
            assertThat(finding.message()).startsWith("Anthropic has not turned on customer-managed keys");
        }
    }

    /** A page of something in between, which knows neither the credential nor the request. */
    @ParameterizedTest
    @EnumSource
    void whatIsNotAnAnswerOfTheAdminApiIsRetried(Verb verb) {
        for (int status : List.of(400, 401, 403, 404)) {
            apis.resetRequests();
            answers(answer(status, "<html><title>Just a moment...</title></html>")
                    .withHeader("content-type", "text/html")
                    .withHeader("cf-ray", "8c0ffee-IAD"));

            TransientException thrown = unavailable(verb);

            assertThat(thrown.reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
            assertThat(thrown)
                    .hasMessageContaining("HTTP " + status + ", which is not an answer of the Admin API")
                    .hasMessageContaining("cf-ray 8c0ffee-IAD");
            assertThat(requests()).hasSize(verb.attempts);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherOrganizationIsRefused(Verb verb) {
        answers(okJson(verb.good).withHeader("anthropic-organization-id", "00000000-0000-0000-0000-000000000000"));

        assertThat(refused(verb).finding().reason()).isEqualTo(Reason.WRONG_ORGANIZATION);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatIsNoneIsNoSuccess(Verb verb) {
        for (ResponseDefinitionBuilder answer : List.of(
                html(200),
                answer(200, ""),
                answer(200, "{}"),
                answer(200, "[]"),
                answer(200, verb.good.substring(0, verb.good.length() / 2)),
                aResponse().withStatus(200).withBody(new byte[10 * 1024 * 1024]))) {
            answers(answer);

            assertThat(catchThrowable(() -> verb.call.accept(admin))).isInstanceOf(TransientException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNewOnTheWireIsTolerated(Verb verb) {
        ObjectNode good = (ObjectNode) json(verb.good);
        good.put("user_profile_id", "x").putObject("newThing").put("a", 1);
        answersJson(good.toString());

        verb.call.accept(admin);

        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void nothingForeignReachesATerminalUnescaped(Verb verb) {
        for (int status : List.of(400, 401, 403, 404, 409, 500)) {
            answers(answer(status, """
                            {"error":{"type":"\\u001b[31m","message":"\\u001b[31m","details":{"error_code":"\\u001b[31m"}}}
                            """).withHeader("request-id", "\u009b31m"));

            Throwable thrown = catchThrowable(() -> verb.call.accept(admin));

            if (thrown != null) {
                assertThat(messages(thrown)).noneMatch(text -> text.contains("\u001b") || text.contains("\u009b"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectIsNeverFollowed(Verb verb) {
        answers(aResponse().withStatus(307).withHeader("location", apis.baseUrl() + "/elsewhere"));

        assertThat(catchThrowable(() -> verb.call.accept(admin))).isInstanceOf(TransientException.class);
        assertThat(requests()).noneMatch(request -> request.getUrl().startsWith("/elsewhere"));
    }

    @ParameterizedTest
    @EnumSource
    void theCredentialIsInNoException(Verb verb) {
        for (ResponseDefinitionBuilder answer : List.of(
                reset(),
                html(500),
                anthropicError(401, "authentication_error", ""),
                anthropicError(403, "permission_error", ""),
                answer(200, "["))) {
            answers(answer);

            assertThat(messages(catchThrowable(() -> verb.call.accept(admin))))
                    .noneMatch(text -> text.contains(SECRET));
        }
    }

    // --- registrations -------------------------------------------------------------------------------------------

    @Test
    void theKeyIsRegisteredAsTheGuideDoes() {
        answersJson(Verb.CREATE.good);

        ExternalKey made = admin.createExternalKey("demo", KEY);

        LoggedRequest sent = onlyRequest();
        JsonNode recorded = golden("guide-01-post-external_keys");
        ObjectNode expected = recorded.path("body").deepCopy();
        assertThat(sent.getUrl()).isEqualTo(recorded.path("path").asText());
        assertThat(json(sent.getBodyAsString())).isEqualTo(expected.put("geo", "us"));
        assertThat(made.id()).isEqualTo(EKEY);
        assertThat(made.key()).contains(KEY);
        assertThat(made.attached()).isFalse();
    }

    @Test
    void allPagesAreReadEmptyOnesToo() {
        pages(
                "{\"data\":[" + registration("ekey_2", "2026-02-01T00:00:00Z") + "],\"next_page\":\"a+/=&b\"}",
                "{\"data\":[],\"next_page\":\"c\"}",
                "{\"data\":[" + registration("ekey_1", "2026-01-01T00:00:00Z") + "],\"next_page\":null}");

        assertThat(admin.externalKeys()).extracting(key -> key.id().value()).containsExactly("ekey_1", "ekey_2");

        assertThat(requests())
                .extracting(request -> request.getQueryParams().containsKey("page")
                        ? request.queryParameter("page").firstValue()
                        : "")
                .containsExactly("", "a+/=&b", "c");
    }

    @Test
    void aCursorThatRepeatsIsNoEndlessReading() {
        answersJson("{\"data\":[],\"next_page\":\"again\"}");

        assertThat(unavailable(Verb.LIST).reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(requests()).hasSize(2);
    }

    @Test
    void anAnswerAboutAnotherKeyIsNoRegistrationOfThisOne() {
        answersJson(Verb.CREATE.good.replace("demo-key", "other-key"));

        assertThat(unavailable(Verb.CREATE).reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(requests()).hasSize(1);
    }

    @Test
    void whatAnthropicSaysOfProfileAndGeoIsKept() {
        ObjectNode bound = (ObjectNode) json(registration("ekey_1", "2026-01-01T00:00:00Z"));
        answersJson("{\"data\":[" + bound.put("user_profile_id", "uprof_1").put("geo", "eu") + "]}");

        ExternalKey found = admin.externalKeys().get(0);

        assertThat(found.userProfileId()).contains("uprof_1");
        assertThat(found.geo()).contains("eu");
        assertThat(found.isElsewhere()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key/",
                " projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key\\n",
                "//cloudkms.googleapis.com/projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key",
                "https://cloudkms.googleapis.com/v1/projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key"
            })
    void aNameThatWasTypedOtherwiseIsOfTheSameKey(String typed) {
        answersJson(
                "{\"data\":[" + registration("ekey_1", "2026-01-01T00:00:00Z").replace(KEY.toString(), typed) + "]}");

        assertThat(admin.externalKeys()).extracting(ExternalKey::key).containsExactly(Optional.of(KEY));
    }

    @Test
    void aNameThatIsNotAKeysIsShownAsItWasTyped() {
        answersJson("{\"data\":["
                + registration("ekey_1", "2026-01-01T00:00:00Z").replace("projects/demo-proj", "projects/123456789012")
                + "]}");

        ExternalKey found = admin.externalKeys().get(0);

        assertThat(found.key()).isEmpty();
        assertThat(found.keyName()).startsWith("projects/123456789012/");
    }

    // --- lists that do not hold still ----------------------------------------------------------------------------

    @Test
    void aRegistrationOnTheBorderOfTwoPagesIsOne() {
        String moved = registration("ekey_2", "2026-02-01T00:00:00Z");
        pages(
                "{\"data\":[" + registration("ekey_3", "2026-03-01T00:00:00Z") + "," + moved + "],\"next_page\":\"a\"}",
                "{\"data\":[" + moved + "," + registration("ekey_1", "2026-01-01T00:00:00Z") + "],\"next_page\":null}");

        assertThat(admin.externalKeys())
                .extracting(key -> key.id().value())
                .containsExactly("ekey_1", "ekey_2", "ekey_3");
        apis.resetScenarios();
        assertThat(admin.registrations().items()).hasSize(3);
    }

    @Test
    void aWorkspaceOnTheBorderOfTwoPagesIsOne() {
        String moved = Verb.WORKSPACE_GET.good;
        pages(
                "{\"data\":[" + moved + "],\"has_more\":true,\"last_id\":\"wrkspc_01ABC\"}",
                "{\"data\":[" + moved + "],\"has_more\":false,\"last_id\":\"wrkspc_01ABC\"}");

        assertThat(admin.workspaces().items()).hasSize(1);
    }

    @Test
    void anEmptyCursorIsTheEndOfTheList() {
        answersJson("{\"data\":[" + registration("ekey_1", "2026-01-01T00:00:00Z") + "],\"next_page\":\"\"}");

        assertThat(admin.externalKeys()).hasSize(1);
        assertThat(requests()).hasSize(1);
    }

    @Test
    void pagesThatOnlyRepeatThemselvesEnd() {
        // A new cursor each time, and never anything new.
        pages(IntStream.range(0, 60)
                .mapToObj(page -> "{\"data\":[" + registration("ekey_1", "2026-01-01T00:00:00Z") + "],\"next_page\":\""
                        + page + "\"}")
                .toArray(String[]::new));

        Listing<ExternalKey> listing = admin.registrations();

        assertThat(listing.items()).hasSize(1);
        assertThat(listing.interrupted().orElseThrow()).hasMessageContaining("does not end");
        assertThat(requests()).hasSizeLessThan(60);
    }

    @Test
    void aRegistrationThatCannotBeReadHidesNoOther() {
        answersJson("{\"data\":[null,{\"id\":7},{\"id\":\"ekey_x\",\"provider_config\":{\"type\":\"quantum\"}},"
                + registration("ekey_1", "2026-01-01T00:00:00Z") + "]}");

        assertThat(admin.externalKeys()).extracting(key -> key.id().value()).contains("ekey_1");
    }

    @Test
    void aRegistrationWithoutAReadableDateIsStillOne() {
        answersJson("{\"data\":[" + registration("ekey_1", "yesterday") + "]}");

        assertThat(admin.externalKeys()).extracting(ExternalKey::key).containsExactly(Optional.of(KEY));
    }

    // --- validation ----------------------------------------------------------------------------------------------

    @Test
    void theKeyIsValidatedAsTheGuideDoes() {
        answersJson(Verb.VALIDATE.good);

        assertThat(admin.validate(EKEY)).isEqualTo(new Validation.Success());

        LoggedRequest sent = onlyRequest();
        JsonNode recorded = golden("guide-02-post-external_keys-ekey_01ABC-validate");
        assertThat(sent.getUrl()).isEqualTo(recorded.path("path").asText());
        assertThat(json(sent.getBodyAsString())).isEqualTo(recorded.path("body"));
    }

    @Test
    void aFailedValidationPassesAnthropicWordsAndItsRequestOn() {
        answers(okJson("{\"status\":\"failure\",\"error\":\"no \\u001b[31m entry\"}")
                .withHeader("request-id", "req_011"));

        assertThat(((Validation.Failure) admin.validate(EKEY)).anthropicText())
                .contains("no ", "entry", "req_011")
                .doesNotContain("\u001b");
    }

    @Test
    void anUnknownVerdictIsNone() {
        answersJson("{\"status\":\"perhaps\"}");

        assertThat(unavailable(Verb.VALIDATE).reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
    }

    // --- workspace -----------------------------------------------------------------------------------------------

    @Test
    void aMissingWorkspaceIsMissing() {
        answers(anthropicError(404, "not_found_error", ""));

        assertThat(admin.workspace(WORKSPACE)).isEmpty();
    }

    @Test
    void a404OfSomebodyElseDoesNotMeanThatTheWorkspaceIsMissing() {
        answers(html(404));

        assertThat(unavailable(Verb.WORKSPACE_GET)).hasMessageContaining("404");
    }

    @Test
    void theDefaultWorkspaceIsTheOneThatIsListedOnlyWhereItIsAskedFor() {
        String listed = "{\"data\":[" + Verb.WORKSPACE_GET.good + "],\"has_more\":false}";
        answersJson("{\"data\":[],\"has_more\":false}");
        apis.stubFor(
                any(anyUrl()).withQueryParam("include_default", equalTo("true")).willReturn(okJson(listed)));

        assertThat(admin.isDefaultWorkspace(WORKSPACE)).isTrue();
        answersJson(listed);
        assertThat(admin.isDefaultWorkspace(WORKSPACE)).isFalse();
    }

    @Test
    void aWorkspaceThatNoListShowsMayBeTheDefaultOne() {
        answersJson("{\"data\":[],\"has_more\":false}");

        assertThat(catchThrowableOfType(TransientException.class, () -> admin.isDefaultWorkspace(WORKSPACE)))
                .hasMessageContaining("does not list the workspace wrkspc_01ABC yet");
    }

    @Test
    void whatAnthropicSaysOfAWorkspacesProfileAndRetentionIsKept() {
        ObjectNode bound = (ObjectNode) json(Verb.WORKSPACE_GET.good);
        bound.put("user_profile_id", "uprof_1")
                .putObject("inference_data_retention")
                .put("type", "disabled");
        answersJson(bound.toString());

        Workspace found = admin.workspace(WORKSPACE).orElseThrow();

        assertThat(found.userProfileId()).contains("uprof_1");
        assertThat(found.retainsNoData()).isTrue();
    }

    @Test
    void anotherWorkspaceIsNoAnswer() {
        ObjectNode other = (ObjectNode) json(Verb.WORKSPACE_GET.good);
        answersJson(other.put("id", "wrkspc_other").toString());

        assertThat(unavailable(Verb.WORKSPACE_GET).reason()).isEqualTo(Reason.ANTHROPIC_UNAVAILABLE);
    }

    @Test
    void theKeyIsAttachedAsTheGuideDoes() {
        answersJson(Verb.ATTACH.good);

        assertThat(admin.attach(WORKSPACE, EKEY))
                .isEqualTo(new Attachment.Attached(new Workspace(
                        WORKSPACE,
                        "ws",
                        false,
                        Optional.of(EKEY),
                        List.of("data residency {allowed_inference_geos=\"unrestricted\","
                                + " default_inference_geo=\"global\", workspace_geo=\"us\"}"))));

        LoggedRequest sent = onlyRequest();
        JsonNode recorded = golden("guide-03-post-workspaces-wrkspc_01ABC");
        assertThat(sent.getUrl()).isEqualTo(recorded.path("path").asText());
        assertThat(json(sent.getBodyAsString())).isEqualTo(recorded.path("body"));
    }

    @Test
    void anAttachWithAFailedValidationSaysSo() {
        answers(anthropicError(400, "invalid_request_error", "external_key_validation_failed"));

        assertThat(admin.attach(WORKSPACE, EKEY)).isInstanceOf(Attachment.ValidationFailed.class);
    }

    @Test
    void anAttachWhoseValidationTookTooLongIsTriedLater() {
        answers(anthropicError(400, "invalid_request_error", "external_key_validation_timed_out"));

        assertThat(unavailable(Verb.ATTACH).requestId()).contains("req_011");
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"workspace_policy_violation, WORKSPACE_POLICY_VIOLATION", "key_profile_mismatch, USER_PROFILE_MISMATCH"
    })
    void whatIsRefusedForGoodSaysWhy(String code, Reason reason) {
        answers(anthropicError(400, "invalid_request_error", code));

        assertThat(admin.attach(WORKSPACE, EKEY)).isInstanceOfSatisfying(Attachment.Refused.class, refused -> {
            assertThat(refused.finding().reason()).isEqualTo(reason);
            assertThat(refused.finding().message()).contains(code, "a sentence", "req_011");
        });
        assertThat(requests()).hasSize(1);
    }

    @Test
    void anOutcomeThatAnthropicDoesNotKnowMayBeAnEffect() {
        answers(anthropicError(503, "api_error", "change_outcome_unknown"));

        assertThat(unavailable(Verb.ATTACH).isWithoutEffect()).isFalse();
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aCreateThatIsInConflictIsReadAgain() {
        answers(anthropicError(409, "conflict_error", ""));

        assertThat(unavailable(Verb.CREATE).isWithoutEffect()).isTrue();
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"external_key_changed", "workspace_changed_concurrently", "", "what_comes"})
    void aConflictIsReadAgain(String code) {
        answers(anthropicError(409, "conflict_error", code));

        assertThat(admin.attach(WORKSPACE, EKEY)).isEqualTo(new Attachment.Changed());
    }

    // --- what the tests above say shortly
    // ------------------------------------------------------------------------------------

    private TransientException unavailable(Verb verb) {
        return catchThrowableOfType(TransientException.class, () -> verb.call.accept(admin));
    }

    private PermanentException refused(Verb verb) {
        return catchThrowableOfType(PermanentException.class, () -> verb.call.accept(admin));
    }

    private void pages(String... pages) {
        for (int i = 0; i < pages.length; i++) {
            apis.stubFor(any(anyUrl())
                    .inScenario("pages")
                    .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "page " + i)
                    .willReturn(okJson(pages[i]))
                    .willSetStateTo("page " + (i + 1)));
        }
    }

    private static String registration(String id, String createdAt) {
        ObjectNode key = (ObjectNode) json(Verb.CREATE.good);
        return key.put("id", id).put("created_at", createdAt).toString();
    }

    private static ResponseDefinitionBuilder anthropicError(int status, String type, String code) {
        String details = code.isEmpty() ? "" : ",\"details\":{\"error_code\":\"" + code + "\"}";
        return answer(
                        status,
                        "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"a sentence\"" + details
                                + "},\"request_id\":\"req_011\"}")
                .withHeader("request-id", "req_011");
    }
}
