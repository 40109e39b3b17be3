package cmek.client.project;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.kms.KeyManagement;
import cmek.fake.Sample;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.RoleBinding;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(ProjectOnTheWire.class)
class ResourceManagerClientTest {

    private static final String PROJECT = "projects/acme-kms-prod";
    private static final String DENIED = """
            {"error":{"code":403,"message":"a sentence","status":"PERMISSION_DENIED","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED",
               "domain":"iam.googleapis.com","metadata":{"permission":"resourcemanager.folders.getIamPolicy"}}]}}
            """;

    @SuppressWarnings("NullAway.Init")
    WireMockServer apis;

    @Inject
    ResourceManagerClient resources;

    @Inject
    KeyManagement kms;

    @BeforeEach
    void startAnew() {
        apis.resetAll();
    }

    private Lookup<Optional<String>> parent(String resource) {
        Lookup<ResourceInfo> info = resources.info(resource);
        return info instanceof Lookup.Known<ResourceInfo> known
                ? new Lookup.Known<>(known.value().parent())
                : new Lookup.Unknown<>(((Lookup.Unknown<ResourceInfo>) info).why());
    }

    @Test
    void aProjectsParentIsItsFolder() {
        apis.stubFor(get(urlEqualTo("/v3/" + PROJECT))
                .willReturn(
                        okJson("{\"name\":\"projects/415104041262\",\"parent\":\"folders/7\",\"state\":\"ACTIVE\"}")));

        assertThat(parent(PROJECT)).isEqualTo(new Lookup.Known<>(Optional.of("folders/7")));
        assertThat(apis.getAllServeEvents()).hasSize(1);
    }

    @Test
    void aFoldersParentIsItsOrganization() {
        apis.stubFor(get(urlEqualTo("/v3/folders/7"))
                .willReturn(okJson("{\"name\":\"folders/7\",\"parent\":\"organizations/42\"}")));

        assertThat(parent("folders/7")).isEqualTo(new Lookup.Known<>(Optional.of("organizations/42")));
    }

    @Test
    void aProjectWithoutAnOrganizationHasNoParent() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("{\"name\":\"projects/415104041262\"}")));

        assertThat(parent(PROJECT)).isEqualTo(new Lookup.Known<>(Optional.empty()));
    }

    @Test
    void aProjectThatIsAskedForByItsIdAnswersWithItsNumberAndWhetherItIsGoingToBeDeleted() {
        apis.stubFor(get(urlEqualTo("/v3/" + PROJECT))
                .willReturn(okJson("{\"name\":\"projects/415104041262\",\"projectId\":\"acme-kms-prod\","
                        + "\"state\":\"DELETE_REQUESTED\",\"deleteTime\":\"2026-11-20T00:00:00Z\"}")));

        assertThat(resources.info(PROJECT))
                .isEqualTo(new Lookup.Known<>(new ResourceInfo(
                        Optional.of("acme-kms-prod"),
                        Optional.of("415104041262"),
                        Optional.empty(),
                        "DELETE_REQUESTED",
                        Optional.of(Instant.parse("2026-11-20T00:00:00Z")))));
    }

    @Test
    void aProjectsIdIsReadByItsNumber() {
        apis.stubFor(get(urlEqualTo("/v3/projects/415104041262"))
                .willReturn(okJson("{\"name\":\"projects/415104041262\",\"projectId\":\"acme-kms-prod\"}")));

        assertThat(resources.projectId("415104041262")).isEqualTo(new Lookup.Known<>("acme-kms-prod"));
        assertThat(apis.getAllServeEvents()).hasSize(1);
    }

    @Test
    void aProjectThatWeMayNotReadOrThatDoesNotSayItsIdIsUnknown() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse(DENIED, 403)));
        assertThat(resources.projectId("1")).isInstanceOf(Lookup.Unknown.class);

        apis.stubFor(any(anyUrl()).willReturn(okJson("{\"name\":\"projects/1\"}")));
        assertThat(resources.projectId("1"))
                .isEqualTo(new Lookup.Unknown<>("GetProject on projects/1 answered without the project's id"));
    }

    @Test
    void bindingsAndAuditLogsAreReadFromThePolicyInVersion3() {
        apis.stubFor(post(urlEqualTo("/v3/" + PROJECT + ":getIamPolicy"))
                .withRequestBody(equalToJson("{\"options\":{\"requestedPolicyVersion\":3}}"))
                .willReturn(okJson("""
                        {"version":3,"etag":"BwE=","bindings":[
                          {"role":"roles/owner","members":["user:anna@example.com"],"condition":{"expression":"true"}}],
                         "auditConfigs":[{"service":"allServices","auditLogConfigs":[
                          {"logType":"DATA_READ","exemptedMembers":["user:anna@example.com"]},{"logType":"DATA_WRITE"}]}]}
                        """)));

        assertThat(resources.policy(PROJECT))
                .isEqualTo(new Lookup.Known<>(new ResourcePolicy(
                        List.of(new RoleBinding("roles/owner", List.of("user:anna@example.com"), true)),
                        List.of(
                                new AuditConfig("allServices", "DATA_READ", Set.of("user:anna@example.com")),
                                new AuditConfig("allServices", "DATA_WRITE", Set.of())))));
    }

    @Test
    void aPolicyWithoutAuditLogsIsKnownToHaveNone() {
        apis.stubFor(post(urlEqualTo("/v3/organizations/42:getIamPolicy")).willReturn(okJson("{\"etag\":\"ACAB\"}")));

        assertThat(resources.policy("organizations/42"))
                .isEqualTo(new Lookup.Known<>(new ResourcePolicy(List.of(), List.of())));
    }

    @Test
    void aClosedFolderIsUnknownAndSaysWhichPermissionIsMissing() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse(DENIED, 403)));

        assertThat(resources.policy("folders/7"))
                .isEqualTo(new Lookup.Unknown<>("GetIamPolicy on folders/7 answered 403 PERMISSION_DENIED"
                        + " IAM_PERMISSION_DENIED resourcemanager.folders.getIamPolicy"));
        assertThat(apis.getAllServeEvents()).hasSize(1);
    }

    @Test
    void somethingThatIsNoAnswerIsUnknown() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("<html>")));

        assertThat(parent(PROJECT)).isInstanceOf(Lookup.Unknown.class);
    }

    @Test
    void anOverloadIsTriedAgainAndThenUnavailable() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("{\"error\":{\"status\":\"UNAVAILABLE\"}}", 503)));

        assertThatThrownBy(() -> parent(PROJECT)).isInstanceOf(TransientException.class);
        assertThat(apis.getAllServeEvents()).hasSize(3);
    }

    @Test
    void permissionsOnAProjectAreTestedInOneCall() {
        apis.stubFor(post(urlEqualTo("/v3/" + PROJECT + ":testIamPermissions"))
                .withRequestBody(equalToJson("{\"permissions\":[\"a.b.c\",\"a.b.d\"]}"))
                .willReturn(okJson("{\"permissions\":[\"a.b.d\"]}")));

        assertThat(resources.heldPermissions("acme-kms-prod", Set.of("a.b.d", "a.b.c")))
                .isEqualTo(new Lookup.Known<>(Set.of("a.b.d")));
    }

    @Test
    void noPermissionAtAllIsAnEmptyAnswer() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("{}")));

        assertThat(resources.heldPermissions("acme-kms-prod", Set.of("a.b.c"))).isEqualTo(new Lookup.Known<>(Set.of()));
    }

    @Test
    void permissionsOnAKeyAreTestedOnTheKeyItself() {
        apis.stubFor(post(urlEqualTo("/v1/" + Sample.KEY + ":testIamPermissions"))
                .withRequestBody(equalToJson("{\"permissions\":[\"cloudkms.cryptoKeys.setIamPolicy\"]}"))
                .willReturn(okJson("{\"permissions\":[\"cloudkms.cryptoKeys.setIamPolicy\"]}")));

        assertThat(kms.heldPermissions(Sample.KEY, Set.of("cloudkms.cryptoKeys.setIamPolicy")))
                .containsExactly("cloudkms.cryptoKeys.setIamPolicy");
    }

    @Test
    void nothingIsHeldOnARingThatIsNotThere() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("{\"error\":{\"status\":\"NOT_FOUND\"}}", 404)));

        assertThat(kms.heldPermissions(Sample.KEY.ring(), Set.of("cloudkms.cryptoKeys.create")))
                .isEmpty();
    }

    @Test
    void aDisabledApiIsReadFromTheDetailsOfAKmsError() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("""
                {"error":{"code":403,"message":"a sentence","status":"PERMISSION_DENIED","details":[
                  {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED",
                   "domain":"googleapis.com","metadata":{"service":"cloudkms.googleapis.com"}}]}}
                """, 403)));

        assertThatThrownBy(() -> kms.heldPermissions(Sample.KEY, Set.of("a.b.c")))
                .isInstanceOfSatisfying(
                        PermanentException.class,
                        e -> assertThat(e.finding().reason()).isEqualTo(Reason.KMS_API_DISABLED));
    }

    @ParameterizedTest
    @CsvSource({
        "constraints/gcp.resourceLocations, ORGANIZATION_POLICY",
        "constraints/cloudkms.allowedProtectionLevels, PROTECTION_LEVEL_NOT_ALLOWED",
        "constraints/cloudkms.minimumDestroyScheduledDuration, ORGANIZATION_POLICY",
        "constraints/iam.allowedPolicyMemberDomains, DOMAIN_RESTRICTED_SHARING",
        "customConstraints/custom.onlyOurOwn, ORGANIZATION_POLICY"
    })
    void aRefusedWriteNamesThePolicyThatRefusedIt(String constraint, Reason reason) {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("""
                {"error":{"code":400,"message":"a sentence","status":"FAILED_PRECONDITION","details":[
                  {"@type":"type.googleapis.com/google.rpc.PreconditionFailure",
                   "violations":[{"type":"%s","subject":"orgpolicy"}]}]}}
                """.formatted(constraint), 400)));

        assertThatThrownBy(() -> kms.createKeyRing(Sample.KEY.ring()))
                .isInstanceOfSatisfying(PermanentException.class, e -> {
                    assertThat(e.finding().reason()).isEqualTo(reason);
                    assertThat(e.finding().remedy().get(0))
                            .isEqualTo("gcloud org-policies describe "
                                    + constraint.substring(constraint.indexOf('/') + 1)
                                    + " --effective --project=acme-kms-prod");
                });
    }

    @Test
    void aLocationThatAPolicyRefusesIsReadFromTheDetails() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("""
                {"error":{"code":400,"message":"a sentence","status":"FAILED_PRECONDITION","details":[
                  {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"LOCATION_ORG_POLICY_VIOLATED",
                   "domain":"googleapis.com"}]}}
                """, 400)));

        assertThatThrownBy(() -> kms.createKeyRing(Sample.KEY.ring()))
                .isInstanceOfSatisfying(
                        PermanentException.class,
                        e -> assertThat(e.finding().reason()).isEqualTo(Reason.ORGANIZATION_POLICY));
    }
}
