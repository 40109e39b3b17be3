package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CryptoKeyNameTest {

    private static final String NAME =
            "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments";

    @Test
    void aFullResourceNameIsReadAndWrittenTheSame() {
        CryptoKeyName key = CryptoKeyName.parse(NAME);

        assertThat(key).isEqualTo(new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "payments"));
        assertThat(key).hasToString(NAME);
    }

    @Test
    void aKeyKnowsItsRing() {
        KeyRingName ring = CryptoKeyName.parse(NAME).ring();

        assertThat(ring).hasToString("projects/acme-kms-prod/locations/us-east5/keyRings/anthropic");
        assertThat(ring.parent()).isEqualTo("projects/acme-kms-prod/locations/us-east5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "payments",
                NAME + "/",
                NAME + "/cryptoKeyVersions/1",
                NAME + "\n",
                " " + NAME,
                "/" + NAME,
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/..",
                "projects/acme-kms-prod/locations/us-east5/keyRings//cryptoKeys/payments",
                "projects/example.com:acme/locations/us-east5/keyRings/anthropic/cryptoKeys/payments",
                "projects/123456789012/locations/us-east5/keyRings/anthropic/cryptoKeys/payments",
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptokeys/payments"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CryptoKeyName.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"acme", "acme-", "Acme-kms", "1acme-kms", "acme_kms", "acme-kms-prod-0123456789-0123456", ""})
    void whatIsNoProjectIdIsRefused(String project) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CryptoKeyName(project, "us-east5", "anthropic", "payments"))
                .withMessageStartingWith("project must match ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyRingName(project, "us-east5", "anthropic"))
                .withMessageStartingWith("project must match ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "US-EAST5", "us_east5", "us-east5/keyRings", "5us", "us-east5\n"})
    void whatIsNoLocationIsRefused(String location) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CryptoKeyName("acme-kms-prod", location, "anthropic", "payments"))
                .withMessageStartingWith("location must match ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyRingName("acme-kms-prod", location, "anthropic"))
                .withMessageStartingWith("location must match ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "a.b", "ä", "a\n", ""})
    void whatIsNoIdOfARingOrKeyIsRefused(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CryptoKeyName("acme-kms-prod", "us-east5", id, "payments"))
                .withMessageStartingWith("keyRing must match ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", id))
                .withMessageStartingWith("name must match ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyRingName("acme-kms-prod", "us-east5", id))
                .withMessageStartingWith("keyRing must match ");
    }

    @Test
    void whatIsRefusedIsShownWithoutControlCharacters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CryptoKeyName.parse("\u001b[31m\n"))
                .withMessageEndingWith("\"\\u001b[31m\\u000a\"");
    }
}
