package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.config.Configs;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeKms;
import cmek.fake.FakeStorage;
import cmek.fake.FakeTopics;
import cmek.fake.FakeTopics.Published;
import cmek.fake.Sample;
import cmek.finding.TransientException;
import cmek.function.logging.ResultLog;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.onboarding.Propagation;
import cmek.onboarding.Step;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.OnboardingStore;
import cmek.onboarding.state.TerminalResults;
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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Handler by forgery by outcome: what somebody could put on a step's own topic who got past IAM. Each is refused, nothing is
 * handed on, and nothing is written anywhere. The APIs is one in which every step would have something to write.
 */
class ForgedEventsTest {

    private static final CryptoKeyName STRANGERS =
            CryptoKeyName.parse("projects/other-kms/locations/us-east5/keyRings/anthropic/cryptoKeys/payments");

    private final FakeKms kms = new FakeKms();
    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION)
            .withExternalKey("ekey_strangers", STRANGERS, true, Sample.NOW)
            .withWorkspace(Sample.WORKSPACE, false, Optional.empty());
    private final FakeTopics topics = new FakeTopics();
    private final FakeStorage storage = new FakeStorage();

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
        assertThat(anthropic.calls()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"VALIDATE_KEY", "ATTACH_WORKSPACE"})
    void aRegistrationOfAnotherKeyIsNotTakenForThisKeys(Step step) {
        enter(step, registered("ekey_strangers"));

        assertThat(results()).containsExactly("REFUSED UNREADABLE");
        assertThat(anthropic.calls()).isEmpty();
    }

    /** It may be there and not be shown yet, so this waits until it is given up. */
    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"VALIDATE_KEY", "ATTACH_WORKSPACE"})
    void aRegistrationThatAnthropicDoesNotKnowIsNotUsed(Step step) {
        assertThatThrownBy(() -> enter(step, registered("ekey_none"))).isInstanceOf(TransientException.class);

        assertThat(topics.published()).isEmpty();
        assertThat(anthropic.calls()).isEmpty();
    }

    /** A field that is not known is ignored, whatever it says: the grantee is a constant of the program. */
    @Test
    void aFieldThatNamesAGranteeGrantsNobody() {
        kms.withRing(Sample.KEY.ring()).withKey(Sample.KEY, Sample.LABELS, UnaryOperator.identity());

        enter(Step.GRANT_ACCESS, edited(genuine(), whole -> {
            whole.put("grantee", "serviceAccount:thief@evil.iam.gserviceaccount.com");
            in(whole).put("member", "user:thief@evil.example");
        }));

        assertThat(results()).containsExactly("PROGRESS null");
        assertThat(topics.published()).noneMatch(message -> message.json().contains("thief"));
        assertThat(kms.policy(Sample.KEY).bindings())
                .allSatisfy(binding -> assertThat(binding.members()).containsExactly(AnthropicPrincipal.MEMBER));
    }

    private static String registered(String id) {
        return edited(genuine(), whole -> whole.put("externalKeyId", id));
    }

    private void enter(Step step, String data) {
        OnboardingStore store = new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER);
        OnboardingHandler handler = new OnboardingHandler(
                new MessageHandler(),
                new ResultPublisher(
                        topics,
                        new ResultLog(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)),
                        Sample.SERVICE),
                new TerminalResults(storage, Sample.CLOCK),
                new Approvals(storage),
                new RequestParser(Sample.LISTING),
                Sample.CLOCK,
                Configs.of(Map.of("cmek.google.project", "acme-cmek")));
        Map<String, Consumer<CloudEvent>> handlers = new Chain(
                        anthropic,
                        kms,
                        store,
                        Sample.CLOCK,
                        Sample.LISTING,
                        Sample.ORGANIZATION,
                        new Propagation(Duration.ZERO, Sample.CLOCK))
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
