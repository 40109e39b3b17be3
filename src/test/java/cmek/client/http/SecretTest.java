package cmek.client.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void theArrayItCameInIsWiped() {
        byte[] value = "s3cr3t".getBytes(US_ASCII);

        Secret secret = Secret.keeping(value);

        assertThat(value).containsOnly(0);
        assertThat(secret.text()).isEqualTo("s3cr3t");
    }

    @Test
    void nothingIsLeftOfOneThatWasWiped() {
        Secret secret = Secret.keeping("s3cr3t".getBytes(US_ASCII));

        secret.wipe();

        assertThat(secret.text()).isEqualTo("\0".repeat(6));
    }

    @Test
    void itSaysNothingOfItself() {
        assertThat(Secret.keeping("s3cr3t".getBytes(US_ASCII)).toString()).isEqualTo("Secret[…]");
    }
}
