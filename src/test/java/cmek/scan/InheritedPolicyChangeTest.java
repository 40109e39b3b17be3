package cmek.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import cmek.model.CryptoKeyName;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InheritedPolicyChangeTest {

    private static final CryptoKeyName ELSEWHERE =
            new CryptoKeyName("acme-kms-prod", "us-east5", "another", "payments");
    private static final CryptoKeyName OTHER = new CryptoKeyName("acme-kms-test", "us-east5", "anthropic", "payments");

    private static Optional<InheritedPolicyChange> read(String method, String resource, String more)
            throws IOException {
        return InheritedPolicyChange.read("""
                {"insertId":"1a2b","timestamp":"2026-11-23T02:00:00Z","protoPayload":{"methodName":"%s",
                 "resourceName":"%s","authenticationInfo":{"principalSubject":"user:mallory@example.com"}%s}}
                """.formatted(method, resource, more).getBytes(UTF_8));
    }

    @Test
    void aRingsPolicyReachesTheKeysInIt() throws IOException {
        InheritedPolicyChange change =
                read("SetIamPolicy", Sample.KEY.ring().toString(), "").orElseThrow();

        assertThat(change.reaches(Sample.KEY)).isTrue();
        assertThat(change.reaches(ELSEWHERE)).isFalse();
        assertThat(change.reaches(OTHER)).isFalse();
        assertThat(change.change())
                .hasToString("SetIamPolicy on " + Sample.KEY.ring()
                        + " by user:mallory@example.com at 2026-11-23T02:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SetIamPolicy",
                "google.iam.v1.IAMPolicy.SetIamPolicy",
                "google.cloud.resourcemanager.v3.Projects.SetIamPolicy"
            })
    void aProjectsPolicyReachesAllItsKeys(String method) throws IOException {
        InheritedPolicyChange change =
                read(method, "projects/acme-kms-prod", "").orElseThrow();

        assertThat(change.reaches(Sample.KEY)).isTrue();
        assertThat(change.reaches(ELSEWHERE)).isTrue();
        assertThat(change.reaches(OTHER)).isFalse();
    }

    @Test
    void aProjectThatIsNamedByItsNumberMayBeAny() throws IOException {
        assertThat(read("SetIamPolicy", "projects/415104041262", "")
                        .orElseThrow()
                        .reaches(Sample.KEY))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "roles/storage.admin, serviceAccount:app@evil-proj-1.iam.gserviceaccount.com, false",
        "roles/cloudkms.viewer, allUsers, false",
        "roles/owner, user:anna@example.com, true",
        "roles/cloudkms.cryptoKeyDecrypter, allUsers, true",
        "roles/resourcemanager.projectIamAdmin, allUsers, true",
        "roles/cloudkms.brandNew, allUsers, true",
        "projects/acme-kms-prod/roles/custom, allUsers, true",
        "roles/browser, serviceAccount:anthropic-cmek-client-us@evil.iam.gserviceaccount.com, true"
    })
    void whereTheEntrySaysWhatWasBoundOnlyWhatMayLetDecryptCounts(String role, String member, boolean counts)
            throws IOException {
        String deltas = ",\"serviceData\":{\"policyDelta\":{\"bindingDeltas\":[{\"action\":\"ADD\",\"role\":\"" + role
                + "\",\"member\":\"" + member + "\"}]}}";

        assertThat(read("SetIamPolicy", "projects/acme-kms-prod", deltas).isPresent())
                .isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource({
        "GetIamPolicy, projects/acme-kms-prod",
        "UpdateProject, projects/acme-kms-prod",
        "SetIamPolicy, projects/acme-kms-prod/serviceAccounts/1",
        "SetIamPolicy, folders/8",
        "SetIamPolicy, projects/acme-kms-prod/locations/us-east5/keyRings/r/importJobs/i"
    })
    void anythingElseIsNoReason(String method, String resource) throws IOException {
        assertThat(read(method, resource, "")).isEmpty();
    }

    @Test
    void aRefusedCallChangedNothing() throws IOException {
        assertThat(read("SetIamPolicy", "projects/acme-kms-prod", ",\"status\":{\"code\":7}"))
                .isEmpty();
    }

    @Test
    void withoutATimeItCannotBeRead() {
        assertThatThrownBy(() -> InheritedPolicyChange.read(
                        "{\"protoPayload\":{\"methodName\":\"SetIamPolicy\",\"resourceName\":\"projects/p\"}}"
                                .getBytes(UTF_8)))
                .isInstanceOf(IOException.class);
    }
}
