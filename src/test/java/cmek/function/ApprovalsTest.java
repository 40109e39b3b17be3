package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.check.KeyInspection;
import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.http.SideBySide;
import cmek.client.pubsub.TopicsInProcess;
import cmek.client.pubsub.TopicsInProcess.Published;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.config.Configs;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.function.logging.ResultLog;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.model.Policy;
import cmek.onboarding.Propagation;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.NewestResults;
import cmek.onboarding.state.OnboardingStore;
import cmek.onboarding.state.TerminalResults;
import cmek.onboarding.state.Warnings;
import cmek.onboarding.step.AttachWorkspace;
import cmek.onboarding.step.CheckPrerequisites;
import cmek.result.Status;
import cmek.schema.Schemas;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Faults;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last entry point, where what it does takes two. */
class ApprovalsTest {

    private static final ExternalKeyId MINE = new ExternalKeyId("ekey_mine");

    private static final String WORKSPACE = Sample.WORKSPACE.value();

    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator()
            .withKey(MINE.value(), Sample.KEY.toString(), Sample.NOW)
            .withWorkspace(WORKSPACE, "Payments");
    private final AdminApi anthropic = admin.client();
    private final KmsInProcess kms =
            new KmsInProcess().withKey(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);
    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
    private final TopicsInProcess topics = new TopicsInProcess();

    @AfterEach
    void everyResultKeepsTheContract() {
        assertThat(topics.on("results"))
                .allSatisfy(message ->
                        assertThat(Schemas.RESULT.faults(message.json())).isEmpty());
    }

    @Test
    void anEventOfTheStepBeforeMakesItAsk() {
        JsonNode asked = asked();

        assertThat(asked.path("status").asText()).isEqualTo("AWAITING_APPROVAL");
        assertThat(asked.path("until").asText()).isEqualTo("2026-11-26T02:00:00.000Z");
        assertThat(asked.path("remedy").toString())
                .isEqualTo(
                        "[\"gcloud pubsub topics publish cmek-approvals --project=acme-cmek '--message={\\\"approve\\\":\\\""
                                + digest(asked) + "\\\"}'\"]");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void theSameEventAsksTheSame() {
        String first = digest(asked());

        assertThat(digest(asked())).isEqualTo(first);
        assertThat(ids()).containsOnly("payments-prod.1001.attachWorkspace.AWAITING_APPROVAL");
    }

    @Test
    void whoeverIsAskedAttachesByTheirMessage() {
        approve(Duration.ofHours(1), "8001", digest(asked()));

        assertThat(last()).isEqualTo("payments-prod ATTACHED null");
        assertThat(ids()).last().isEqualTo("payments-prod.8001.attachWorkspace.ATTACHED");
        assertThat(simulator.attachedKey(WORKSPACE)).contains(MINE.value());
    }

    @Test
    void anApprovalGoesThroughTheChecksBeforeItAttaches() {
        String digest = digest(asked());
        int before = topics.published().size();

        approve(Duration.ofDays(2), "8001", digest);

        assertThat(topics.published().subList(before, topics.published().size()).stream()
                        .map(Published::topic))
                .containsExactly("results", "check-prerequisites", "results", "attach-workspace", "results");
        assertThat(topics.on("results").stream()
                        .map(message -> message.attributes().get("step") + " "
                                + message.attributes().get("status"))
                        .skip(1))
                .containsExactly("attachWorkspace PROGRESS", "checkPrerequisites PROGRESS", "attachWorkspace ATTACHED");
    }

    @Test
    void anybodyWhoCanDecryptByNowKeepsTheKeyFromBeingAttached() {
        String digest = digest(asked());
        kms.withPolicy(
                Sample.KEY,
                Sample.GRANTED.replace(
                        "{\"role\":\"roles/cloudkms.viewer\"",
                        "{\"role\":\"roles/cloudkms.cryptoKeyDecrypter\",\"members\":[\"allUsers\"]},"
                                + "{\"role\":\"roles/cloudkms.viewer\""));

        approve(Duration.ofDays(3), "8001", digest);

        assertThat(last()).isEqualTo("payments-prod REFUSED UNEXPECTED_PRINCIPAL");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aProfileThatTheWorkspaceGotMeanwhileKeepsTheKeyFromBeingAttached() {
        String digest = digest(asked());
        simulator.withBoundWorkspace(WORKSPACE, "Payments", "uprof_1");

        approve(Duration.ofDays(3), "8001", digest);

        assertThat(last()).isEqualTo("payments-prod REFUSED USER_PROFILE_MISMATCH");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anApprovalShowsInPlainWordsWhatAnAttachmentChanges() {
        assertThat(asked().at("/approval/shown").toString())
                .contains(
                        "attaching is permanent: the key can never be removed or replaced",
                        "the workspace's data-retention setting is locked",
                        "data that was written before is never encrypted again",
                        "it takes up to a day",
                        "the Console's Playground and the structured outputs of some models end");
    }

    @Test
    void aWorkspaceThatBecameTheDefaultOneIsNotAttached() {
        String digest = digest(asked());
        simulator.withDefaultWorkspace(WORKSPACE);

        approve(Duration.ofHours(1), "8001", digest);

        assertThat(last()).isEqualTo("payments-prod REFUSED DEFAULT_WORKSPACE_NOT_ACKNOWLEDGED");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anEventThatNamesAnApprovalThatNobodyGaveIsRefused() {
        String digest = digest(asked());
        String forged = Json.written(Sample.onboarding(Mode.PROVISION)
                .withExternalKeyId(MINE)
                .resume(digest, "8001", "f".repeat(32), Sample.NOW));

        attach(Duration.ofHours(1)).attachWorkspace(Events.eventarc(forged));

        assertThat(last()).isEqualTo("payments-prod REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aRedeliveryOfTheirMessageSaysTheSameAgain() {
        String digest = digest(asked());
        approve(Duration.ofHours(1), "8001", digest);
        List<String> done = admin.calls();

        approve(Duration.ofHours(80), "8001", digest);

        assertThat(last()).isEqualTo("payments-prod ATTACHED null");
        assertThat(ids()).last().isEqualTo("payments-prod.8001.attachWorkspace.ATTACHED");
        assertThat(admin.calls()).isEqualTo(done);
    }

    @Test
    void anApprovalIsGoodForOneMessage() {
        String digest = digest(asked());
        simulator.archive(WORKSPACE);
        approve(Duration.ofHours(1), "8001", digest);
        assertThat(last()).isEqualTo("payments-prod REFUSED WORKSPACE_ARCHIVED");
        simulator.withWorkspace(WORKSPACE, "Payments");

        approve(Duration.ofHours(2), "8002", digest);

        assertThat(last()).isEqualTo("payments-prod REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anApprovalIsGoodForSeventyTwoHours() {
        String digest = digest(asked());

        approve(Duration.ofDays(3).plusMillis(1), "8001", digest);

        assertThat(last()).isEqualTo("payments-prod REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(admin.calls()).isEmpty();
        approve(Duration.ofDays(3), "8002", digest);
        assertThat(last()).isEqualTo("payments-prod ATTACHED null");
    }

    @Test
    void aMessageThatWasInTimeMayBeDeliveredAgainWhenItIsLate() {
        String digest = digest(asked());
        admin.failing(529);
        Optional<Throwable> thrown = thrownBy(Duration.ofHours(71), "8001", digest);
        assertThat(thrown).isPresent();
        admin.recovered();

        approve(Duration.ofHours(73), "8001", digest);

        assertThat(last()).isEqualTo("payments-prod ATTACHED null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "approve",
                "{\"approve\":true}",
                "{\"approve\":\"0000000000000000000000000000000000000000000000000000000000000000\"}",
                "{\"approve\":\"../../onboardings/x\"}"
            })
    void whatNobodyAskedForIsRefused(String data) {
        asked();

        attach(Duration.ofHours(1)).attachWorkspace(Events.approval("8001", "2026-11-23T03:00:00Z", data));

        assertThat(last()).isEqualTo("8001 REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void anApprovalThroughTheStepsOwnTopicIsNone() {
        String digest = digest(asked());

        attach(Duration.ofHours(1)).attachWorkspace(Events.eventarc("{\"approve\":\"" + digest + "\"}"));

        assertThat(last()).endsWith(" REFUSED UNREADABLE");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void moreThanTheDigestIsTooMuch() {
        String digest = digest(asked());

        attach(Duration.ofHours(1))
                .attachWorkspace(Events.approval(
                        "8001",
                        "2026-11-23T03:00:00Z",
                        "{\"approve\":\"" + digest + "\",\"workspaceId\":\"wrkspc_01other\"}"));

        assertThat(last()).isEqualTo("8001 REFUSED APPROVAL_NOT_ACCEPTED");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void whatTheOperatorsNoLongerAllowIsNotAttachedAlthoughItWasApproved() {
        String digest = digest(asked());
        Policy narrower = new Policy(
                List.of("acme-*"),
                List.of("wrkspc_other"),
                Policy.US_REGIONS,
                Sample.POLICY.protectionLevels(),
                Policy.AuditLogs.WARN,
                Policy.AttachApproval.REQUIRED);

        approve(Duration.ofHours(1), narrower, "8001", digest);

        assertThat(last()).isEqualTo("payments-prod REFUSED WORKSPACE_NOT_ALLOWED");
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aDeadLetterOfAnApprovalEndsIt() {
        String digest = digest(asked());

        handler(Duration.ofHours(1), Sample.APPROVING)
                .handleDeadLetter(Events.eventarc("{\"approve\":\"" + digest + "\"}"), nothing -> Optional.empty());

        assertThat(last()).isEqualTo("payments-prod FAILED RETRIES_EXHAUSTED");
        assertThat(ids()).last().asString().endsWith(".attachWorkspace.FAILED");
    }

    // --- the bucket is closed, or holds what this release cannot read ----------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"read", "create"})
    void anApprovalEndsOnceAlthoughTheBucketIsClosed(String call) {
        String digest = digest(asked());
        int before = topics.on("results").size();
        close(call);

        approve(Duration.ofHours(1), "8001", digest);
        approve(Duration.ofHours(1), "8001", digest);

        assertThat(terminal(before)).containsExactly("REFUSED PERMISSION_DENIED");
        assertThat(admin.calls()).noneMatch(made -> made.startsWith("workspaces/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "create"})
    void aDeadLetterOfAnApprovalEndsOnceAlthoughTheBucketIsClosed(String call) {
        String digest = digest(asked());
        int before = topics.on("results").size();
        close(call);

        handler(Duration.ofHours(1), Sample.APPROVING)
                .handleDeadLetter(Events.eventarc("{\"approve\":\"" + digest + "\"}"), nothing -> Optional.empty());

        assertThat(terminal(before)).containsExactly("FAILED RETRIES_EXHAUSTED");
    }

    @Test
    void whatCannotBeAskedForIsRefused() {
        close("create");

        asked();

        assertThat(terminal(0)).containsExactly("REFUSED PERMISSION_DENIED");
    }

    @Test
    void whatAnotherReleaseAskedForIsRefusedAndItsDeadLetterEnds() {
        String digest = digest(asked());
        int before = topics.on("results").size();
        bucket.write("approvals/" + digest + "/asked.json", "{\"approval\":[1]}");

        approve(Duration.ofHours(1), "8001", digest);
        handler(Duration.ofHours(1), Sample.APPROVING)
                .handleDeadLetter(Events.eventarc("{\"approve\":\"" + digest + "\"}"), nothing -> Optional.empty());

        assertThat(terminal(before)).containsExactly("REFUSED APPROVAL_NOT_ACCEPTED", "FAILED RETRIES_EXHAUSTED");
    }

    /** One kind of call is not permitted any more. */
    private void close(String call) {
        bucket.put(Faults.every(
                1,
                Faults.calls(call.equals("read") ? "GET" : "POST", ".*/acme-evidence/o.*"),
                Faults.status(403, Map.of("content-type", "application/json"), """
                        {"error":{"code":403,"message":"the bucket is closed",
                         "errors":[{"message":"the bucket is closed","domain":"global","reason":"forbidden"}]}}""")));
    }

    /** Status and reason of each terminal result from an index on; a duplicate of one is the same. */
    private List<String> terminal(int from) {
        List<Published> results = topics.on("results");
        return results.subList(from, results.size()).stream()
                .filter(message -> Status.valueOf(
                                String.valueOf(message.attributes().get("status")))
                        .isTerminal())
                .collect(Collectors.toMap(
                        message -> String.valueOf(message.attributes().get("ce-id")),
                        message -> message.attributes().get("status") + " "
                                + message.attributes().get("reason"),
                        (one, other) -> one,
                        LinkedHashMap::new))
                .values()
                .stream()
                .toList();
    }

    // -------------------------------------------------------------------------------------------------------------

    private JsonNode asked() {
        attach(Duration.ZERO)
                .attachWorkspace(Events.eventarc(
                        Json.written(Sample.onboarding(Mode.PROVISION).withExternalKeyId(MINE))));
        List<Published> results = topics.on("results");
        return ScanHarness.json(results.get(results.size() - 1).json());
    }

    private void approve(Duration later, String messageId, String digest) {
        approve(later, Sample.APPROVING, messageId, digest);
    }

    private void approve(Duration later, Policy policy, String messageId, String digest) {
        int before = topics.published().size();
        attach(later, policy).attachWorkspace(approval(messageId, digest));
        deliver(later, policy, before);
    }

    private Optional<Throwable> thrownBy(Duration later, String messageId, String digest) {
        try {
            approve(later, messageId, digest);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    private static CloudEvent approval(String messageId, String digest) {
        // Two messages of one moment and the same bytes would be one.
        return Events.approval(messageId, "2026-11-23T03:00:00." + messageId + "Z", "{\"approve\":\"" + digest + "\"}");
    }

    private AttachWorkspaceFunction attach(Duration later) {
        return attach(later, Sample.APPROVING);
    }

    private AttachWorkspaceFunction attach(Duration later, Policy policy) {
        RegistrationLookup registrations = new RegistrationLookup(anthropic, Checks.names());
        OnboardingStore store = new OnboardingStore(storage, clock(later), Sample.LEDGER);
        AttachWorkspace step = new AttachWorkspace(
                anthropic,
                Checks.validation(anthropic),
                new WorkspaceLookup(anthropic, Checks.names()),
                registrations,
                store,
                new Approvals(storage),
                new Propagation(Duration.ZERO, clock(later)),
                Sample.CALLS,
                policy,
                Sample.ORGANIZATION);
        return new AttachWorkspaceFunction(handler(later, policy), step);
    }

    private CheckPrerequisitesFunction check(Duration later, Policy policy) {
        SideBySide reads = new SideBySide(Runnable::run);
        ProjectInProcess project = new ProjectInProcess();
        KeyInspection keys = new KeyInspection(kms.client(), policy, Sample.ORGANIZATION);
        return new CheckPrerequisitesFunction(
                handler(later, policy),
                new CheckPrerequisites(
                        Checks.over(
                                anthropic,
                                kms.client(),
                                keys,
                                project,
                                reads,
                                policy,
                                Sample.ORGANIZATION,
                                Optional.empty(),
                                clock(later)),
                        Checks.subjects(anthropic, kms.client(), keys, project, reads),
                        Sample.ORGANIZATION));
    }

    /** Hands on what was published for the two functions of an approval's way, from a message on. */
    private void deliver(Duration later, Policy policy, int from) {
        for (int i = from; i < topics.published().size(); i++) {
            Published message = topics.published().get(i);
            CloudEvent event =
                    ScanHarness.message("4" + i, message.json(), clock(later).instant());
            switch (message.topic()) {
                case "check-prerequisites" -> check(later, policy).checkPrerequisites(event);
                case "attach-workspace" -> attach(later, policy).attachWorkspace(event);
                default -> {}
            }
        }
    }

    private OnboardingHandler handler(Duration later, Policy policy) {
        return new OnboardingHandler(
                new MessageHandler(),
                new ResultPublisher(
                        topics.client(),
                        new ResultLog(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)),
                        Sample.SERVICE,
                        new NewestResults(storage),
                        Sample.CALLS),
                new TerminalResults(storage, clock(later)),
                new Approvals(storage),
                new Warnings(storage),
                new RequestParser(policy),
                Sample.CALLS,
                clock(later),
                Configs.of(Map.of("cmek.google.project", "acme-cmek", "cmek.timing.max-age", "P30D")));
    }

    private static Clock clock(Duration later) {
        return Clock.offset(Sample.CLOCK, later);
    }

    private static String digest(JsonNode asked) {
        return asked.at("/approval/digest").asText();
    }

    /** Who was answered last, and what. */
    private String last() {
        List<Published> results = topics.on("results");
        JsonNode result = ScanHarness.json(results.get(results.size() - 1).json());
        return result.path("requestId").asText() + " "
                + result.path("status").asText() + " "
                + result.path("reason").asText();
    }

    private List<String> ids() {
        return topics.on("results").stream()
                .map(message -> String.valueOf(message.attributes().get("ce-id")))
                .toList();
    }
}
