package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminSimulatorTest {

    private static final String ORGANIZATION = "3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13";
    private static final String KEYS = "/v1/organizations/external_keys";
    private static final String SPACES = "/v1/organizations/workspaces";
    private static final String KEY = "projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key";
    private static final String CREATE =
            "{\"display_name\":\"demo\",\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "\"}}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T02:00:00Z"));
    private final Journal journal = new Journal();
    private final KmsSimulator kms = new KmsSimulator(new Journal(), now::get);
    private final List<String> askedOfKms = new ArrayList<>();
    private Fault onTheWay = (call, google) -> google.answer(call);
    private final AdminSimulator anthropic = new AdminSimulator(journal, now::get, ORGANIZATION, call -> {
                askedOfKms.add(call.method() + " " + call.path());
                return onTheWay.answer(call, kms);
            })
            .withWorkspace("wrkspc_01ABC", "ws");

    AdminSimulatorTest() {
        withKey(KEY, "{\"purpose\":\"ENCRYPT_DECRYPT\"}");
    }

    /** A key that consents to its use by this organization and by Anthropic's principal. */
    private void withKey(String key, String json) {
        kms.createKey(key, KmsCaller.json(json))
                .setLabels(key, Map.of("anthropic-org-" + ORGANIZATION, "true"))
                .bind(key, "roles/cloudkms.cryptoKeyEncrypterDecrypter", KeyRoundTrip.PRINCIPAL)
                .bind(key, "roles/cloudkms.viewer", KeyRoundTrip.PRINCIPAL);
    }

    private Reply send(String method, String target, String body, Map<String, String> headers) {
        return anthropic.answer(Call.of(method, URI.create(target), headers, body.getBytes(UTF_8)));
    }

    private Reply send(String method, String target, String body) {
        return send(method, target, body, headers());
    }

    private static Map<String, String> headers() {
        return new TreeMap<>(Map.of(
                "x-api-key",
                AdminSimulator.TEST_ADMIN_KEY,
                "anthropic-version",
                "2023-06-01",
                "content-type",
                "application/json"));
    }

    private static JsonNode json(Reply reply) {
        try {
            return JSON.readTree(reply.text());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String registered() {
        return json(send("POST", KEYS, CREATE)).path("id").asText();
    }

    /** Somebody registers another key. */
    private String registered(String key) {
        return anthropic.register(
                JsonNodeFactory.instance.objectNode().put("type", "gcp").put("key_name", key), "another");
    }

    private JsonNode validated(String id) {
        Reply reply = send("POST", KEYS + "/" + id + "/validate", "{}");
        assertThat(reply.status()).isEqualTo(200);
        return json(reply);
    }

    private Reply attach(String id) {
        return send("POST", SPACES + "/wrkspc_01ABC", "{\"external_key_id\":\"" + id + "\"}");
    }

    private static void assertError(Reply reply, int status, String type) {
        assertThat(reply.status()).isEqualTo(status);
        JsonNode body = json(reply);
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.at("/error/message").asText()).isNotEmpty();
        assertThat(body.path("request_id").asText()).isEqualTo(reply.headers().get("request-id"));
    }

    // --- the guide's own calls -----------------------------------------------------------------------------------

    private static JsonNode recording(String name) throws IOException {
        try (InputStream in = AdminSimulatorTest.class.getResourceAsStream("/golden/" + name)) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        }
    }

    /** Sends a recorded call, with this APIs's id in place of the recorded one. */
    private JsonNode replayed(JsonNode recording, String id) {
        Map<String, String> headers = headers();
        recording.path("headers").properties().forEach(header -> {
            if (!header.getKey().equals("x-api-key")) {
                headers.put(header.getKey(), header.getValue().asText());
            }
        });
        Reply reply = send(
                recording.path("method").asText(),
                recording.path("path").asText().replace("ekey_01ABC", id),
                recording.path("body").toString().replace("ekey_01ABC", id),
                headers);
        assertThat(reply.status()).isEqualTo(200);
        return json(reply);
    }

    /** Field names and types at every depth, where a null is of every type. */
    private static void assertSameShape(JsonNode actual, JsonNode expected) {
        if (actual.isNull() || expected.isNull()) {
            return;
        }
        assertThat(actual.getNodeType()).isEqualTo(expected.getNodeType());
        assertThat(fields(actual)).isEqualTo(fields(expected));
        expected.properties().forEach(field -> assertSameShape(actual.path(field.getKey()), field.getValue()));
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theGuidesOwnCallsAreAnsweredAsTheGuideShows() throws IOException {
        JsonNode create = recording("guide-01-post-external_keys.json");
        JsonNode created = replayed(create, "");
        assertSameShape(created, create.path("exampleResponse"));
        for (String same : List.of("type", "display_name", "geo", "attachment", "provider_config")) {
            assertThat(created.path(same)).isEqualTo(create.at("/exampleResponse/" + same));
        }
        String id = created.path("id").asText();
        assertThat(id).matches("ekey_01[1-9A-Za-z]{22}");

        JsonNode validate = recording("guide-02-post-external_keys-ekey_01ABC-validate.json");
        assertThat(replayed(validate, id)).isEqualTo(validate.path("exampleResponse"));

        JsonNode attach = recording("guide-03-post-workspaces-wrkspc_01ABC.json");
        JsonNode attached = replayed(attach, id);
        assertSameShape(attached, attach.path("exampleResponse"));
        for (String same : List.of("type", "id", "name", "archived_at", "data_residency", "tags", "display_color")) {
            assertThat(attached.path(same)).isEqualTo(attach.at("/exampleResponse/" + same));
        }
        assertThat(attached.path("external_key_id").asText()).isEqualTo(id);
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).contains(id);
        assertThat(journal.writes())
                .extracting(Journal.Entry::operation)
                .containsExactly("POST " + KEYS, "POST " + SPACES + "/wrkspc_01ABC");
    }

    // --- credentials and headers ---------------------------------------------------------------------------------

    @Test
    void theOrganizationIsTheCredentials() {
        Reply reply = send("GET", "/v1/organizations/me", "");

        assertThat(json(reply).path("id").asText()).isEqualTo(ORGANIZATION);
        assertThat(reply.headers()).containsEntry("anthropic-organization-id", ORGANIZATION);
        assertThat(reply.headers().get("request-id")).startsWith("req_");
    }

    @ParameterizedTest
    @CsvSource({
        "sk-ant-admin01-unknown, 401, authentication_error",
        "nonsense, 401, authentication_error",
        "sk-ant-api03-of-a-user, 403, permission_error"
    })
    void otherCredentialsAreRefused(String key, int status, String type) {
        Map<String, String> headers = headers();
        headers.put("x-api-key", key);

        assertError(send("GET", "/v1/organizations/me", "", headers), status, type);
    }

    @Test
    void anUnexpectedPrincipalIsNotToldTheOrganization() {
        Map<String, String> headers = headers();
        headers.remove("x-api-key");

        Reply reply = send("GET", "/v1/organizations/me", "", headers);

        assertError(reply, 401, "authentication_error");
        assertThat(reply.headers()).doesNotContainKey("anthropic-organization-id");
    }

    @Test
    void aRevokedKeyIsRefusedAndItsSuccessorIsNot() {
        anthropic.withCredential("sk-ant-admin01-new").revoke(AdminSimulator.TEST_ADMIN_KEY);
        Map<String, String> renewed = headers();
        renewed.put("x-api-key", "sk-ant-admin01-new");

        assertError(send("GET", "/v1/organizations/me", ""), 401, "authentication_error");
        assertThat(send("GET", "/v1/organizations/me", "", renewed).status()).isEqualTo(200);
    }

    @Test
    void aBearerTokenIsACredentialToo() {
        anthropic.withBearerToken("sk-ant-oat01-token");
        Map<String, String> headers = headers();
        headers.remove("x-api-key");
        headers.put("authorization", "Bearer sk-ant-oat01-token");

        assertThat(send("GET", "/v1/organizations/me", "", headers).status()).isEqualTo(200);
    }

    @Test
    void aCallWithoutAVersionIsInvalid() {
        Map<String, String> headers = headers();
        headers.remove("anthropic-version");

        assertError(send("GET", "/v1/organizations/me", "", headers), 400, "invalid_request_error");
    }

    @Test
    void withoutCmekNoExternalKeyIsSeenOrMade() {
        anthropic.withoutCmek();

        assertError(send("GET", KEYS, ""), 403, "permission_error");
        assertError(send("POST", KEYS, CREATE), 403, "permission_error");
        assertThat(send("GET", SPACES + "/wrkspc_01ABC", "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/organizations/users", "/v1/organizations/workspaces/wrkspc_01ABC/archive", "/", "/v1"})
    void whatIsNotSimulatedIsNotTakenForWhatIsAbsent(String path) {
        assertNotSimulated(send("POST", path, "{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/v1/organizations/workspaces?before_id=wrkspc_01ABC|",
                "DELETE|/v1/organizations/workspaces/wrkspc_01ABC|",
                "POST|/v1/organizations/workspaces|{\"name\":\"new\"}",
                "POST|/v1/organizations/workspaces/wrkspc_01ABC|{\"name\":\"other\"}",
                "POST|/v1/organizations/workspaces/wrkspc_01ABC|{\"user_profile_id\":\"uprof_1\"}",
                "POST|/v1/organizations/external_keys|{\"provider_config\":{\"type\":\"aws\",\"kms_arn\":\"arn:1\"}}",
            })
    void norIsAPartOfACall(String method, String target, String body) {
        assertNotSimulated(send(method, target, body == null ? "" : body));
        assertThat(anthropic.externalKeys()).isEmpty();
    }

    private static void assertNotSimulated(Reply reply) {
        assertError(reply, 501, "api_error");
        assertThat(json(reply).at("/error/message").asText()).endsWith("is not simulated");
    }

    @Test
    void twoCredentialsAreNoneAndAnOrdinaryKeyIsForbiddenInEitherHeader() {
        Map<String, String> both = headers();
        both.put("authorization", "Bearer " + AdminSimulator.TEST_ADMIN_KEY);
        Map<String, String> ordinary = headers();
        ordinary.remove("x-api-key");
        ordinary.put("authorization", "Bearer sk-ant-api03-of-a-user");
        Map<String, String> token = headers();
        anthropic.withBearerToken("sk-ant-oat01-token");
        token.put("x-api-key", "sk-ant-oat01-token");

        assertError(send("GET", "/v1/organizations/me", "", both), 401, "authentication_error");
        assertError(send("GET", "/v1/organizations/me", "", ordinary), 403, "permission_error");
        assertError(send("GET", "/v1/organizations/me", "", token), 401, "authentication_error");
    }

    // --- registration --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{} {}",
                "{}",
                "{\"provider_config\":{\"type\":\"gcp\"}}",
                "{\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"projects/p\"}}",
                "{\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "/cryptoKeyVersions/1\"}}",
                "{\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "\",\"region\":\"us\"}}",
                "{\"provider_config\":{\"type\":\"gcp\",\"type\":\"gcp\",\"key_name\":\"" + KEY + "\"}}",
                "{\"provider_config\":{\"type\":\"oracle\",\"key_name\":\"" + KEY + "\"}}",
                "{\"provider_config\":{\"type\":7,\"key_name\":\"" + KEY + "\"}}",
                "{\"user_profile_id\":7,\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "\"}}",
                "{\"geo\":[\"us\"],\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "\"}}",
                "{\"geo\":\"eu\",\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "\"}}",
                "{\"display_name\":1,\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "\"}}",
                "{\"displayName\":\"x\",\"provider_config\":{\"type\":\"gcp\",\"key_name\":\"" + KEY + "\"}}"
            })
    void aBodyThatAnthropicDoesNotKnowRegistersNothing(String body) {
        assertError(send("POST", KEYS, body), 400, "invalid_request_error");
        assertThat(anthropic.externalKeys()).isEmpty();
        assertThat(journal.writes()).isEmpty();
    }

    @Test
    void oneKeyCanBeRegisteredTwice() {
        assertThat(registered()).isNotEqualTo(registered());
        assertThat(anthropic.externalKeys()).hasSize(2);
    }

    @Test
    void anAdminApiThatRefusesDuplicatesKeepsOne() {
        anthropic.refuseDuplicates();
        registered();

        assertError(send("POST", KEYS, CREATE), 409, "conflict_error");
        assertThat(anthropic.externalKeys()).hasSize(1);
    }

    @Test
    void anUpdateChangesOnlyWhatItNames() {
        String id = registered();
        now.updateAndGet(then -> then.plusSeconds(60));

        JsonNode updated = json(send("POST", KEYS + "/" + id, "{\"display_name\":\"other\"}"));

        assertThat(updated.path("display_name").asText()).isEqualTo("other");
        assertThat(updated.at("/provider_config/key_name").asText()).isEqualTo(KEY);
        assertThat(updated.path("created_at").asText()).isEqualTo("2026-11-23T02:00:00Z");
        assertThat(updated.path("updated_at").asText()).isEqualTo("2026-11-23T02:01:00Z");
        assertThat(json(send("GET", KEYS + "/" + id, ""))).isEqualTo(updated);
    }

    @Test
    void theKeyBehindARegistrationIsFrozen() {
        String id = registered();
        String other = CREATE.replace("demo-key", "other-key");

        assertError(send("POST", KEYS + "/" + id, other), 400, "invalid_request_error");
        assertThat(anthropic
                        .externalKeys()
                        .get(0)
                        .at("/provider_config/key_name")
                        .asText())
                .isEqualTo(KEY);
    }

    @Test
    void anUnattachedRegistrationCanBeDeleted() {
        String id = registered();

        JsonNode deleted = json(send("DELETE", KEYS + "/" + id, ""));

        assertThat(deleted.path("type").asText()).isEqualTo("external_key_deleted");
        assertThat(deleted.path("id").asText()).isEqualTo(id);
        assertError(send("GET", KEYS + "/" + id, ""), 404, "not_found_error");
    }

    @Test
    void aRegistrationThatAnArchivedWorkspaceRefersToIsAttachedAndStays() {
        String id = registered();
        attach(id);
        anthropic.archive("wrkspc_01ABC");

        assertThat(json(send("GET", KEYS + "/" + id, "")).at("/attachment/type").asText())
                .isEqualTo("attached");
        assertError(send("DELETE", KEYS + "/" + id, ""), 400, "invalid_request_error");
        assertThat(anthropic.externalKeys()).hasSize(1);
    }

    // --- lists ---------------------------------------------------------------------------------------------------

    private List<String> allKeys(int limit, List<Integer> pageSizes) {
        List<String> names = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = json(send("GET", KEYS + "?limit=" + limit + next, ""));
            assertThat(fields(page)).containsExactly("data", "next_page");
            page.path("data").forEach(key -> names.add(key.path("display_name").asText()));
            pageSizes.add(page.path("data").size());
            next = page.path("next_page").isNull()
                    ? ""
                    : "&page=" + page.path("next_page").asText();
        } while (!next.isEmpty());
        return names;
    }

    private void registerAsSomebodyElse(int count) {
        for (int i = 1; i <= count; i++) {
            anthropic.register(
                    JsonNodeFactory.instance.objectNode().put("type", "aws").put("kms_arn", "arn:" + i), "key " + i);
        }
    }

    @Test
    void keysAreListedNewestFirstInPagesUpToTheLimit() {
        registerAsSomebodyElse(4);
        List<Integer> sizes = new ArrayList<>();

        assertThat(allKeys(2, sizes)).containsExactly("key 4", "key 3", "key 2", "key 1");
        assertThat(sizes).containsExactly(2, 2);
    }

    @Test
    void aForcedPageSizeIsSmallerThanTheLimit() {
        registerAsSomebodyElse(3);
        List<Integer> sizes = new ArrayList<>();
        anthropic.pageSize(1);

        allKeys(100, sizes);

        assertThat(sizes).containsExactly(1, 1, 1);
    }

    @Test
    void anEmptyPageMayHaveASuccessor() {
        registerAsSomebodyElse(2);
        List<Integer> sizes = new ArrayList<>();
        anthropic.pageSize(1).emptyPages(true);

        assertThat(allKeys(100, sizes)).containsExactly("key 2", "key 1");
        assertThat(sizes).containsExactly(0, 1, 0, 1);
    }

    @Test
    void aKeyThatAppearsBetweenTwoPagesShiftsNothing() {
        registerAsSomebodyElse(2);
        JsonNode first = json(send("GET", KEYS + "?limit=1", ""));
        registerAsSomebodyElse(1);

        JsonNode second = json(
                send("GET", KEYS + "?limit=1&page=" + first.path("next_page").asText(), ""));

        assertThat(second.at("/data/0/display_name").asText()).isEqualTo("key 1");
        assertThat(second.path("next_page").isNull()).isTrue();
    }

    @Test
    void aFreshRegistrationIsMissingFromListsForAWhile() {
        anthropic.listLag(Duration.ofSeconds(30));
        String id = registered();

        assertThat(allKeys(100, new ArrayList<>())).isEmpty();
        anthropic.listByPlace();
        assertThat(allKeys(100, new ArrayList<>())).isEmpty();
        assertThat(send("GET", KEYS + "/" + id, "").status()).isEqualTo(200);
        now.updateAndGet(then -> then.plusSeconds(30));

        assertThat(allKeys(100, new ArrayList<>())).containsExactly("demo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=101", "limit=x", "limit=1&limit=1", "page=x", "page=page_d", "after_id=ekey_1"
            })
    void aListOfKeysAsksForNothingElse(String query) {
        assertError(send("GET", KEYS + "?" + query, ""), 400, "invalid_request_error");
        anthropic.listByPlace();
        assertError(send("GET", KEYS + "?" + query, ""), 400, "invalid_request_error");
    }

    @Test
    void workspacesAreListedByTheirIdsAndNoMoreThanAHundred() {
        anthropic.withWorkspace("wrkspc_2", "two").withWorkspace("wrkspc_3", "three");

        assertThat(json(send("GET", SPACES + "?ids%5B%5D=wrkspc_3&ids%5B%5D=wrkspc_none", ""))
                        .path("data")
                        .findValuesAsText("id"))
                .containsExactly("wrkspc_3");
        assertError(
                send("GET", SPACES + "?" + "ids%5B%5D=wrkspc_3&".repeat(101) + "limit=1", ""),
                400,
                "invalid_request_error");
    }

    @Test
    void workspacesPageByTheLastIdAndSayWhetherThereIsMore() {
        anthropic.withWorkspace("wrkspc_2", "two").withWorkspace("wrkspc_3", "three");

        JsonNode first = json(send("GET", SPACES + "?limit=2", ""));
        JsonNode second = json(send(
                "GET", SPACES + "?limit=2&after_id=" + first.path("last_id").asText(), ""));

        assertThat(fields(first)).containsExactly("data", "first_id", "has_more", "last_id");
        assertThat(first.path("first_id").asText()).isEqualTo("wrkspc_01ABC");
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(second.at("/data/0/id").asText()).isEqualTo("wrkspc_3");
        assertThat(second.path("has_more").asBoolean()).isFalse();
    }

    @Test
    void archivedWorkspacesAreListedOnRequestOnly() {
        anthropic.withWorkspace("wrkspc_2", "two").archive("wrkspc_2");

        assertThat(json(send("GET", SPACES, "")).path("data")).hasSize(1);
        assertThat(json(send("GET", SPACES + "?include_archived=true", ""))
                        .at("/data/1/archived_at")
                        .asText())
                .isEqualTo("2026-11-23T02:00:00Z");
    }

    @Test
    void newerRepliesBearMoreFields() {
        anthropic.withNewerFields();
        registered();

        assertThat(json(send("GET", KEYS, "")).at("/data/0").has("user_profile_id"))
                .isTrue();
        assertThat(json(send("GET", SPACES + "/wrkspc_01ABC", ""))
                        .at("/inference_data_retention/type")
                        .asText())
                .isEqualTo("inherited");
    }

    // --- user profiles, the default workspace, policies ----------------------------------------------------------

    private static void assertRefusedWith(Reply reply, int status, String type, String code) {
        assertError(reply, status, type);
        assertThat(json(reply).at("/error/details/error_code").asText()).isEqualTo(code);
    }

    @Test
    void aKeyAndAWorkspaceOfDifferentProfilesAreNotAttached() {
        anthropic.withBoundWorkspace("wrkspc_01ABC", "ws", "uprof_1");
        String id = registered();

        assertRefusedWith(attach(id), 400, "invalid_request_error", "key_profile_mismatch");
        assertThat(attach(anthropic.registerBound(KEY, "bound", "uprof_1")).status())
                .isEqualTo(200);
    }

    @Test
    void theDefaultWorkspaceIsListedOnRequestOnly() {
        anthropic.withDefaultWorkspace("wrkspc_default");

        assertThat(json(send("GET", SPACES, "")).path("data")).hasSize(1);
        assertThat(json(send("GET", SPACES + "?include_default=true", "")).path("data"))
                .hasSize(2);
        assertThat(send("GET", SPACES + "/wrkspc_default", "").status()).isEqualTo(200);
    }

    @Test
    void aWorkspacePolicyMayForbidTheKey() {
        anthropic.forbidKeysOn("wrkspc_01ABC");

        assertRefusedWith(attach(registered()), 400, "invalid_request_error", "workspace_policy_violation");
    }

    @Test
    void aKeyIsBoundToAProfileThatIsThere() {
        anthropic.withUserProfile("uprof_1").withBoundWorkspace("wrkspc_01ABC", "ws", "uprof_1");
        String bound = CREATE.replace("{\"display_name\"", "{\"user_profile_id\":\"uprof_1\",\"display_name\"");

        JsonNode key = json(send("POST", KEYS, bound));

        assertThat(key.path("user_profile_id").asText()).isEqualTo("uprof_1");
        assertThat(attach(key.path("id").asText()).status()).isEqualTo(200);
        assertRefusedWith(
                send("POST", KEYS, bound.replace("uprof_1", "uprof_2")),
                400,
                "invalid_request_error",
                "user_profile_not_found");
    }

    @Test
    void aKeyThatAPolicyNamesIsNeitherDeletedNorReconfigured() {
        String id = registered();
        anthropic.nameInPolicy(id);

        assertRefusedWith(
                send("DELETE", KEYS + "/" + id, ""), 400, "invalid_request_error", "external_key_in_workspace_policy");
        assertRefusedWith(
                send("POST", KEYS + "/" + id, CREATE),
                400,
                "invalid_request_error",
                "external_key_in_workspace_policy");
        assertThat(send("POST", KEYS + "/" + id, "{\"display_name\":\"other\"}").status())
                .isEqualTo(200);
    }

    @Test
    void withoutAnApprovalNothingIsWrittenAndWhatIsThereStays() {
        String id = registered();
        anthropic.approved(false);

        assertRefusedWith(attach(id), 400, "invalid_request_error", "cmek_not_approved");
        assertRefusedWith(send("POST", KEYS, CREATE), 400, "invalid_request_error", "cmek_not_approved");
        assertThat(validated(id).path("status").asText()).isEqualTo("success");
    }

    @Test
    void anAttachIsRefusedWhileAnotherChangesTheWorkspaceAndIsMadeAfterwards() {
        String id = registered();
        anthropic.changeConcurrently(1).losingApprovals(1);

        Reply changed = attach(id);
        assertRefusedWith(changed, 409, "conflict_error", "workspace_changed_concurrently");
        assertThat(json(changed).at("/error/details/field").asText()).isEqualTo("external_key_id");
        Reply unread = attach(id);
        assertRefusedWith(unread, 503, "api_error", "authorization_check_unavailable");
        assertThat(unread.headers()).containsEntry("retry-after", "1");
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).isEmpty();
        assertThat(attach(id).status()).isEqualTo(200);
    }

    @Test
    void aValidationThatTimesOutIsAFailureAndKeepsAKeyFromBeingAttached() {
        String id = registered();
        anthropic.timeOutValidations(2);

        assertThat(validated(id).path("status").asText()).isEqualTo("failure");
        assertRefusedWith(attach(id), 400, "invalid_request_error", "external_key_validation_timed_out");
        assertThat(validated(id).path("status").asText()).isEqualTo("success");
        assertThat(attach(id).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "402, billing_error",
        "403, permission_error",
        "404, not_found_error",
        "409, conflict_error",
        "413, request_too_large",
        "429, rate_limit_error",
        "500, api_error",
        "502, api_error",
        "503, api_error",
        "504, timeout_error",
        "529, overloaded_error"
    })
    void everyDocumentedErrorHasItsForm(int status, String type) {
        Reply reply = AdminSimulator.refusing(status)
                .answer(Call.of("GET", URI.create(KEYS), headers(), new byte[0]), anthropic);

        assertError(reply, status, type);
        assertThat(reply.headers().containsKey("retry-after")).isEqualTo(status == 429);
    }

    @Test
    void whoeverOwesWritesNothing() {
        String id = registered();
        anthropic.owing(true);

        assertError(attach(id), 402, "billing_error");
        assertError(send("POST", KEYS, CREATE), 402, "billing_error");
    }

    @Test
    void anAttachMayBeDoneAndNotKnown() {
        anthropic.forgetOutcomes(1);
        String id = registered();

        assertRefusedWith(attach(id), 503, "api_error", "change_outcome_unknown");
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).contains(id);
        assertThat(attach(id).status()).isEqualTo(200);
    }

    @Test
    void aListByPlaceRepeatsOneWhereAnotherRegistersAndMissesOneWhereAnotherDeletes() {
        registerAsSomebodyElse(3);
        anthropic.listByPlace();
        JsonNode first = json(send("GET", KEYS + "?limit=2", ""));
        String next = "&page=" + first.path("next_page").asText();
        registerAsSomebodyElse(1);

        assertThat(json(send("GET", KEYS + "?limit=2" + next, "")).at("/data/0/display_name"))
                .isEqualTo(first.at("/data/1/display_name"));

        anthropic.forget(
                json(send("GET", KEYS + "?limit=1", "")).at("/data/0/id").asText());
        anthropic.forget(
                json(send("GET", KEYS + "?limit=1", "")).at("/data/0/id").asText());
        assertThat(json(send("GET", KEYS + "?limit=2" + next, "")).path("data")).isEmpty();
    }

    @Test
    void theNewestSdksAreUnderstood() {
        String id = registered();
        Map<String, String> headers = headers();
        headers.remove("x-api-key");
        headers.remove("content-type");
        headers.put("authorization", "Bearer " + AdminSimulator.TEST_ADMIN_KEY);
        headers.put("anthropic-version", "2026-10-21");

        assertThat(send("POST", KEYS + "/" + id + "/validate", "", headers).status())
                .isEqualTo(200);
    }

    // --- validation ----------------------------------------------------------------------------------------------

    private void assertInvalid(String id) {
        JsonNode validation = validated(id);
        assertThat(validation.path("status").asText()).isEqualTo("failure");
        assertThat(validation.path("error").asText()).isNotEmpty();
        Reply attach = attach(id);
        assertError(attach, 400, "invalid_request_error");
        assertThat(json(attach).at("/error/details/error_code").asText()).isEqualTo("external_key_validation_failed");
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).isEmpty();
    }

    @Test
    void validationReadsTheKeyAndGoesThroughItAndBackAsAnthropic() {
        assertThat(validated(registered()).path("status").asText()).isEqualTo("success");
        assertThat(askedOfKms)
                .containsExactly("GET /v1/" + KEY, "POST /v1/" + KEY + ":encrypt", "POST /v1/" + KEY + ":decrypt");
    }

    @Test
    void validationIsNoWrite() {
        String id = registered();
        journal.clear();

        validated(id);

        assertThat(journal.entries())
                .containsExactly(new Journal.Entry("admin", "POST " + KEYS + "/" + id + "/validate", false, 200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"purpose\":\"MAC\",\"versionTemplate\":{\"algorithm\":\"HMAC_SHA256\"}}",
                "{\"purpose\":\"ENCRYPT_DECRYPT\",\"versionTemplate\":"
                        + "{\"algorithm\":\"EXTERNAL_SYMMETRIC_ENCRYPTION\",\"protectionLevel\":\"EXTERNAL\"}}"
            })
    void aKeyOfAnotherPurposeOrAlgorithmIsNeitherValidatedNorAttached(String json) {
        withKey(KEY + "-2", json);

        assertInvalid(registered(KEY + "-2"));
    }

    @Test
    void aKeyWithoutThisOrganizationsLabelIsNeitherValidatedNorAttached() {
        for (Map<String, String> labels : List.of(
                Map.<String, String>of(),
                Map.of("anthropic-org-00000000-0000-0000-0000-000000000000", "true"),
                Map.of("anthropic-org-" + ORGANIZATION, "false"))) {
            kms.setLabels(KEY, labels);

            assertInvalid(registered());
        }
    }

    @Test
    void aKeyThatDecryptsToSomethingElseIsNeitherValidatedNorAttached() {
        byte[] other = "something else".getBytes(UTF_8);
        onTheWay = Faults.every(
                1,
                Faults.calls("POST", ".*:decrypt"),
                Faults.reply(GoogleReply.ok(JsonNodeFactory.instance
                        .objectNode()
                        .put("plaintext", Base64.getEncoder().encodeToString(other))
                        .put("plaintextCrc32c", String.valueOf(KmsCryptography.crc32c(other))))));

        assertInvalid(registered());
    }

    @ParameterizedTest
    @CsvSource({"encrypt, ciphertextCrc32c", "decrypt, plaintextCrc32c"})
    void aChecksumThatDoesNotFitFailsTheValidation(String verb, String checksum) {
        onTheWay = Faults.every(
                1,
                Faults.calls("POST", ".*:" + verb),
                (call, google) -> GoogleReply.ok(((ObjectNode) json(google.answer(call))).put(checksum, "1")));

        assertInvalid(registered());
    }

    @Test
    void aKeyThatCloudKmsKeepsFromAnthropicIsNeitherValidatedNorAttached() {
        assertInvalid(registered(KEY.replace("demo-key", "other-key")));
        kms.setVersionState(KEY, 1, "DISABLED");
        assertInvalid(registered());
        kms.setVersionState(KEY, 1, "ENABLED").setPolicy(KEY, JsonNodeFactory.instance.objectNode());
        assertInvalid(registered());
    }

    @Test
    void aKeyOutsideTheUnitedStatesIsNeitherValidatedNorAttached() {
        assertInvalid(registered(KEY.replace("us-east5", "global")));
        assertThat(askedOfKms).isEmpty();
    }

    @Test
    void validationOfAnUnknownKeyIsNotFound() {
        assertError(send("POST", KEYS + "/ekey_none/validate", "{}"), 404, "not_found_error");
    }

    // --- attaching -----------------------------------------------------------------------------------------------

    @Test
    void attachingTheSameKeyAgainIsFineAndAnotherIsNot() {
        String first = registered();
        String second = registered();

        assertThat(attach(first).status()).isEqualTo(200);
        assertThat(attach(first).status()).isEqualTo(200);
        assertError(attach(second), 400, "invalid_request_error");
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).contains(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"external_key_id\":null}",
                "{\"external_key_id\":7}",
                "{\"external_key_id\":\"ekey_none\"}",
                "{\"externalKeyId\":\"x\"}"
            })
    void aBodyThatAnthropicDoesNotKnowAttachesNothing(String body) {
        assertError(send("POST", SPACES + "/wrkspc_01ABC", body), 400, "invalid_request_error");
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).isEmpty();
    }

    @Test
    void anArchivedWorkspaceTakesNoKey() {
        anthropic.archive("wrkspc_01ABC");

        assertError(attach(registered()), 400, "invalid_request_error");
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).isEmpty();
    }

    @Test
    void anUnknownWorkspaceIsNotFound() {
        assertError(send("GET", SPACES + "/wrkspc_none", ""), 404, "not_found_error");
        assertError(send("POST", SPACES + "/wrkspc_none", "{}"), 404, "not_found_error");
    }

    @Test
    void aKeyThatChangesWhileItIsAttachedIsAConflict() {
        String id = registered();
        onTheWay = (call, google) -> {
            if (call.path().endsWith(":encrypt")) {
                send("DELETE", KEYS + "/" + id, "");
            }
            return google.answer(call);
        };

        Reply reply = attach(id);

        assertError(reply, 409, "conflict_error");
        assertThat(json(reply).at("/error/details/error_code").asText()).isEqualTo("external_key_changed");
        assertThat(anthropic.attachedKey("wrkspc_01ABC")).isEmpty();
    }

    @Test
    void whatSomebodyElseAttachedStays() {
        String theirs = registered();
        anthropic.attach("wrkspc_01ABC", theirs);

        assertError(attach(registered()), 400, "invalid_request_error");
        assertThat(anthropic.workspaces().get(0).path("external_key_id").asText())
                .isEqualTo(theirs);
        assertThat(journal.writes()).extracting(Journal.Entry::operation).containsOnly("POST " + KEYS);
    }

    // --- repeatability -------------------------------------------------------------------------------------------

    @Test
    void theIdsOfRegistrationsDependOnTheirOrderAlone() {
        AdminSimulator twin = new AdminSimulator(new Journal(), now::get, ORGANIZATION, kms);
        send("GET", KEYS, "");

        assertThat(registered())
                .isEqualTo(twin.register(JsonNodeFactory.instance.objectNode().put("type", "gcp"), "x"));
    }
}
