package cmek.client.project;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.finding.TransientException;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ProjectOnTheWire.class)
class DenyPolicyClientTest {

    private static final String PROJECT = "projects/acme-kms-prod";
    private static final String URL =
            "/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2Facme-kms-prod/denypolicies";
    private static final String NAME =
            "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F415104041262/denypolicies/";

    @SuppressWarnings("NullAway.Init")
    WireMockServer apis;

    @Inject
    DenyPolicyClient policies;

    @BeforeEach
    void startAnew() {
        apis.resetAll();
    }

    /** The attachment point is one segment of the path, and Google answers with the project's number in it. */
    @Test
    void aListNamesPoliciesByTheEndOfTheirNames() {
        apis.stubFor(get(urlEqualTo(URL + "?pageSize=1000"))
                .willReturn(okJson("{\"policies\":[{\"name\":\"" + NAME + "no-decrypt\",\"kind\":\"DenyPolicy\"},"
                        + "{\"name\":\"" + NAME + "a.b-1\"}]}")));

        assertThat(policies.attachedTo(PROJECT)).isEqualTo(new Lookup.Known<>(List.of("no-decrypt", "a.b-1")));
    }

    @Test
    void everyPageIsRead() {
        apis.stubFor(get(urlEqualTo(URL + "?pageSize=1000"))
                .willReturn(okJson("{\"policies\":[{\"name\":\"" + NAME + "one\"}],\"nextPageToken\":\"x\"}")));
        apis.stubFor(get(urlEqualTo(URL + "?pageSize=1000&pageToken=x"))
                .willReturn(okJson("{\"policies\":[{\"name\":\"" + NAME + "two\"}]}")));

        assertThat(policies.attachedTo(PROJECT)).isEqualTo(new Lookup.Known<>(List.of("one", "two")));
    }

    @Test
    void pagesWithoutEndAreUnknown() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("{\"nextPageToken\":\"x\"}")));

        assertThat(policies.attachedTo(PROJECT)).isInstanceOf(Lookup.Unknown.class);
    }

    @Test
    void aProjectWithoutDenyPoliciesAnswersWithAnEmptyObject() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("{}")));

        assertThat(policies.attachedTo(PROJECT)).isEqualTo(new Lookup.Known<>(List.of()));
    }

    @Test
    void aNameThatCannotBeReadIsUnknown() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("{\"policies\":[{\"name\":\"../x y\"}]}")));

        assertThat(policies.attachedTo(PROJECT)).isInstanceOf(Lookup.Unknown.class);
    }

    @Test
    void aPolicyComesWithItsRules() {
        apis.stubFor(get(urlEqualTo(URL + "/no-decrypt")).willReturn(okJson("""
                {"name":"x","etag":"MTc=","rules":[
                  {"description":"d","denyRule":{
                    "deniedPrincipals":["principalSet://goog/public:all"],
                    "exceptionPrincipals":["principalSet://goog/group/kms@acme.example"],
                    "deniedPermissions":["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"],
                    "exceptionPermissions":["cloudkms.googleapis.com/cryptoKeys.get"],
                    "denialCondition":{"title":"production","expression":"resource.matchTag('1/env','prod')"}}}]}
                """)));

        assertThat(policies.policy(PROJECT, "no-decrypt"))
                .isEqualTo(new Lookup.Known<>(Optional.of(new DenyPolicy(
                        PROJECT,
                        "no-decrypt",
                        List.of(new DenyPolicy.Rule(
                                List.of("principalSet://goog/public:all"),
                                List.of("principalSet://goog/group/kms@acme.example"),
                                List.of("cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"),
                                List.of("cloudkms.googleapis.com/cryptoKeys.get"),
                                Optional.of("production")))))));
    }

    @Test
    void aPolicyThatIsGoneByNowDeniesNothing() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("{\"error\":{\"status\":\"NOT_FOUND\"}}", 404)));

        assertThat(policies.policy(PROJECT, "gone")).isEqualTo(new Lookup.Known<>(Optional.empty()));
    }

    @Test
    void anAbsentPermissionMakesThemUnknown() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("""
                {"error":{"code":403,"message":"a sentence","status":"PERMISSION_DENIED","details":[
                  {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED",
                   "domain":"iam.googleapis.com","metadata":{"permission":"iam.denypolicies.list"}}]}}
                """, 403)));

        assertThat(policies.attachedTo("organizations/7"))
                .isEqualTo(new Lookup.Unknown<>("ListPolicies on organizations/7 answered 403 PERMISSION_DENIED"
                        + " IAM_PERMISSION_DENIED iam.denypolicies.list"));
    }

    @Test
    void aPageOfAProxyIsTriedAgainLater() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("<html>no</html>", 404)));

        assertThatThrownBy(() -> policies.attachedTo(PROJECT)).isInstanceOf(TransientException.class);
        assertThat(apis.getAllServeEvents()).hasSize(3);
    }
}
