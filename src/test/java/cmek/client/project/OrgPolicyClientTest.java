package cmek.client.project;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ProjectOnTheWire.class)
class OrgPolicyClientTest {

    private static final String MEMBERS = "iam.managed.allowedPolicyMembers";

    @SuppressWarnings("NullAway.Init")
    WireMockServer apis;

    @Inject
    OrgPolicyClient policies;

    @BeforeEach
    void startAnew() {
        apis.resetAll();
    }

    @Test
    void aManagedConstraintComesWithItsParameters() {
        apis.stubFor(get(urlEqualTo("/v2/projects/acme-kms-prod/policies/" + MEMBERS + ":getEffectivePolicy"))
                .willReturn(okJson("""
                        {"name":"projects/415104041262/policies/iam.managed.allowedPolicyMembers","spec":{"rules":[
                          {"enforce":true,"parameters":{"allowedMemberSubjects":["user:anna@example.com"],
                           "allowedPrincipalSets":["//cloudresourcemanager.googleapis.com/organizations/42"]}}]}}
                        """)));

        assertThat(policies.effective("acme-kms-prod", MEMBERS))
                .isEqualTo(new Lookup.Known<>(new EffectivePolicy(
                        MEMBERS,
                        List.of(new EffectivePolicy.Rule(
                                false,
                                false,
                                false,
                                true,
                                Set.of(),
                                Set.of(),
                                Set.of("user:anna@example.com"),
                                Set.of("//cloudresourcemanager.googleapis.com/organizations/42"))))));
    }

    @Test
    void aListConstraintComesWithItsValuesAndConditions() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("""
                {"spec":{"rules":[
                  {"condition":{"expression":"resource.matchTag('42/env','prod')"},
                   "values":{"allowedValues":["in:us-locations"],"deniedValues":["us-east1"]}},
                  {"denyAll":true},{"allowAll":true}]}}
                """)));

        assertThat(policies.effective("acme-kms-prod", "gcp.resourceLocations"))
                .isEqualTo(new Lookup.Known<>(new EffectivePolicy(
                        "gcp.resourceLocations",
                        List.of(
                                rule(true, false, false, Set.of("in:us-locations"), Set.of("us-east1")),
                                rule(false, false, true, Set.of(), Set.of()),
                                rule(false, true, false, Set.of(), Set.of())))));
    }

    @Test
    void aConstraintThatDoesNotExistRestrictsNothing() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("{\"error\":{\"status\":\"NOT_FOUND\"}}", 404)));

        assertThat(policies.effective("acme-kms-prod", MEMBERS))
                .isEqualTo(new Lookup.Known<>(new EffectivePolicy(MEMBERS, List.of())));
    }

    @Test
    void anApiThatIsSwitchedOffMakesItUnknown() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("""
                {"error":{"code":403,"message":"a sentence","status":"PERMISSION_DENIED","details":[
                  {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED",
                   "domain":"googleapis.com","metadata":{"service":"orgpolicy.googleapis.com"}}]}}
                """, 403)));

        assertThat(policies.effective("acme-kms-prod", MEMBERS))
                .isEqualTo(new Lookup.Unknown<>("GetEffectivePolicy on projects/acme-kms-prod/policies/" + MEMBERS
                        + " answered 403 PERMISSION_DENIED SERVICE_DISABLED orgpolicy.googleapis.com"));
    }

    private static EffectivePolicy.Rule rule(
            boolean conditional, boolean allowAll, boolean denyAll, Set<String> allowed, Set<String> denied) {
        return new EffectivePolicy.Rule(conditional, allowAll, denyAll, false, allowed, denied, Set.of(), Set.of());
    }
}
