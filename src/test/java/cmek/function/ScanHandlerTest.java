package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.pubsub.TopicsInProcess.Published;
import cmek.fake.DenyRules;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Reason;
import cmek.finding.RedeliveryException;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.result.Status;
import cmek.scan.KeyReport;
import cmek.scan.ReportedKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScanHandlerTest {

    private final ScanHarness apis = new ScanHarness();

    @Test
    void aValidationThatFailsOnceLeavesAKeyHealthy() {
        attached("a");
        apis.anthropic.timeOutValidations(1);

        apis.scan();
        apis.deliver();

        assertThat(statuses()).contains("scanKey HEALTHY").doesNotContain("scanKey UNHEALTHY");
    }

    @Test
    void aDenyPolicyIsTheReasonOfAKeyThatAnthropicCannotUse() {
        attached("a");
        apis.project.denyPolicies().attach(ProjectInProcess.PROJECT, "no-decrypt", DenyRules.everybody("useToDecrypt"));
        apis.anthropic.timeOutValidations(2);

        apis.scan();
        apis.deliver();

        assertThat(apis.results("UNHEALTHY"))
                .singleElement()
                .satisfies(result -> assertThat(result.path("reason").asText()).isEqualTo("DENY_POLICY"));
    }

    @Test
    void aScanEndsWithARowForEveryKeyAndSaysSo() {
        attached("a");
        attached("b");
        apis.kms.withLabels(key("b"), Map.of());

        apis.scan();
        apis.deliver();

        assertThat(statuses())
                .containsExactly(
                        "startScan SCAN_STARTED", "scanKey HEALTHY", "scanKey UNHEALTHY", "reportScan SCAN_COMPLETED");
        JsonNode run = apis.results("SCAN_COMPLETED").get(0).path("run");
        assertThat(run.path("id").asText()).isEqualTo(ScanHarness.RUN.value());
        assertThat(run.path("expected").asInt()).isEqualTo(2);
        assertThat(run.path("seen").asInt()).isEqualTo(2);
        assertThat(run.path("counts").path("UNHEALTHY").asInt()).isEqualTo(1);
        assertThat(run.path("reasons").path("LABEL_MISSING").asInt()).isEqualTo(1);
        assertThat(run.path("keys")).hasSize(2);
        assertThat(run.path("changes").path("newlyUnhealthy").get(0).asText()).isEqualTo("ekey_b");
        assertThat(run.path("report").asText()).isEqualTo("runs/" + ScanHarness.RUN + "/");
    }

    @Test
    void aRegistrationUnderItsProjectsNumberIsScannedAndOneThatNobodyKnowsIsToldWithoutTheScanBeingIncomplete() {
        attached("a");
        apis.project.resourceManager().numbered("acme-kms-prod", "123456789012");
        Scans.healthy(apis.kms, key("b"));
        apis.anthropic
                .withProjectNumber("123456789012", "acme-kms-prod")
                .withKey("ekey_b", key("b").toString().replace("acme-kms-prod", "123456789012"), Sample.NOW)
                .withKey("ekey_odd", key("c").toString().replace("acme-kms-prod", "999999999999"), Sample.NOW)
                .withWorkspace("wrkspc_b", "Payments")
                .attach("wrkspc_b", "ekey_b");

        apis.scan();
        apis.deliver();

        assertThat(rows())
                .containsExactlyInAnyOrderEntriesOf(Map.of("ekey_a", Status.HEALTHY, "ekey_b", Status.HEALTHY));
        JsonNode end = apis.results("SCAN_COMPLETED").get(0);
        assertThat(end.path("findings").findValuesAsText("reason")).isEmpty();
        assertThat(end.path("warnings").findValuesAsText("reason")).containsExactly("REGISTRATION_NOT_CANONICAL");
        assertThat(end.path("warnings").findValuesAsText("message").get(0))
                .contains("ekey_odd", "projects/999999999999/");
    }

    @Test
    void theAttributesSayWhatFiltersAskFor() {
        attached("a");
        apis.kms.withLabels(key("a"), Map.of());

        apis.scan();
        apis.deliver();

        assertThat(apis.topics.on("results").get(1).attributes())
                .containsEntry("requestId", ScanHarness.RUN.value())
                .containsEntry("runId", ScanHarness.RUN.value())
                .containsEntry("status", "UNHEALTHY")
                .containsEntry("step", "scanKey")
                .containsEntry("reason", "LABEL_MISSING")
                .containsEntry("key", key("a").toString())
                .containsEntry("ce-id", ScanHarness.RUN + ".ekey_a.scanKey.UNHEALTHY");
    }

    @Test
    void theLogIsOneObjectALineAndWithoutTheRows() {
        attached("a");

        apis.scan();
        apis.deliver();

        List<JsonNode> lines =
                apis.log.toString(UTF_8).lines().map(ScanHarness::json).toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2).path("message").asText()).startsWith("SCAN_COMPLETED reportScan: Checked 1 of 1 key: ");
        assertThat(lines.get(2).path("result").path("run").path("keys")).isEmpty();
    }

    @Test
    void manyKeysInBadWeatherAreAsManyRightRows() {
        Map<String, Status> right = estate(250);
        Random dice = new Random(20261123);
        // 5 % 429, 2 % 5xx, 1 % timeouts.
        apis.trouble(() -> {
            if (dice.nextInt(100) < 8) {
                throw new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 429, 503 or nothing at all", null);
            }
        });
        int[] calls = {0};
        apis.trouble(() -> {
            calls[0]++;
            if (calls[0] == 800) {
                throw new ScanHarness.Crash();
            }
        });

        apis.scan();
        apis.deliver();

        assertThat(rows()).isEqualTo(right);
        assertThat(apis.report().status()).isEqualTo(Status.SCAN_COMPLETED);
        assertThat(apis.results("SCAN_COMPLETED")).hasSize(1);
        assertThat(apis.kms.writes()).isEmpty();
        assertThat(calls[0]).isGreaterThan(800);
    }

    @Test
    void theSameScanAgainChangesNothing() {
        estate(100);
        apis.scan();
        apis.deliver();
        var before = apis.storage.snapshot();
        Set<List<Object>> said = said();
        apis.kms.withLabels(key("1"), Map.of());
        attached("late");
        apis.pass(Duration.ofHours(3));

        apis.scan();
        apis.deliver();

        assertThat(apis.storage.snapshot()).isEqualTo(before);
        assertThat(said()).isEqualTo(said);
    }

    @Test
    void aCrashBeforePublishingIsMadeGoodByTheRedelivery() {
        attached("a");
        apis.scan();
        Published inspect = apis.topics.on("scan-key").get(0);
        apis.topics.failingOn("results");
        assertThatThrownBy(() -> apis.handler().scanKey(ScanHarness.message("2", inspect.json(), Sample.NOW)))
                .isInstanceOf(TransientException.class);
        KeyReport kept = apis.report("ekey_a");
        apis.topics.recovered();

        apis.handler().scanKey(ScanHarness.message("2", inspect.json(), Sample.NOW));

        assertThat(apis.results("HEALTHY")).hasSize(1);
        assertThat(apis.report("ekey_a")).isEqualTo(kept);
        assertThat(apis.admin.calls()).hasSize(1);
    }

    @Test
    void whileKeysAreMissingTheReportAsksToBeDeliveredAgain() {
        attached("a");
        apis.scan();
        Published report = apis.topics.on("report-scan").get(0);

        assertThatThrownBy(() -> apis.handler().reportScan(ScanHarness.message("3", report.json(), Sample.NOW)))
                .isInstanceOf(RedeliveryException.class)
                .hasMessageContaining("0 of 1 keys");
        assertThat(apis.results()).hasSize(1);
    }

    @Test
    void aPageThatCannotBeHadMakesTheScanIncompleteThoughEveryKnownKeyIsWell() {
        attached("a");
        apis.admin.cutOff("external_keys");

        apis.scan();
        apis.deliver();

        assertThat(apis.results("HEALTHY")).hasSize(1);
        JsonNode end = apis.results("SCAN_INCOMPLETE").get(0);
        assertThat(end.path("reason").asText()).isEqualTo("ANTHROPIC_UNAVAILABLE");
        assertThat(apis.results("SCAN_COMPLETED")).isEmpty();
    }

    // --- changes -------------------------------------------------------------------------------------------------

    enum Deed {
        DISABLED("UpdateCryptoKeyVersion", "/cryptoKeyVersions/1", Reason.KEY_VERSION_DISABLED) {
            @Override
            void happen(KmsInProcess kms) {
                kms.withVersion(key("a"), 1, "DISABLED");
            }
        },
        UNBOUND("SetIamPolicy", "", Reason.BINDING_MISSING) {
            @Override
            void happen(KmsInProcess kms) {
                kms.withPolicy(key("a"), "{}");
            }
        },
        DOOMED("DestroyCryptoKeyVersion", "/cryptoKeyVersions/1", Reason.KEY_VERSION_DESTROY_SCHEDULED) {
            @Override
            void happen(KmsInProcess kms) {
                kms.withVersion(key("a"), 1, "DESTROY_SCHEDULED");
            }
        },
        UNLABELLED("UpdateCryptoKey", "", Reason.LABEL_MISSING) {
            @Override
            void happen(KmsInProcess kms) {
                kms.withLabels(key("a"), Map.of());
            }
        };

        private final String method;
        private final String version;
        private final Reason reason;

        Deed(String method, String version, Reason reason) {
            this.method = method;
            this.version = version;
            this.reason = reason;
        }

        abstract void happen(KmsInProcess kms);
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void aChangeIsHeardAndToldWithItsCauseInOneEvent(Deed deed) {
        attached("a");
        deed.happen(apis.kms);

        apis.handler().rescanChangedKey(entry(deed.method, key("a") + deed.version, "mallory@example.com"));
        apis.deliver();

        assertThat(apis.results()).singleElement().satisfies(result -> {
            assertThat(result.path("status").asText()).isEqualTo("UNHEALTHY");
            assertThat(result.path("reason").asText()).isEqualTo(deed.reason.name());
            assertThat(result.path("message").asText()).contains("after " + deed.method + " by mallory@example.com");
        });
    }

    @Test
    void aBurstOfEntriesIsCheckedOnceAfterTheLast() {
        attached("a");
        apis.pass(Duration.ofSeconds(60));

        apis.handler().rescanChangedKey(entry("SetIamPolicy", key("a").toString(), "mallory@example.com"));
        apis.handler().rescanChangedKey(entry("SetIamPolicy", key("a").toString(), "trudy@example.com"));
        apis.deliver();

        assertThat(apis.results()).hasSize(1);
        assertThat(apis.admin.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody's", "ours"})
    void whatIsNobodysBusinessIsTakenAndNothingSaid(String whose) {
        attached("a");

        apis.handler()
                .rescanChangedKey(entry(
                        "SetIamPolicy",
                        key(whose.equals("ours") ? "a" : "unregistered").toString(),
                        whose.equals("ours") ? Scans.OURS : "mallory@example.com"));

        assertThat(apis.topics.published()).isEmpty();
    }

    @Test
    void entriesAboutKeysOfOthersHaveTheListsReadOnceAMinute() {
        attached("a");
        int[] calls = {0};
        apis.trouble(() -> calls[0]++);

        for (int i = 0; i < 50; i++) {
            apis.handler()
                    .rescanChangedKey(entry("SetIamPolicy", key("unrelated" + i).toString(), "mallory@example.com"));
        }

        assertThat(calls[0]).isEqualTo(2);
        assertThat(apis.topics.published()).isEmpty();
    }

    /** What was read before a change may lack the key, which may have been registered since. */
    @Test
    void anEntryIsTakenOnceTheListsWereReadAfterIt() {
        attached("a");
        apis.handler().rescanChangedKey(entry("SetIamPolicy", key("b").toString(), "mallory@example.com"));
        apis.pass(Duration.ofSeconds(20));
        attached("b");
        var later = entryAt("2026-11-23T02:00:10Z", key("b").toString());
        assertThatThrownBy(() -> apis.handler().rescanChangedKey(later)).isInstanceOf(TransientException.class);
        var known = entryAt("2026-11-23T02:00:10Z", key("a").toString());
        apis.handler().rescanChangedKey(known);
        assertThat(apis.topics.on("scan-key")).hasSize(1);
        apis.pass(Duration.ofSeconds(41));

        apis.handler().rescanChangedKey(later);

        assertThat(apis.topics.on("scan-key")).hasSize(2);
    }

    @Test
    void aRegistrationThatCannotBeReadIsItsOwnProblem() {
        attached("a");
        apis.anthropic.withKey("odd", key("a").toString(), Sample.NOW).withWorkspace("odd", "Payments");

        apis.handler().rescanChangedKey(entry("SetIamPolicy", key("unrelated").toString(), "mallory@example.com"));
        apis.handler().rescanChangedKey(entry("SetIamPolicy", key("a").toString(), "mallory@example.com"));

        assertThat(apis.topics.on("scan-key")).hasSize(1);
        assertThat(apis.results()).isEmpty();
    }

    // --- nonsense ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "[]", "{}", "null", "\"scan-20261123T020000Z-00000000\"", "{\"run\":\"../..\"}"})
    void nonsenseIsRefusedOnceAndNotDeliveredAgain(String data) {
        apis.handler().scanKey(ScanHarness.message("5", data, Sample.NOW));
        apis.handler().reportScan(ScanHarness.message("6", data, Sample.NOW));
        apis.handler().rescanChangedKey(ScanHarness.message("7", data, Sample.NOW));

        assertThat(statuses()).containsExactly("scanKey REFUSED", "reportScan REFUSED", "rescanChangedKey REFUSED");
        assertThat(apis.results())
                .allSatisfy(result -> assertThat(result.path("reason").asText()).isEqualTo("UNREADABLE"));
        assertThat(apis.storage.names()).isEmpty();
    }

    // --- helpers of these tests ----------------------------------------------------------------------------------

    /** Keys, most of them well. */
    private Map<String, Status> estate(int keys) {
        Map<String, Status> right = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            String id = Integer.toString(i);
            if (i % 97 == 0) {
                Scans.healthy(apis.kms, key(id));
                apis.anthropic.withKey("ekey_" + id, key(id).toString(), Sample.NOW);
                right.put("ekey_" + id, Status.UNUSED);
                continue;
            }
            attached(id);
            right.put("ekey_" + id, Status.HEALTHY);
            if (i % 41 == 0) {
                apis.kms.withPolicy(key(id), "{}");
                right.put("ekey_" + id, Status.UNHEALTHY);
            } else if (i % 53 == 0) {
                apis.kms.withLabels(key(id), Map.of());
                right.put("ekey_" + id, Status.UNHEALTHY);
            }
        }
        return right;
    }

    private void attached(String id) {
        Scans.healthy(apis.kms, key(id));
        apis.anthropic
                .withKey("ekey_" + id, key(id).toString(), Sample.NOW)
                .withWorkspace("wrkspc_" + id, "Payments")
                .attach("wrkspc_" + id, "ekey_" + id);
    }

    private static CryptoKeyName key(String id) {
        return CryptoKeyName.parse("projects/acme-kms-prod/locations/us-east5/keyRings/r/cryptoKeys/" + id);
    }

    private Map<String, Status> rows() {
        return apis.report().keys().stream()
                .collect(Collectors.toMap(row -> row.externalKeyId().value(), ReportedKey::status));
    }

    /** Every fact that was published, without how often. */
    private Set<List<Object>> said() {
        return apis.topics.on("results").stream()
                .map(message -> List.<Object>of(message.attributes(), message.json()))
                .collect(Collectors.toSet());
    }

    private List<String> statuses() {
        List<String> statuses = new ArrayList<>();
        apis.results()
                .forEach(result -> statuses.add(result.path("step").asText() + " "
                        + result.path("status").asText()));
        return statuses;
    }

    private static io.cloudevents.CloudEvent entryAt(String time, String resource) {
        return ScanHarness.message("4", """
                {"insertId":"%1$s%2$s","timestamp":"%1$s","protoPayload":{"serviceName":"cloudkms.googleapis.com",
                 "methodName":"SetIamPolicy","resourceName":"%2$s","authenticationInfo":{"principalEmail":"m@example.com"}}}
                """.formatted(time, resource), Sample.NOW);
    }

    private static io.cloudevents.CloudEvent entry(String method, String resource, String principal) {
        String data = """
                {"insertId":"%s","protoPayload":{"serviceName":"cloudkms.googleapis.com","methodName":"%s","resourceName":"%s",
                 "authenticationInfo":{"principalEmail":"%s"}},"timestamp":"2026-11-23T02:00:00Z"}
                """.formatted(principal + method, method, resource, principal);
        return ScanHarness.message("4", data, Sample.NOW);
    }
}
