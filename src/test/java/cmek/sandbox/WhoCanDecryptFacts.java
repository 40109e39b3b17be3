package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who else can decrypt, from the outside: one more binding on an otherwise ready key, or above it, and what an onboarding and
 * a scan say of it. Each case has a project, a key and a workspace of its own.
 */
abstract class WhoCanDecryptFacts extends FromOutside {

    private static final String DECRYPTER = "roles/cloudkms.cryptoKeyDecrypter";
    private static final String BOTH = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
    private static final String ANTHROPIC =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";
    private static final String EVIL = "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com";
    private static final String POOL =
            "principalSet://iam.googleapis.com/projects/999999999999/locations/global/workloadIdentityPools/github/*";

    /** How an onboarding of such a key ends, with what severity, and how a scan finds the key. */
    enum Right {
        CLEAR("ATTACHED", "", "HEALTHY"),
        NOTICE("ATTACHED", "UNEXPECTED_PRINCIPAL NOTICE", "HEALTHY"),
        PROBLEM("ATTACHED", "UNEXPECTED_PRINCIPAL PROBLEM", "UNHEALTHY"),
        BLOCKING("REFUSED", "UNEXPECTED_PRINCIPAL BLOCKING", "UNHEALTHY"),
        DEAD("ATTACHED", "BINDING_MISSING NOTICE", "HEALTHY"),
        UNREAD("ATTACHED", "PRINCIPALS_UNKNOWN NOTICE", "HEALTHY"),
        INCOMPARABLE("ATTACHED", "UNEXPECTED_PRINCIPAL NOTICE, PRINCIPALS_UNKNOWN NOTICE", "HEALTHY");

        private final String onboarded;
        private final String finding;
        private final String scanned;

        Right(String onboarded, String finding, String scanned) {
            this.onboarded = onboarded;
            this.finding = finding;
            this.scanned = scanned;
        }
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>(List.of(
                onKey("a0-nobody", "roles/cloudkms.viewer", "user:anna@acme.example", Right.CLEAR),
                onKey("a1-app-engine", BOTH, "serviceAccount:evil-proj-1@appspot.gserviceaccount.com", Right.PROBLEM),
                onKey("a2-pool", DECRYPTER, POOL, Right.PROBLEM),
                onKey("a3-gke", DECRYPTER, "serviceAccount:evil-proj-1.svc.id.goog[default/app]", Right.PROBLEM),
                onKey(
                        "a4-compute",
                        DECRYPTER,
                        "serviceAccount:999999999999-compute@developer.gserviceaccount.com",
                        Right.PROBLEM),
                onKey(
                        "a4-build",
                        DECRYPTER,
                        "serviceAccount:999999999999@cloudbuild.gserviceaccount.com",
                        Right.PROBLEM),
                onKey("a5-public-admin", "roles/cloudkms.admin", "allUsers", Right.BLOCKING),
                onKey("a5-outside-admin", "roles/cloudkms.admin", EVIL, Right.PROBLEM),
                onKey("a5-own-admin", "roles/cloudkms.admin", "user:anna@acme.example", Right.NOTICE),
                onKey(
                        "a6-own-org",
                        BOTH,
                        "serviceAccount:service-org-700000000001@gcp-sa-logging.iam.gserviceaccount.com",
                        Right.CLEAR),
                onKey(
                        "a6-other-org",
                        BOTH,
                        "serviceAccount:service-org-123456789012@gcp-sa-logging.iam.gserviceaccount.com",
                        Right.NOTICE),
                onKey(
                        "a6-composer",
                        BOTH,
                        "serviceAccount:service-123456789012@cloudcomposer-accounts.iam.gserviceaccount.com",
                        Right.NOTICE),
                onKey("a8-dead", BOTH, "deleted:" + ANTHROPIC + "?uid=123456789012345678901", Right.DEAD),
                onKey("unknown-form", BOTH, "principal://somewhere.else/subject/x", Right.NOTICE),
                onKey("unknown-role", "organizations/700000000001/roles/notReadable", EVIL, Right.NOTICE)));
        cases.add(of("a4-number-unknown", Right.INCOMPARABLE, (apis, at) -> {
            apis.resourceManager().deny("resourcemanager.projects.get");
            apis.kms().bind(at.key(), DECRYPTER, "serviceAccount:999999999999-compute@developer.gserviceaccount.com");
        }));
        cases.add(of("a6-own-project", Right.CLEAR, (apis, at) -> {
            long number = apis.resourceManager().number(at.project());
            apis.kms()
                    .bind(
                            at.key(),
                            BOTH,
                            "serviceAccount:service-" + number + "@cloudcomposer-accounts.iam.gserviceaccount.com");
        }));
        cases.add(of("a5-custom", Right.PROBLEM, (apis, at) -> {
            String role = "projects/" + at.project() + "/roles/keyKeeper";
            apis.iamRoles().withRole(role, "cloudkms.cryptoKeys.setIamPolicy");
            apis.kms().bind(at.key(), role, EVIL);
        }));
        cases.add(of("a5-custom-harmless", Right.CLEAR, (apis, at) -> {
            String role = "projects/" + at.project() + "/roles/keyWatcher";
            apis.iamRoles().withRole(role, "cloudkms.cryptoKeys.get");
            apis.kms().bind(at.key(), role, EVIL);
        }));
        cases.add(of("a7-ring", Right.PROBLEM, (apis, at) -> apis.kms().bind(at.ring(), DECRYPTER, EVIL)));
        cases.add(of(
                "a7-project",
                Right.PROBLEM,
                (apis, at) -> apis.resourceManager().bind("projects/" + at.project(), DECRYPTER, EVIL)));
        cases.add(of(
                "a7-folder",
                Right.PROBLEM,
                (apis, at) -> apis.resourceManager()
                        .bind("folders/800000000001", "roles/resourcemanager.folderIamAdmin", EVIL)));
        cases.add(of(
                "a7-organization",
                Right.PROBLEM,
                (apis, at) -> apis.resourceManager().bind("organizations/700000000001", "roles/owner", EVIL)));
        cases.add(of(
                "a7-closed", Right.UNREAD, (apis, at) -> apis.resourceManager().denyAncestors()));
        cases.add(of("g6-ring", Right.BLOCKING, (apis, at) -> apis.kms().bind(at.ring(), DECRYPTER, "allUsers")));
        cases.add(of(
                "g6-project",
                Right.BLOCKING,
                (apis, at) ->
                        apis.resourceManager().bind("projects/" + at.project(), DECRYPTER, "allAuthenticatedUsers")));
        cases.add(of(
                "g6-project-admin",
                Right.BLOCKING,
                (apis, at) -> apis.resourceManager()
                        .bind("projects/" + at.project(), "roles/resourcemanager.projectIamAdmin", "allUsers")));
        cases.add(of(
                "g6-look-alike",
                Right.BLOCKING,
                (apis, at) -> apis.resourceManager()
                        .bind(
                                "projects/" + at.project(),
                                "roles/browser",
                                ANTHROPIC.replace("clients.iam", "client.iam"))));
        return cases.stream();
    }

    private static KeyOfItsOwn at(String name) {
        return new KeyOfItsOwn("who", name);
    }

    private static Arguments onKey(String name, String role, String member, Right right) {
        return of(name, right, (apis, at) -> apis.kms().bind(at.key(), role, member));
    }

    private static Arguments of(String name, Right right, BiConsumer<SimulatedApis, KeyOfItsOwn> act) {
        return Arguments.of(at(name), right, act);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void oneMoreBindingIsJudgedAlikeByTheChainAndTheScan(
            KeyOfItsOwn at, Right right, BiConsumer<SimulatedApis, KeyOfItsOwn> act) {
        SimulatedApis apis = deployment.apis();
        apis.withProject(at.project()).withReadyKey(at.key());
        apis.admin().withWorkspace(at.workspace(), at.name());
        act.accept(apis, at);
        try {
            JsonNode end = last(deployment.onboard("""
                    {"requestId":"%s","mode":"provision","displayName":"Who","key":"%s",
                     "workspaceId":"%s","acknowledgePermanent":true}
                    """.formatted(at.name(), at.key(), at.workspace())));
            assertThat(end.path("status").asText()).as(end.toString()).isEqualTo(right.onboarded);
            assertThat(said(end)).as(end.toString()).isEqualTo(expected(right));

            JsonNode scanned = scanned(apis, at);
            assertThat(scanned.path("status").asText()).as(scanned.toString()).isEqualTo(right.scanned);
            assertThat(said(scanned)).as(scanned.toString()).isEqualTo(expected(right));
        } finally {
            apis.resourceManager().permit("resourcemanager.projects.get").permitAncestors();
            apis.resourceManager().unbind("folders/800000000001").unbind("organizations/700000000001");
        }
    }

    private static List<String> expected(Right right) {
        return right.finding.isEmpty() ? List.of() : List.of(right.finding.split(", ", -1));
    }

    /** Every finding and warning that is about who holds what. */
    private static List<String> said(JsonNode result) {
        List<String> said = new ArrayList<>();
        if (result.path("status").asText().equals("REFUSED")) {
            said.add(result.path("reason").asText() + " BLOCKING");
        }
        for (String list : List.of("findings", "warnings")) {
            StreamSupport.stream(result.path(list).spliterator(), false)
                    .map(finding -> finding.path("reason").asText() + " "
                            + finding.path("severity").asText())
                    .filter(finding -> finding.matches("(UNEXPECTED_PRINCIPAL|PRINCIPALS_UNKNOWN|BINDING_\\w+) .*"))
                    .forEach(said::add);
        }
        return said.stream().distinct().toList();
    }

    /** Hears of a change of the key's policy and checks the key. */
    private JsonNode scanned(SimulatedApis apis, KeyOfItsOwn at) {
        if (apis.admin().attachedKey(at.workspace()).isEmpty()) {
            apis.admin().attach(at.workspace(), apis.admin().register(at.key(), at.name()));
        }
        deployment.publish(Topology.KEY_CHANGES, """
                {"insertId":"%s","timestamp":"%s","protoPayload":{"serviceName":"cloudkms.googleapis.com",
                 "methodName":"SetIamPolicy","resourceName":"%s","authenticationInfo":{"principalEmail":"m@example.com"}}}
                """.formatted(at.name(), Instant.now(), at.key()));
        return last(deployment.follow(result -> isScanOf(at, result)));
    }

    private static boolean isScanOf(KeyOfItsOwn at, Results.Published result) {
        return result.json().path("key").asText().equals(at.key())
                && result.json().path("step").asText().equals("scanKey");
    }

    private static JsonNode last(List<Results.Published> results) {
        return results.get(results.size() - 1).json();
    }

    // --- changes of what is inherited are heard ------------------------------------------------------------------

    static Stream<Arguments> heard() {
        return Stream.of(
                Arguments.of(at("heard-ring"), "cloudkms.googleapis.com", (BiConsumer<SimulatedApis, KeyOfItsOwn>)
                        (apis, at) -> apis.kms().bind(at.ring(), DECRYPTER, "allUsers")),
                Arguments.of(at("heard-project"), "cloudresourcemanager.googleapis.com", (BiConsumer<
                                SimulatedApis, KeyOfItsOwn>)
                        (apis, at) -> apis.resourceManager().bind("projects/" + at.project(), DECRYPTER, "allUsers")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heard")
    void aChangeOfAnInheritedPolicyHasEveryKeyBelowChecked(
            KeyOfItsOwn at, String service, BiConsumer<SimulatedApis, KeyOfItsOwn> act) {
        SimulatedApis apis = deployment.apis();
        apis.withProject(at.project()).withReadyKey(at.key());
        apis.admin().withWorkspace(at.workspace(), at.name());
        apis.admin().attach(at.workspace(), apis.admin().register(at.key(), at.name()));
        assertThat(scanned(apis, at).path("status").asText()).isEqualTo("HEALTHY");
        act.accept(apis, at);

        String resource = service.startsWith("cloudkms") ? at.ring() : "projects/" + at.project();
        deployment.publish(Topology.KEY_CHANGES, """
                {"insertId":"%s-again","timestamp":"%s","protoPayload":{"serviceName":"%s",
                 "methodName":"SetIamPolicy","resourceName":"%s","authenticationInfo":{"principalEmail":"m@example.com"}}}
                """.formatted(at.name(), Instant.now(), service, resource));
        JsonNode result = last(deployment.follow(published -> isScanOf(at, published)
                && published.json().path("message").asText().contains("SetIamPolicy")));

        assertThat(result.path("status").asText()).as(result.toString()).isEqualTo("UNHEALTHY");
        assertThat(said(result)).containsExactly("UNEXPECTED_PRINCIPAL BLOCKING");
    }
}
