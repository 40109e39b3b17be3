package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Service Usage, Resource Manager and Org Policy. */
class GoogleProjectSimulatorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROJECT = "projects/acme-kms-prod";
    private static final String KMS = "/v1/" + PROJECT + "/services/cloudkms.googleapis.com";

    private final Journal journal = new Journal();
    private final ServiceUsageSimulator services = new ServiceUsageSimulator(journal).enable("acme-kms-prod");
    private final ResourceManagerSimulator resources = new ResourceManagerSimulator(journal)
            .withOrganization("1")
            .withFolder("22", "organizations/1")
            .withProject("acme-kms-prod", "folders/22");
    private final OrgPolicySimulator policies = new OrgPolicySimulator(journal);

    private static Reply send(Simulator apis, String method, String target, String body) {
        return apis.answer(Call.of(method, URI.create(target), Map.of(), body.getBytes(UTF_8)));
    }

    private static JsonNode ok(Reply reply) throws IOException {
        assertThat(reply.status()).isEqualTo(200);
        return JSON.readTree(reply.text());
    }

    private static JsonNode denied(Reply reply) throws IOException {
        assertThat(reply.status()).isEqualTo(403);
        JsonNode error = JSON.readTree(reply.text()).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(403);
        assertThat(error.path("status").asText()).isEqualTo("PERMISSION_DENIED");
        assertThat(error.at("/details/0/@type").asText()).isEqualTo("type.googleapis.com/google.rpc.ErrorInfo");
        return error.at("/details/0");
    }

    // --- Service Usage -------------------------------------------------------------------------------------------

    @Test
    void aServiceSaysWhetherItIsEnabled() throws IOException {
        assertThat(ok(send(services, "GET", KMS, "")).path("state").asText()).isEqualTo("ENABLED");

        services.disable("acme-kms-prod", "cloudkms.googleapis.com");

        JsonNode service = ok(send(services, "GET", KMS, ""));
        assertThat(service.path("state").asText()).isEqualTo("DISABLED");
        assertThat(service.path("name").asText()).isEqualTo(PROJECT + "/services/cloudkms.googleapis.com");
        assertThat(service.path("parent").asText()).isEqualTo(PROJECT);
    }

    @Test
    void enablingIsAnOperationThatIsDoneAtOnce() throws IOException {
        services.disable("acme-kms-prod", "cloudkms.googleapis.com");

        JsonNode operation = ok(send(services, "POST", KMS + ":enable", "{}"));

        assertThat(operation.path("done").asBoolean()).isTrue();
        assertThat(operation.at("/response/service/state").asText()).isEqualTo("ENABLED");
        assertThat(services.isEnabled("acme-kms-prod", "cloudkms.googleapis.com"))
                .isTrue();
        assertThat(journal.writes())
                .containsExactly(new Journal.Entry(
                        "serviceusage", "EnableService " + PROJECT + "/services/cloudkms.googleapis.com", true, 200));
    }

    @Test
    void severalServicesAreEnabledAtOnce() throws IOException {
        services.disable("acme-kms-prod", "pubsub.googleapis.com").disable("acme-kms-prod", "run.googleapis.com");

        ok(send(
                services,
                "POST",
                "/v1/" + PROJECT + "/services:batchEnable",
                "{\"serviceIds\":[\"pubsub.googleapis.com\",\"run.googleapis.com\"]}"));

        assertThat(services.isEnabled("acme-kms-prod", "pubsub.googleapis.com")).isTrue();
        assertThat(services.isEnabled("acme-kms-prod", "run.googleapis.com")).isTrue();
    }

    @Test
    void anUnknownProjectsServicesAreClosed() throws IOException {
        String other = KMS.replace("acme-kms-prod", "other");

        assertThat(denied(send(services, "GET", other, "")).path("reason").asText())
                .isEqualTo("AUTH_PERMISSION_DENIED");
        denied(send(services, "POST", other + ":enable", "{}"));
        assertThat(journal.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "POST, :enable", "POST, :disable"})
    void aServiceThatDoesNotExistIsClosed(String method, String verb) throws IOException {
        Reply reply = send(services, method, "/v1/" + PROJECT + "/services/invented.googleapis.com" + verb, "");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(JSON.readTree(reply.text()).at("/error/details/1/reason").asText())
                .isEqualTo("SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED");
    }

    // --- Resource Manager ----------------------------------------------------------------------------------------

    @Test
    void aProjectLeadsUpToItsOrganization() throws IOException {
        JsonNode project = ok(send(resources, "GET", "/v3/" + PROJECT, ""));
        JsonNode folder =
                ok(send(resources, "GET", "/v3/" + project.path("parent").asText(), ""));

        assertThat(project.path("projectId").asText()).isEqualTo("acme-kms-prod");
        assertThat(project.path("parent").asText()).isEqualTo("folders/22");
        assertThat(folder.path("parent").asText()).isEqualTo("organizations/1");
        assertThat(ok(send(resources, "GET", "/v3/organizations/1", "")).has("parent"))
                .isFalse();
    }

    @Test
    void aProjectIsFoundByItsNumberToo() throws IOException {
        JsonNode byId = ok(send(resources, "GET", "/v3/" + PROJECT, ""));

        assertThat(ok(send(resources, "GET", "/v3/" + byId.path("name").asText(), "")))
                .isEqualTo(byId);
    }

    @Test
    void theFirstVersionSpeaksOfParentsInTwoWords() throws IOException {
        JsonNode project = ok(send(resources, "GET", "/v1/" + PROJECT, ""));
        JsonNode ancestry = ok(send(resources, "POST", "/v1/" + PROJECT + ":getAncestry", "{}"));

        assertThat(project.at("/parent/type").asText()).isEqualTo("folder");
        assertThat(project.at("/parent/id").asText()).isEqualTo("22");
        assertThat(ancestry.path("ancestor").findValuesAsText("type"))
                .containsExactly("project", "folder", "organization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v3/projects/acme-kms-prod",
                "/v1/projects/acme-kms-prod",
                "/v3/folders/22",
                "/v3/organizations/1"
            })
    void everyResourceHasAPolicyWithItsOwnAuditConfigurations(String resource) throws IOException {
        String name = resource.substring(4);
        resources.audit(name, "allServices", "DATA_READ", "DATA_WRITE");

        JsonNode policy = ok(send(resources, "POST", resource + ":getIamPolicy", "{}"));

        assertThat(policy.at("/auditConfigs/0/service").asText()).isEqualTo("allServices");
        assertThat(policy.at("/auditConfigs/0/auditLogConfigs").findValuesAsText("logType"))
                .containsExactly("DATA_READ", "DATA_WRITE");
        assertThat(policy.path("etag").asText()).isNotEmpty();
    }

    @Test
    void aPolicyWithoutAuditConfigurationsHasNoSuchField() throws IOException {
        assertThat(ok(send(resources, "POST", "/v3/" + PROJECT + ":getIamPolicy", ""))
                        .has("auditConfigs"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v3/folders/22", "POST, /v3/folders/22:getIamPolicy",
        "GET, /v3/organizations/1", "POST, /v3/organizations/1:getIamPolicy"
    })
    void ancestorsCanBeClosed(String method, String path) throws IOException {
        resources.denyAncestors();

        assertThat(denied(send(resources, method, path, "")).path("reason").asText())
                .isEqualTo("IAM_PERMISSION_DENIED");
        ok(send(resources, "GET", "/v3/" + PROJECT, ""));
    }

    @Test
    void whatDoesNotExistIsClosed() throws IOException {
        assertThat(denied(send(resources, "GET", "/v3/projects/other", ""))
                        .at("/metadata/permission")
                        .asText())
                .isEqualTo("resourcemanager.projects.get");
    }

    @Test
    void auditConfigurationsAreWrittenOnlyWhereTheMaskNamesThem() throws IOException {
        String audit =
                "\"policy\":{\"auditConfigs\":[{\"service\":\"allServices\",\"auditLogConfigs\":[{\"logType\":\"DATA_READ\"}]}]}";
        String set = "/v1/" + PROJECT + ":setIamPolicy";

        assertThat(ok(send(resources, "POST", set, "{" + audit + "}")).has("auditConfigs"))
                .isFalse();
        assertThat(ok(send(resources, "POST", set, "{" + audit + ",\"updateMask\":\"auditConfigs,bindings,etag\"}"))
                        .has("auditConfigs"))
                .isTrue();
        assertThat(resources.policy(PROJECT).has("auditConfigs")).isTrue();
        assertThat(journal.writes())
                .extracting(Journal.Entry::operation)
                .containsExactly("SetIamPolicy " + PROJECT, "SetIamPolicy " + PROJECT);
    }

    @Test
    void anOldEtagIsAConflict() throws IOException {
        String etag = ok(send(resources, "POST", "/v3/" + PROJECT + ":getIamPolicy", "{}"))
                .path("etag")
                .asText();
        resources.audit(PROJECT, "allServices", "DATA_READ");

        Reply reply = send(
                resources,
                "POST",
                "/v3/" + PROJECT + ":setIamPolicy",
                "{\"policy\":{\"bindings\":[],\"etag\":\"" + etag + "\"}}");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(JSON.readTree(reply.text()).at("/error/status").asText()).isEqualTo("ABORTED");
    }

    @Test
    void permissionsAreHeldUnlessDenied() throws IOException {
        String asked = "{\"permissions\":[\"cloudkms.keyRings.create\",\"cloudkms.cryptoKeys.create\"]}";
        String test = "/v3/" + PROJECT + ":testIamPermissions";
        assertThat(ok(send(resources, "POST", test, asked))).isEqualTo(JSON.readTree(asked));

        resources.deny("cloudkms.keyRings.create", "cloudkms.cryptoKeys.create");

        assertThat(ok(send(resources, "POST", test, asked))).isEqualTo(JSON.readTree("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cloudkms.cryptoKeys.fly", "resourcemanager.folders.get", "cloudkms.cryptoKeys.*", "create"})
    void aPermissionThatAProjectDoesNotKnowIsRefused(String permission) {
        Reply reply = send(
                resources,
                "POST",
                "/v3/" + PROJECT + ":testIamPermissions",
                "{\"permissions\":[\"" + permission + "\"]}");

        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void aPolicyWithoutConditionsIsOfTheFirstVersion() throws IOException {
        JsonNode policy = ok(
                send(
                        resources,
                        "POST",
                        "/v3/" + PROJECT + ":setIamPolicy",
                        "{\"policy\":{\"version\":3,\"bindings\":[{\"role\":\"roles/owner\",\"members\":[\"user:anna@acme.com\"]}]}}"));

        assertThat(policy.path("version").asInt()).isEqualTo(1);
    }

    // --- Org Policy ----------------------------------------------------------------------------------------------

    private Reply effective(String constraint) {
        return send(policies, "GET", "/v2/" + PROJECT + "/policies/" + constraint + ":getEffectivePolicy", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iam.allowedPolicyMemberDomains | {\"allowAll\":true}",
                "iam.managed.allowedPolicyMembers | {\"enforce\":false}"
            })
    void aConstraintThatNobodySetHasItsDefault(String constraint, String rule) throws IOException {
        JsonNode policy = ok(effective(constraint));

        assertThat(policy.path("name").asText()).isEqualTo(PROJECT + "/policies/" + constraint);
        assertThat(policy.at("/spec/rules")).isEqualTo(JSON.readTree("[" + rule + "]"));
    }

    @Test
    void aConstraintSaysWhatItWasSetTo() throws IOException {
        policies.allow("iam.allowedPolicyMemberDomains", "C0123abcd").enforce("cloudkms.disableBeforeDestroy");

        assertThat(ok(effective("iam.allowedPolicyMemberDomains")).at("/spec/rules"))
                .isEqualTo(JSON.readTree("[{\"values\":{\"allowedValues\":[\"C0123abcd\"]}}]"));
        assertThat(ok(effective("cloudkms.disableBeforeDestroy")).at("/spec/rules"))
                .isEqualTo(JSON.readTree("[{\"enforce\":true}]"));
        assertThat(journal.entries())
                .extracting(Journal.Entry::toString)
                .containsExactly(
                        "orgpolicy GetEffectivePolicy " + PROJECT + "/policies/iam.allowedPolicyMemberDomains -> 200",
                        "orgpolicy GetEffectivePolicy " + PROJECT + "/policies/cloudkms.disableBeforeDestroy -> 200");
    }

    @Test
    void aConstraintThatDoesNotExistIsNotFound() {
        assertThat(effective("custom.nothing").status()).isEqualTo(404);
    }

    @Test
    void policiesCanBeClosed() throws IOException {
        policies.deny();

        assertThat(denied(effective("gcp.resourceLocations"))
                        .at("/metadata/permission")
                        .asText())
                .isEqualTo("orgpolicy.policy.get");
    }

    @Test
    void anApiThatIsSwitchedOffNamesItself() throws IOException {
        policies.disableApi("acme-kms-prod");

        JsonNode info = denied(effective("gcp.resourceLocations"));

        assertThat(info.path("reason").asText()).isEqualTo("SERVICE_DISABLED");
        assertThat(info.at("/metadata/service").asText()).isEqualTo("orgpolicy.googleapis.com");
    }
}
