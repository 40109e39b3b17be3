package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedKeyNameTest {

    private static final CryptoKeyName KEY =
            CryptoKeyName.parse("projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments");

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%s/", "%s//", " %s\n", "/%s", "//cloudkms.googleapis.com/%s"})
    void whateverCloudKmsTakesForTheKeyIsTheKey(String form) {
        assertThat(TypedKeyName.read(form.formatted(KEY)).flatMap(TypedKeyName::canonical))
                .contains(KEY);
    }

    @Test
    void aLinkToTheKeyIsTheKey() {
        assertThat(TypedKeyName.read("https://cloudkms.googleapis.com/v1/" + KEY)
                        .flatMap(TypedKeyName::canonical))
                .contains(KEY);
    }

    @Test
    void aProjectsNumberIsNotItsIdAndBecomesOne() {
        TypedKeyName typed = TypedKeyName.read(KEY.toString().replace("acme-kms-prod", "123456789012"))
                .orElseThrow();

        assertThat(typed.canonical()).isEmpty();
        assertThat(typed.projectNumber()).contains("123456789012");
        assertThat(typed.isNamedLike(KEY)).isTrue();
        assertThat(typed.in("acme-kms-prod")).contains(KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "payments",
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic",
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments/cryptoKeyVersions/1",
                "https://evil.example/v1/projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments"
            })
    void whatIsNotAKeysNameIsNone(String text) {
        assertThat(TypedKeyName.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com:acme", "0123456789", "ACME-KMS-PROD", "аcme-kms-prod"})
    void aProjectThatIsNeitherAnIdNorANumberIsNeither(String project) {
        TypedKeyName typed = TypedKeyName.read(KEY.toString().replace("acme-kms-prod", project))
                .orElseThrow();

        assertThat(typed.canonical()).isEmpty();
        assertThat(typed.projectNumber()).isEmpty();
    }
}
