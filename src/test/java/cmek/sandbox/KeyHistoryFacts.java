package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.finding.Reason;
import cmek.simulator.KmsSimulator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What became of a key and its versions before it was registered, and since: what an onboarding says of it, and what a check
 * of the key after a change.
 */
abstract class KeyHistoryFacts extends FromOutside {

    private static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/history/cryptoKeys/";

    /** How long Google needs to know a grant: longer than the service waits within one validation. */
    abstract Duration lateGrant();

    // --- versions that are lost ----------------------------------------------------------------------------------

    @Test
    void aGapInTheNumbersOfAnAttachedKeyIsALostVersion() {
        String key = attached("gap");
        kms().addVersion(key, true);
        kms().addVersion(key, true);
        kms().deleteVersion(key, 2);

        JsonNode result = checked("gap");

        assertThat(reasons(result)).containsExactly("OLD_VERSION_LOST");
        assertThat(result.path("status").asText()).isEqualTo("UNHEALTHY");
        assertThat(result.path("message").asText())
                .contains("version 2 was deleted (or was an import that failed and was deleted)")
                .contains("wrkspc_01gap (gap)");
        assertThat(remedy(result)).noneMatch(line -> line.startsWith("gcloud "));
    }

    @Test
    void aGapBelowAVersionThatIsOlderThanTheRegistrationIsANotice() {
        String key = ready("oldgap");
        kms().addVersion(key, true);
        kms().addVersion(key, true);
        kms().deleteVersion(key, 2);
        attachLater("oldgap");

        JsonNode result = checked("oldgap");

        assertThat(result.path("status").asText()).isEqualTo("HEALTHY");
        assertThat(notices(result)).containsExactly("OLD_VERSION_LOST");
    }

    @Test
    void aVersionThatAnEarlierCheckSawIsMissedAlsoAtTheEndOfTheList() {
        String key = attached("tail");
        kms().addVersion(key, false);
        assertThat(checked("tail").path("status").asText()).isEqualTo("HEALTHY");
        kms().deleteVersion(key, 2);

        JsonNode result = checked("tail");

        assertThat(reasons(result)).containsExactly("OLD_VERSION_LOST");
        assertThat(result.path("message").asText()).contains("version 2 was deleted");
    }

    @Test
    void aDestroyedVersionWhoseImportFailedIsLost() {
        String key = attached("reimport");
        kms().importVersion(key);
        kms().addVersion(key, true);
        kms().setVersionState(key, 2, "DESTROYED").failReimport(key, 2);

        JsonNode result = checked("reimport");

        assertThat(reasons(result)).containsExactly("OLD_VERSION_LOST");
        assertThat(result.path("message").asText())
                .contains("version 2 was destroyed at ", "and importing it again failed");
        assertThat(remedy(result))
                .anyMatch(line -> line.contains("gcloud kms keys versions import --key=reimport")
                        && line.contains(" --version=2 "));
    }

    @Test
    void anImportThatFailedAndNeverHeldDataIsNotLost() {
        String key = attached("import");
        kms().addVersion(key, false);
        kms().setVersionState(key, 2, "IMPORT_FAILED");

        assertThat(checked("import").path("status").asText()).isEqualTo("HEALTHY");
    }

    @Test
    void aVersionDestroyedBeforeTheRegistrationIsNoFinding() {
        String key = ready("before");
        kms().addVersion(key, true);
        kms().setVersionState(key, 1, "DESTROYED");
        attachLater("before");

        JsonNode result = checked("before");

        assertThat(result.path("status").asText()).isEqualTo("HEALTHY");
        assertThat(notices(result)).isEmpty();
    }

    @Test
    void aVersionDestroyedSinceTheRegistrationIsLost() {
        String key = attached("since");
        kms().addVersion(key, true);
        kms().setVersionState(key, 1, "DESTROYED");

        assertThat(reasons(checked("since"))).containsExactly("OLD_VERSION_LOST");
    }

    @Test
    void whatBearsNoDateIsANoticeUntilTheKeyIsAttached() {
        String key = ready("dateless");
        kms().addVersion(key, true);
        kms().addVersion(key, true);
        kms().setVersionState(key, 1, "DISABLED").setVersionState(key, 2, "DESTROY_SCHEDULED");
        String registration = deployment.apis().admin().register(key, "dateless");

        JsonNode loose = checked("dateless");
        assertThat(loose.path("status").asText()).isEqualTo("UNUSED");
        assertThat(notices(loose)).containsExactly("KEY_VERSION_DESTROY_SCHEDULED", "OLD_VERSION_UNUSABLE");

        deployment
                .apis()
                .admin()
                .withWorkspace(workspace("dateless"), "dateless")
                .attach(workspace("dateless"), registration);
        JsonNode used = checked("dateless");
        assertThat(used.path("status").asText()).isEqualTo("UNHEALTHY");
        assertThat(reasons(used)).containsExactly("KEY_VERSION_DESTROY_SCHEDULED", "OLD_VERSION_UNUSABLE");
    }

    @Test
    void aKeyOfOthersWithALongHistoryIsPendingWhileItsGrantIsYoungAndThenAttached() {
        String key = ready("history");
        kms().addVersion(key, true);
        kms().addVersion(key, true);
        kms().setVersionState(key, 1, "DESTROYED").setVersionState(key, 2, "DISABLED");
        kms().setPolicy(key, JsonNodeFactory.instance.objectNode());
        deployment.apis().admin().withWorkspace(workspace("history"), "history");
        kms().propagation(lateGrant());
        try {
            List<Results.Published> results = deployment.onboard(request("history", "provision", true));

            assertThat(results).extracting(Results.Published::status).contains("PENDING");
            assertThat(last(results).path("status").asText()).isEqualTo("ATTACHED");
        } finally {
            kms().propagation(Duration.ZERO);
        }
    }

    // --- keys that are gone --------------------------------------------------------------------------------------

    @Test
    void anAttachedKeyThatWasDeletedIsToldWithWhatIsLostAndNoCommandCreatesItAgain() {
        kms().deleteKey(attached("deleted"));

        JsonNode result = checked("deleted");

        assertThat(reasons(result)).containsExactly("KEY_DELETED");
        assertThat(result.path("message").asText())
                .contains("can never be used again", "data is lost permanently in wrkspc_01deleted (deleted)")
                .contains("Anthropic cannot use the key now");
        assertThat(result.path("actor").asText()).isEqualTo("ANTHROPIC_ADMIN");
        assertThat(remedy(result)).noneMatch(line -> line.contains("keys create"));
    }

    @Test
    void aDeletedKeyThatAnEarlierCheckSawIsToldWithoutTheListOfRetiredNames() {
        String key = attached("remembered");
        assertThat(checked("remembered").path("status").asText()).isEqualTo("HEALTHY");
        kms().deleteKey(key).deny("cloudkms.retiredResources.list");
        try {
            assertThat(reasons(checked("remembered"))).containsExactly("KEY_DELETED");
            assertThat(reasons(checked("remembered"))).containsExactly("KEY_DELETED");
        } finally {
            kms().permit("cloudkms.retiredResources.list");
        }
    }

    @Test
    void aRegisteredKeyThatNobodyEverSawMayNeverHaveExisted() {
        ready("neighbour");
        register("typo");
        kms().deny("cloudkms.retiredResources.list");
        try {
            JsonNode result = checked("typo");

            assertThat(reasons(result)).contains("KEY_NOT_FOUND");
            assertThat(result.path("message").asText()).contains("it was deleted, or it never existed");
            assertThat(remedy(result)).noneMatch(line -> line.contains("keys create"));
        } finally {
            kms().permit("cloudkms.retiredResources.list");
        }
    }

    @Test
    void aProjectThatIsShutDownIsToldWithItsKeysAndTheWayBack() {
        String project = "acme-doomed-kms";
        deployment.apis().withProject(project);
        String key = "projects/" + project + "/locations/us-east5/keyRings/history/cryptoKeys/doomed";
        deployment.apis().withReadyKey(key);
        deployment
                .apis()
                .admin()
                .withWorkspace(workspace("doomed"), "doomed")
                .attach(workspace("doomed"), deployment.apis().admin().register(key, "doomed"));
        deployment.apis().resourceManager().shutDown(project);

        JsonNode result = checkedKey(key);

        assertThat(reasons(result)).containsExactly("PROJECT_DELETE_REQUESTED");
        assertThat(result.path("message").asText())
                .contains(
                        "around 2026-12-20T09:00:00.000Z",
                        "data would be lost permanently in wrkspc_01doomed (doomed)");
        assertThat(remedy(result).get(0)).isEqualTo("gcloud projects undelete " + project);
    }

    // --- a primary version that cannot be used -------------------------------------------------------------------

    @Test
    void aDisabledVersionIsOneFindingWithItsConsequence() {
        kms().setVersionState(attached("disabled"), 1, "DISABLED");

        JsonNode result = checked("disabled");

        assertThat(reasons(result)).containsExactly("KEY_VERSION_DISABLED");
        assertThat(result.path("message").asText()).contains("Anthropic cannot use the key now and says: ");
        assertThat(remedy(result))
                .containsExactly("gcloud kms keys versions enable 1 --key=disabled --keyring=history"
                        + " --location=us-east5 --project=acme-kms-prod");
    }

    @Test
    void aVersionThatIsStillGeneratedOrFailedToBeIsNoLoss() {
        kms().setVersionState(attached("pending"), 1, "PENDING_GENERATION");
        kms().setVersionState(attached("failed"), 1, "GENERATION_FAILED");

        JsonNode pending = checked("pending");
        JsonNode failed = checked("failed");

        assertThat(reasons(pending)).containsExactly("KEY_VERSION_NOT_READY");
        assertThat(pending.path("message").asText()).contains("this passes by itself");
        assertThat(reasons(failed)).containsExactly("KEY_VERSION_GENERATION_FAILED");
        assertThat(pending.path("message").asText() + failed.path("message").asText())
                .doesNotContain("lost");
    }

    @Test
    void aPolicyThatDeniesEveryUseIsTheOneCause() {
        kms().allowAccessReasons(attached("justified"));

        assertThat(reasons(checked("justified"))).containsExactly("KEY_ACCESS_JUSTIFICATIONS");
    }

    // --- all causes at once --------------------------------------------------------------------------------------

    @Test
    void allThatAKeyOfOthersLacksIsNamedAtOnce() {
        String key = ready("bare");
        kms().setLabels(key, Map.of()).setPolicy(key, JsonNodeFactory.instance.objectNode());

        JsonNode end = last(deployment.onboard(request("bare", "validate", false)));

        assertThat(end.path("reason").asText()).isEqualTo("LABEL_MISSING");
        assertThat(end.path("message").asText()).contains("lacks the label", "lacks roles/cloudkms");
        assertThat(remedy(end)).hasSize(3).allMatch(line -> line.startsWith("gcloud kms keys "));
    }

    @Test
    void whatIsTakenAwayBeforeTheValidationIsNamedAtOnceAndPublishingAgainComesFirst() {
        String key = ready("stripped");
        AtomicBoolean done = new AtomicBoolean();
        deployment.apis().adminGate().put((call, apis) -> {
            if (call.path().endsWith("/validate") && done.compareAndSet(false, true)) {
                kms().setLabels(key, Map.of()).setPolicy(key, JsonNodeFactory.instance.objectNode());
            }
            return apis.answer(call);
        });

        JsonNode end = last(deployment.onboard(request("stripped", "provision", false)));

        assertThat(end.path("step").asText()).isEqualTo("validateKey");
        assertThat(end.path("message").asText()).contains("lacks the label", "lacks roles/cloudkms");
        assertThat(remedy(end).get(0)).startsWith("publish the same request again");
        assertThat(last(deployment.onboard(request("stripped", "provision", false)))
                        .path("status")
                        .asText())
                .isEqualTo("VALIDATED");
    }

    // --- two registrations ---------------------------------------------------------------------------------------

    @Test
    void aSecondRegistrationThatIsNotUsedIsToBeDeletedAndNeverToBeAttached() {
        String key = attached("twice");
        String second = deployment.apis().admin().register(key, "twice more");

        List<Results.Published> published = change(key);

        JsonNode result = published.stream()
                .map(Results.Published::json)
                .filter(json -> json.path("externalKeyId").asText().equals(second))
                .findFirst()
                .orElseThrow();
        assertThat(result.path("reason").asText()).isEqualTo(Reason.REGISTERED_NOT_ATTACHED.name());
        assertThat(remedy(result))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("delete the registration " + second)
                        .contains("External Storage or data controls")
                        .doesNotContain("publish"));
    }

    // -------------------------------------------------------------------------------------------------------------

    private KmsSimulator kms() {
        return deployment.apis().kms();
    }

    private String ready(String name) {
        deployment.apis().withReadyKey(RING + name);
        return RING + name;
    }

    private String register(String name) {
        return deployment.apis().admin().register(RING + name, name);
    }

    private void attach(String name) {
        attach(name, register(name));
    }

    /** Attached to a registration that is certainly younger than what became of the key until now. */
    private void attachLater(String name) {
        attach(
                name,
                deployment
                        .apis()
                        .admin()
                        .register(RING + name, name, Instant.now().plusSeconds(1)));
    }

    private void attach(String name, String registration) {
        deployment.apis().admin().withWorkspace(workspace(name), name).attach(workspace(name), registration);
    }

    private String attached(String name) {
        String key = ready(name);
        attach(name);
        return key;
    }

    private static String workspace(String name) {
        return "wrkspc_01" + name;
    }

    private static String request(String name, String mode, boolean attaching) {
        return """
                {"requestId":"%1$s","mode":"%2$s","key":"%3$s","displayName":"Of %1$s"%4$s}
                """.formatted(
                        name,
                        mode,
                        RING + name,
                        attaching ? ",\"workspaceId\":\"" + workspace(name) + "\",\"acknowledgePermanent\":true" : "");
    }

    private JsonNode checked(String name) {
        return checkedKey(RING + name);
    }

    private JsonNode checkedKey(String key) {
        return last(change(key));
    }

    /** Has the key checked as after a change of it, and waits for what is said of all its registrations. */
    private List<Results.Published> change(String key) {
        long expected = deployment.apis().admin().externalKeys().stream()
                .filter(registration -> registration
                        .path("provider_config")
                        .path("key_name")
                        .asText()
                        .equals(key))
                .count();
        Instant now = Instant.now();
        deployment.publish(Topology.KEY_CHANGES, """
                {"insertId":"%s","timestamp":"%s","protoPayload":{"serviceName":"cloudkms.googleapis.com",
                 "methodName":"UpdateCryptoKey","resourceName":"%s",
                 "authenticationInfo":{"principalEmail":"mallory@example.com"}}}
                """.formatted(now, now, key));
        long[] seen = {0};
        return deployment
                .follow(result -> result.json().path("key").asText().equals(key) && ++seen[0] == expected)
                .stream()
                .filter(result -> result.json().path("key").asText().equals(key))
                .toList();
    }

    private static JsonNode last(List<Results.Published> results) {
        return results.get(results.size() - 1).json();
    }

    private static List<String> reasons(JsonNode result) {
        return reasons(result, "findings");
    }

    private static List<String> notices(JsonNode result) {
        return reasons(result, "warnings");
    }

    private static List<String> reasons(JsonNode result, String list) {
        return StreamSupport.stream(result.path(list).spliterator(), false)
                .map(finding -> finding.path("reason").asText())
                .toList();
    }

    private static List<String> remedy(JsonNode result) {
        return StreamSupport.stream(result.path("remedy").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
