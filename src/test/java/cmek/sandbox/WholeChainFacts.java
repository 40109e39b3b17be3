package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Journal;
import cmek.simulator.Reply;
import cmek.simulator.SimulatedApis;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A request goes in by Pub/Sub, and every step is a push of its own: what comes out, and what was written outside. */
abstract class WholeChainFacts extends FromOutside {

    private static final String RING = "projects/acme-kms-prod/locations/us-east5/keyRings/";

    private static final Predicate<Call> VALIDATION =
            Faults.calls("POST", "/v1/organizations/external_keys/[^/]+/validate");
    private static final Fault FAILURE = Faults.status(
            200,
            Map.of("content-type", "application/json"),
            "{\"type\":\"external_key_validation\",\"status\":\"failure\",\"error\":\"timed out\"}");

    private static String request(String name, String mode, String more) {
        return """
                {"requestId":"%1$s","mode":"%2$s","displayName":"Of %1$s",
                 "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-%1$s","name":"%1$s"}%3$s}
                """.formatted(name, mode, more);
    }

    private static String attaching(String name, String mode) {
        return request(name, mode, ",\"workspaceId\":\"" + workspace(name) + "\",\"acknowledgePermanent\":true");
    }

    private static String workspace(String name) {
        return "wrkspc_01" + name;
    }

    private static String key(String name) {
        return RING + "ring-" + name + "/cryptoKeys/" + name;
    }

    private List<String> writes() {
        return deployment.apis().journal().writesTo("kms", "admin").stream()
                .map(entry -> entry.apis() + " " + entry.operation())
                .toList();
    }

    /** What was left in the bucket, without what differs from run to run. */
    private List<String> evidence() {
        return deployment.apis().journal().writesTo("storage").stream()
                .map(entry -> entry.operation()
                        .replace("InsertObject gs://" + SimulatedApis.BUCKET + "/", "")
                        .replaceAll("[0-9a-f]{32}", "ORIGIN"))
                // The newest result of the request is replaced with every step.
                .filter(name -> !name.startsWith("requests/"))
                .toList();
    }

    private static Results.Published last(List<Results.Published> results) {
        return results.get(results.size() - 1);
    }

    @Test
    void aFirstProvisioningMakesExactlyFiveWrites() {
        deployment.apis().admin().withWorkspace(workspace("five"), "Five");

        List<Results.Published> results = deployment.onboard(attaching("five", "provision"));

        String id = last(results).json().path("externalKeyId").asText();
        assertThat(last(results).status()).isEqualTo("ATTACHED");
        assertThat(writes())
                .containsExactly(
                        "kms CreateKeyRing " + RING + "ring-five",
                        "kms CreateCryptoKey " + key("five"),
                        "kms SetIamPolicy " + key("five"),
                        "admin POST /v1/organizations/external_keys",
                        "admin POST /v1/organizations/workspaces/wrkspc_01five");
        assertThat(deployment.apis().admin().attachedKey(workspace("five"))).contains(id);
    }

    @Test
    void aFirstProvisioningRemembersItsTwoReservationsAndItsEnd() {
        deployment.apis().admin().withWorkspace(workspace("kept"), "Kept");

        deployment.onboard(attaching("kept", "provision"));

        assertThat(evidence())
                .containsExactly(
                        "reservations/" + key("kept") + ".txt",
                        "reservations/workspaces/wrkspc_01kept.txt",
                        "onboardings/ORIGIN/end.json");
    }

    @Test
    void everyStepSaysWhatItDid() {
        deployment.apis().admin().withWorkspace(workspace("steps"), "Steps");

        JsonNode end = last(deployment.onboard(attaching("steps", "provision"))).json();

        assertThat(end.path("steps"))
                .extracting(step ->
                        step.path("step").asText() + " " + step.path("outcome").asText())
                .containsExactly(
                        "onboard ACCEPTED",
                        "checkPrerequisites CHECKED",
                        "createKeyRing CREATED",
                        "createKey CREATED",
                        "grantAccess GRANTED",
                        "registerKey REGISTERED",
                        "validateKey VALIDATED",
                        "attachWorkspace ATTACHED");
    }

    @Test
    void aKeyThatWasRegisteredByHandUnderItsProjectsNumberIsNotRegisteredAgain() {
        SimulatedApis apis = deployment.apis().withReadyKey(key("numbered"));
        String number = String.valueOf(apis.resourceManager().number("acme-kms-prod"));
        apis.admin().withWorkspace(workspace("numbered"), "Numbered").withProjectNumber(number, "acme-kms-prod");
        String id = apis.admin().register(key("numbered").replace("acme-kms-prod", number) + "/", "By hand");
        apis.journal().clear();

        Results.Published end = last(deployment.onboard(attaching("numbered", "provision")));

        assertThat(end.status()).isEqualTo("ATTACHED");
        assertThat(end.json().path("externalKeyId").asText()).isEqualTo(id);
        assertThat(writes()).containsExactly("admin POST /v1/organizations/workspaces/wrkspc_01numbered");

        assertThat(last(deployment.onboard(attaching("numbered", "provision"))).status())
                .isEqualTo("ATTACHED");
        assertThat(writes()).hasSize(1);
    }

    @Test
    void ofTwoRegistrationsTheOneThatFitsTheWorkspaceIsAttachedThoughItIsYounger() {
        SimulatedApis apis = deployment.apis().withReadyKey(key("profiles"));
        apis.admin().withBoundWorkspace(workspace("profiles"), "Bound", "uprof_2");
        apis.admin().register(key("profiles"), "Free");
        String fits = apis.admin().registerBound(key("profiles"), "Fits", "uprof_2");

        Results.Published end = last(deployment.onboard(attaching("profiles", "provision")));

        assertThat(end.status()).isEqualTo("ATTACHED");
        assertThat(apis.admin().attachedKey(workspace("profiles"))).contains(fits);
        assertThat(end.json().at("/warnings/0/reason").asText()).isEqualTo("DUPLICATE_REGISTRATION");
    }

    @Test
    void whatAnthropicKeepsFromBeingAttachedForAMomentIsAttachedLater() {
        deployment
                .apis()
                .admin()
                .withWorkspace(workspace("later"), "Later")
                .changeConcurrently(1)
                .losingApprovals(1);

        List<Results.Published> results = deployment.onboard(attaching("later", "provision"));

        assertThat(last(results).status()).isEqualTo("ATTACHED");
        assertThat(deployment.apis().admin().attachedKey(workspace("later"))).isPresent();
    }

    @Test
    void anAttachOfWhichAnthropicDoesNotKnowWhetherItWasMadeIsReadAndNotRepeated() {
        deployment.apis().admin().withWorkspace(workspace("unknown"), "Unknown").forgetOutcomes(1);

        List<Results.Published> results = deployment.onboard(attaching("unknown", "provision"));

        assertThat(last(results).status()).isEqualTo("ATTACHED");
        assertThat(deployment.apis().journal().entries().stream()
                        .filter(entry ->
                                entry.operation().equals("POST /v1/organizations/workspaces/wrkspc_01unknown")))
                .hasSize(1);
    }

    @Test
    void theDefaultWorkspaceGetsAKeyWhereTheRequestMeansIt() {
        deployment.apis().admin().withDefaultWorkspace(workspace("meant"));

        assertThat(last(deployment.onboard(attaching("meant", "provision")
                                .replace(
                                        "\"acknowledgePermanent\"",
                                        "\"acknowledgeDefaultWorkspace\":true,\"acknowledgePermanent\"")))
                        .status())
                .isEqualTo("ATTACHED");
        // Where it is attached already, there is nothing left to mean.
        assertThat(last(deployment.onboard(attaching("meant", "validate"))).status())
                .isEqualTo("ATTACHED");
    }

    @Test
    void aListThatRepeatsItsItemsWhileOthersRegisterCostsNobodyARegistration() {
        SimulatedApis apis = deployment.apis();
        apis.admin().listByPlace().pageSize(1);
        apis.withReadyKey(key("moving"));
        String mine = apis.admin().register(key("moving"), "Of moving");
        apis.admin().register(key("moving") + "-older", "Another");
        AtomicInteger registered = new AtomicInteger();
        apis.adminGate().put(Faults.every(1, Faults.calls("GET", "/v1/organizations/external_keys"), (call, then) -> {
            Reply page = then.answer(call);
            if (registered.incrementAndGet() < 4) {
                apis.admin().register(key("moving") + "-other", "While it is listed");
            }
            return page;
        }));
        try {
            Results.Published end = last(deployment.onboard(request("moving", "provision", "")));

            assertThat(end.status()).isEqualTo("VALIDATED");
            assertThat(end.json().path("warnings")).isEmpty();
            assertThat(apis.admin().externalKeys())
                    .filteredOn(key -> key.path("id").asText().equals(mine))
                    .hasSize(1);
        } finally {
            apis.adminGate().open();
            apis.admin().pageSize(Integer.MAX_VALUE);
        }
    }

    @Test
    void aRepeatWritesNothing() {
        deployment.apis().admin().withWorkspace(workspace("twice"), "Twice");
        deployment.onboard(attaching("twice", "provision"));
        deployment.apis().journal().clear();

        assertThat(last(deployment.onboard(attaching("twice", "provision"))).status())
                .isEqualTo("ATTACHED");
        assertThat(writes()).isEmpty();
    }

    /** A key's URL and durations as Google shows them, with the line break that comes along. */
    @Test
    void whatIsCopiedFromGoogleIsTaken() {
        deployment.onboard("""
                {"mode":"provision","key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"copied","name":"copied\\n",
                 "rotationPeriod":"7776000s","destroyScheduledDuration":"60d"}}
                """);

        Results.Published end = last(deployment.onboard("""
                {"mode":"validate","key":"https://cloudkms.googleapis.com/v1/projects/acme-kms-prod/locations/us-east5/keyRings/copied/cryptoKeys/copied\\n"}
                """));

        assertThat(end.status()).isEqualTo("VALIDATED");
        assertThat(end.json().path("key").asText())
                .isEqualTo("projects/acme-kms-prod/locations/us-east5/keyRings/copied/cryptoKeys/copied");
    }

    @Test
    void aPlanWritesNothingAnywhere() {
        deployment.apis().admin().withWorkspace(workspace("plan"), "Plan");

        Results.Published end = last(deployment.onboard(attaching("plan", "plan")));

        assertThat(end.status()).isEqualTo("PLANNED");
        assertThat(end.json().path("steps"))
                .extracting(step -> step.path("outcome").asText())
                .containsExactly(
                        "ACCEPTED",
                        "CHECKED",
                        "WOULD_CREATE",
                        "WOULD_CREATE",
                        "WOULD_GRANT",
                        "WOULD_REGISTER",
                        "WOULD_VALIDATE",
                        "WOULD_ATTACH");
        assertThat(deployment.apis().journal().entries())
                .filteredOn(Journal.Entry::write)
                .filteredOn(entry -> !entry.apis().equals("storage"))
                .isEmpty();
        assertThat(evidence()).containsExactly("onboardings/ORIGIN/end.json");
    }

    @Test
    void withoutAWorkspaceItEndsAfterValidation() {
        assertThat(last(deployment.onboard(request("unattached", "provision", "")))
                        .status())
                .isEqualTo("VALIDATED");
    }

    @Test
    void aKeyOfOthersIsAttachedWithoutAWriteToCloudKms() {
        deployment.apis().admin().withWorkspace(workspace("others"), "Others");
        deployment.onboard(request("others", "provision", ""));
        deployment.apis().journal().clear();

        assertThat(last(deployment.onboard(attaching("others", "validate"))).status())
                .isEqualTo("ATTACHED");
        assertThat(writes()).containsExactly("admin POST /v1/organizations/workspaces/wrkspc_01others");
    }

    @Test
    void aKeyOfOthersThatLacksTheLabelIsRefusedWithTheCommand() {
        deployment.onboard(request("bare", "provision", ""));
        deployment.apis().kms().setLabels(key("bare"), Map.of("team", "theirs"));
        deployment.apis().journal().clear();

        JsonNode end = last(deployment.onboard(request("bare", "validate", ""))).json();

        assertThat(end.path("reason").asText()).isEqualTo("LABEL_MISSING");
        assertThat(end.path("remedy").path(0).asText())
                .isEqualTo("gcloud kms keys update bare --keyring=ring-bare --location=us-east5"
                        + " --project=acme-kms-prod"
                        + " --update-labels=anthropic-org-3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13=true");
        assertThat(writes()).isEmpty();
    }

    @Test
    void aMissingLabelIsMergedIntoTheOthers() {
        deployment.onboard(request("merged", "provision", ""));
        deployment.apis().kms().setLabels(key("merged"), Map.of("team", "theirs"));

        assertThat(last(deployment.onboard(request("merged", "provision", ""))).status())
                .isEqualTo("VALIDATED");
        assertThat(deployment.apis().kms().labels(key("merged")))
                .containsOnlyKeys("team", "anthropic-org-3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13");
    }

    @Test
    void anAdminApiThatIsDownForAWhileCostsNothingButTime() {
        deployment.apis().adminGate().put(Faults.next(8, Faults.anyCall(), Faults.html(500)));

        assertThat(last(deployment.onboard(request("patience", "provision", "")))
                        .status())
                .isEqualTo("VALIDATED");
    }

    @Test
    void aLostAnswerToTheRegistrationMakesNoSecondOne() {
        deployment
                .apis()
                .adminGate()
                .put(Faults.next(1, Faults.calls("POST", "/v1/organizations/external_keys"), Faults.lostAnswer()));

        assertThat(last(deployment.onboard(request("lost", "provision", ""))).status())
                .isEqualTo("VALIDATED");
        assertThat(deployment.apis().admin().externalKeys())
                .filteredOn(registration -> registration
                        .path("provider_config")
                        .path("key_name")
                        .asText()
                        .equals(key("lost")))
                .hasSize(1);
    }

    /** Anthropic answers failure also when its own round trip timed out. */
    @Test
    void aValidationThatFailsOnceIsNothingAnybodyHearsOf() {
        deployment.apis().adminGate().put(Faults.next(1, VALIDATION, FAILURE));

        assertThat(last(deployment.onboard(request("flaky", "provision", ""))).status())
                .isEqualTo("VALIDATED");
        assertThat(deployment.pushes()).allMatch(push -> push.isTaken());
    }

    @Test
    void aValidationThatFailsOnceBeforeTheAttachIsNothingEither() {
        deployment.apis().admin().withWorkspace(workspace("flakyattach"), "Flaky");
        deployment.apis().adminGate().put(new NthValidation(2));

        assertThat(last(deployment.onboard(attaching("flakyattach", "provision")))
                        .status())
                .isEqualTo("ATTACHED");
        assertThat(deployment.pushes()).allMatch(push -> push.isTaken());
    }

    /** One alone fails. */
    private static final class NthValidation implements Fault {

        private int left;

        NthValidation(int nth) {
            left = nth;
        }

        @Override
        public synchronized Reply answer(Call call, Simulator apis) {
            return VALIDATION.test(call) && --left == 0 ? FAILURE.answer(call, apis) : apis.answer(call);
        }
    }

    @Test
    void oneAccessTokenThatIsRefusedOnTheGrantIsRenewedAndNothingIsRedelivered() {
        deployment
                .apis()
                .kmsGate()
                .put(Faults.next(
                        1,
                        call -> call.path().endsWith(":setIamPolicy"),
                        Faults.status(
                                401,
                                Map.of("content-type", "application/json"),
                                "{\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\"}}")));

        assertThat(last(deployment.onboard(request("token", "provision", ""))).status())
                .isEqualTo("VALIDATED");
        assertThat(deployment.pushes()).allMatch(push -> push.isTaken());
    }

    @Test
    void aLabelOfAnyScriptIsOnTheKey() {
        String asked = request("umlaut", "provision", "")
                .replace("\"name\":\"umlaut\"", "\"name\":\"umlaut\",\"labels\":{\"team\":\"zahlungen-m\u00fcnchen\"}");

        assertThat(last(deployment.onboard(asked)).status()).isEqualTo("VALIDATED");
        assertThat(deployment.apis().kms().labels(key("umlaut"))).containsEntry("team", "zahlungen-m\u00fcnchen");
    }

    /** Anthropic's customer id is not published: what may be refused is said before the first write. */
    @Test
    void domainRestrictedSharingIsWarnedOfBeforeItRefusesTheGrant() {
        deployment.apis().orgPolicy().allow("iam.allowedPolicyMemberDomains", "is:C0acme");
        try {
            List<Results.Published> results = deployment.onboard(request("domains", "provision", ""));

            JsonNode checked = results.get(1).json();
            assertThat(checked.path("step").asText()).isEqualTo("checkPrerequisites");
            assertThat(checked.path("warnings")).singleElement().satisfies(warning -> {
                assertThat(warning.path("reason").asText()).isEqualTo("DOMAIN_RESTRICTED_SHARING");
                assertThat(warning.path("message").asText()).contains("may be refused", "is:C0acme");
            });
            assertThat(last(results).json().path("reason").asText()).isEqualTo("DOMAIN_RESTRICTED_SHARING");
            assertThat(last(results).json().path("step").asText()).isEqualTo("grantAccess");
        } finally {
            deployment.apis().orgPolicy().unset("iam.allowedPolicyMemberDomains");
        }
    }

    @Test
    void aDenialOfEverybodyIsRefusedBeforeTheFirstWrite() {
        deployment
                .apis()
                .orgPolicy()
                .rules(
                        "iam.allowedPolicyMemberDomains",
                        JsonNodeFactory.instance
                                .arrayNode()
                                .add(JsonNodeFactory.instance.objectNode().put("denyAll", true)));
        try {
            JsonNode end =
                    last(deployment.onboard(request("nobody", "provision", ""))).json();

            assertThat(end.path("reason").asText()).isEqualTo("DOMAIN_RESTRICTED_SHARING");
            assertThat(end.path("step").asText()).isEqualTo("checkPrerequisites");
            assertThat(writes()).isEmpty();
        } finally {
            deployment.apis().orgPolicy().unset("iam.allowedPolicyMemberDomains");
        }
    }

    /** The README says how many calls a first onboarding makes, and each costs time and quota. */
    @Test
    void aFirstOnboardingMakesTheCallsThatAreDocumented() throws IOException {
        deployment.apis().admin().withWorkspace(workspace("calls"), "Calls");

        deployment.onboard(attaching("calls", "provision"));

        long calls = deployment.apis().journal().entries().stream()
                .filter(entry -> !entry.apis().equals("storage"))
                .count();
        assertThat(Files.readString(Path.of("docs/performance.md")))
                .contains("The first onboarding of a key makes " + calls + " calls to Google Cloud and Anthropic");
    }
}
