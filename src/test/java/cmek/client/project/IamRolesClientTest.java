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
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ProjectOnTheWire.class)
class IamRolesClientTest {

    private static final String ROLE = "projects/acme-kms-prod/roles/keyKeeper";

    @SuppressWarnings("NullAway.Init")
    WireMockServer apis;

    @Inject
    IamRolesClient roles;

    @BeforeEach
    void startAnew() {
        apis.resetAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLE, "organizations/42/roles/key_keeper.2"})
    void aCustomRoleComesWithItsPermissions(String role) {
        apis.stubFor(get(urlEqualTo("/v1/" + role)).willReturn(okJson("""
                {"name":"x","title":"Key keeper","stage":"GA","etag":"BwYx",
                 "includedPermissions":["cloudkms.cryptoKeys.get","cloudkms.cryptoKeys.setIamPolicy"]}
                """)));

        assertThat(roles.permissions(role))
                .isEqualTo(new Lookup.Known<>(Set.of("cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.setIamPolicy")));
    }

    @Test
    void aDeletedRoleGrantsNothing() {
        apis.stubFor(any(anyUrl()).willReturn(okJson("""
                {"name":"x","deleted":true,"includedPermissions":["cloudkms.cryptoKeyVersions.useToDecrypt"]}
                """)));

        assertThat(roles.permissions(ROLE)).isEqualTo(new Lookup.Known<>(Set.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void aRoleThatMayNotBeReadIsUnknown(int status) {
        apis.stubFor(any(anyUrl())
                .willReturn(jsonResponse("{\"error\":{\"code\":%d,\"status\":\"X\"}}".formatted(status), status)));

        assertThat(roles.permissions(ROLE)).isInstanceOf(Lookup.Unknown.class);
        assertThat(apis.getAllServeEvents()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roles/owner",
                "projects/acme-kms-prod/roles/../../x",
                "projects/acme-kms-prod/roles/x?alt=media",
                "folders/8/roles/x",
                "deleted:projects/p/roles/x",
                ""
            })
    void whatIsNotTheNameOfACustomRoleIsNotAskedFor(String role) {
        assertThat(roles.permissions(role)).isInstanceOf(Lookup.Unknown.class);
        assertThat(apis.getAllServeEvents()).isEmpty();
    }

    @Test
    void anOverloadIsNoAnswer() {
        apis.stubFor(any(anyUrl()).willReturn(jsonResponse("{\"error\":{\"status\":\"UNAVAILABLE\"}}", 503)));

        assertThatThrownBy(() -> roles.permissions(ROLE)).isInstanceOf(TransientException.class);
    }
}
