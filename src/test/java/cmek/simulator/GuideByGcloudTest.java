package cmek.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.ProtectionLevel;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide's own commands and our own client do the same to Cloud KMS, and each sees what the other did. The commands
 * are run by the real {@code gcloud}, so neither can lean on a misunderstanding of ours.
 */
@Tag("thorough")
@QuarkusTest
@QuarkusTestResource(value = SimulatedKms.class, restrictToAnnotatedClass = true)
class GuideByGcloudTest {

    private static final String LABEL = "anthropic-org-6f1e8a52-3c0b-4d8e-9a6f-0b5d7c1e2a34";

    @Inject
    KeyManagement kms;

    @Inject
    @ConfigProperty(name = "cmek.google.kms-url")
    String kmsUrl;

    @BeforeEach
    void needsGcloud() {
        assumeTrue(Gcloud.isInstalled(), "gcloud is not on the PATH: the guide's commands were not run");
    }

    @Test
    void ourClientSeesWhatTheGuidesCommandsMade(@TempDir Path directory) throws Exception {
        CryptoKeyName key = name("by-gcloud");
        String[] where = {"--project=acme-kms-prod", "--location=us-east5"};
        String[] ring = {where[0], where[1], "--keyring=by-gcloud"};
        Gcloud gcloud = new Gcloud(kmsUrl, directory);

        gcloud.run(with(where, "kms", "keyrings", "create", "by-gcloud"));
        gcloud.run(with(
                ring,
                "kms",
                "keys",
                "create",
                "payments",
                "--purpose=encryption",
                "--protection-level=hsm",
                "--labels=" + LABEL + "=true"));
        for (String role : new String[] {AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.VIEWER}) {
            gcloud.run(with(
                    ring,
                    "kms",
                    "keys",
                    "add-iam-policy-binding",
                    "payments",
                    "--member=" + AnthropicPrincipal.MEMBER,
                    "--role=" + role));
        }

        CryptoKeyInfo facts = kms.cryptoKey(key).orElseThrow();
        assertThat(facts.purpose()).isEqualTo("ENCRYPT_DECRYPT");
        assertThat(facts.algorithm()).isEqualTo("GOOGLE_SYMMETRIC_ENCRYPTION");
        assertThat(facts.protectionLevel()).isEqualTo("HSM");
        assertThat(facts.labels()).isEqualTo(Map.of(LABEL, "true"));
        assertThat(facts.primary().map(KeyVersionInfo::state)).contains("ENABLED");
        assertThat(facts.destroyScheduledDuration()).contains(Duration.ofDays(30));
        assertThat(kms.versions(key)).extracting(KeyVersionInfo::number).containsExactly(1L);
        KeyPolicy policy = kms.policy(key);
        assertThat(policy.grants(AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.MEMBER))
                .isTrue();
        assertThat(policy.grants(AnthropicPrincipal.VIEWER, AnthropicPrincipal.MEMBER))
                .isTrue();
        assertThat(policy.bindings()).hasSize(2);
        // The guide's last command, which prints the name that is registered afterwards.
        assertThat(gcloud.run(with(ring, "kms", "keys", "describe", "payments", "--format=value(name)"))
                        .strip())
                .isEqualTo(key.toString());
    }

    @Test
    void gcloudSeesWhatOurClientMade(@TempDir Path directory) throws Exception {
        CryptoKeyName key = name("by-client");
        String[] ring = {"--project=acme-kms-prod", "--location=us-east5", "--keyring=by-client", "--format=json"};
        Gcloud gcloud = new Gcloud(kmsUrl, directory);

        kms.createKeyRing(key.ring());
        kms.createCryptoKey(
                key,
                new CryptoKeySpec(
                        ProtectionLevel.HSM,
                        Map.of("team", "payments"),
                        Optional.empty(),
                        Optional.of(Duration.ofDays(60))));
        kms.replaceLabels(key, Map.of("team", "payments", LABEL, "true"));
        boolean written = kms.writePolicy(key, kms.policy(key).withAnthropic());

        assertThat(written).isTrue();
        JsonNode described = KmsCaller.json(gcloud.run(with(ring, "kms", "keys", "describe", "payments")));
        assertThat(described.path("purpose").asText()).isEqualTo("ENCRYPT_DECRYPT");
        assertThat(described.path("versionTemplate").path("protectionLevel").asText())
                .isEqualTo("HSM");
        assertThat(described.path("destroyScheduledDuration").asText()).isEqualTo("5184000s");
        assertThat(described.path("primary").path("state").asText()).isEqualTo("ENABLED");
        assertThat(described.path("labels").toString()).isEqualTo("{\"" + LABEL + "\":\"true\",\"team\":\"payments\"}");
        JsonNode policy = KmsCaller.json(gcloud.run(with(ring, "kms", "keys", "get-iam-policy", "payments")));
        assertThat(policy.path("version").asInt()).isEqualTo(1);
        assertThat(policy.path("bindings").findValuesAsText("role"))
                .containsExactly(AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.VIEWER);
        assertThat(policy.path("bindings").toString()).contains("\"" + AnthropicPrincipal.MEMBER + "\"");
    }

    private static CryptoKeyName name(String ring) {
        return CryptoKeyName.parse(
                "projects/acme-kms-prod/locations/us-east5/keyRings/" + ring + "/cryptoKeys/payments");
    }

    private static String[] with(String[] last, String... first) {
        return java.util.stream.Stream.of(first, last)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }
}
