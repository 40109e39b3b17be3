package cmek.client;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.client.anthropic.AdminApi;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.Policies;
import cmek.client.project.ServiceUsageClient;
import cmek.client.pubsub.Topics;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.ProtectionLevel;
import cmek.model.WorkspaceId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call of every client, taken by somebody who never answers, or too slowly: it is cut off, and repeated where that does no harm. */
@QuarkusTest
@TestProfile(NoAnswerTest.Impatient.class)
class NoAnswerTest extends WireTest {

    /** Longer than anybody waits here. */
    private static final int NEVER_MILLIS = 10_000;

    private static final CryptoKeyName KEY =
            CryptoKeyName.parse("projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key");
    private static final ExternalKeyId EKEY = new ExternalKeyId("ekey_01ABC");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("wrkspc_01ABC");

    /** As {@link OnTheWire}, with little patience. */
    public static final class Impatient extends OnTheWire implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put(Impatience.PATIENCE, "PT0.2S");
            return overrides;
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            Set<Class<?>> alternatives = new HashSet<>(super.getEnabledAlternatives());
            alternatives.add(Impatience.class);
            return alternatives;
        }
    }

    @Inject
    KeyManagement kms;

    @Inject
    AdminApi admin;

    @Inject
    ServiceUsageClient projects;

    @Inject
    EvidenceStorage storage;

    @Inject
    Topics topics;

    @SuppressWarnings("ImmutableEnumChecker") // Each holds nothing.
    enum Verb {
        GET_LOCATION(3, test -> test.kms.hsmAvailable("demo-proj", "us-east5")),
        GET_KEY_RING(3, test -> test.kms.keyRingExists(KEY.ring())),
        CREATE_KEY_RING(3, test -> test.kms.createKeyRing(KEY.ring())),
        GET_CRYPTO_KEY(3, test -> test.kms.cryptoKey(KEY)),
        LIST_VERSIONS(3, test -> test.kms.versions(KEY)),
        CREATE_CRYPTO_KEY(
                3,
                test -> test.kms.createCryptoKey(
                        KEY,
                        new CryptoKeySpec(ProtectionLevel.HSM, Sample.LABELS, Optional.empty(), Optional.empty()))),
        UPDATE_CRYPTO_KEY(3, test -> test.kms.replaceLabels(KEY, Sample.LABELS)),
        GET_IAM_POLICY(3, test -> test.kms.policy(KEY)),
        SET_IAM_POLICY(1, test -> test.kms.writePolicy(KEY, Policies.parse("{\"version\":3,\"etag\":\"BwYx\"}"))),
        ORGANIZATION(3, test -> test.admin.organization()),
        LIST_REGISTRATIONS(3, test -> test.admin.externalKeys()),
        CREATE_REGISTRATION(1, test -> test.admin.createExternalKey("demo", KEY)),
        VALIDATE(1, test -> test.admin.validate(EKEY)),
        GET_WORKSPACE(3, test -> test.admin.workspace(WORKSPACE)),
        ATTACH(1, test -> test.admin.attach(WORKSPACE, EKEY)),
        GET_SERVICE(3, test -> test.projects.cloudKms("demo-proj")),
        READ_OBJECT(3, test -> test.storage.read("a/b.json")),
        READ_LARGE_OBJECT(3, test -> test.storage.read("a/b.json", content -> content.readAllBytes())),
        LIST_OBJECTS(3, test -> test.storage.list("a/")),
        WRITE_OBJECT(3, test -> test.storage.create("a/b.json", MediaKind.JSON, "{}")),
        WRITE_LARGE_OBJECT(
                3, test -> test.storage.create("a/b.json", MediaKind.CSV, out -> out.write(new byte[300_000]))),
        PUBLISH(3, test -> test.topics.publish("results", "{}", Map.of(), "key"));

        private final int attempts;
        private final Call call;

        Verb(int attempts, Call call) {
            this.attempts = attempts;
            this.call = call;
        }

        private interface Call {
            void of(NoAnswerTest test) throws Exception;
        }
    }

    @ParameterizedTest
    @EnumSource
    void noAnswerIsCutOff(Verb verb) {
        answers(okJson("{}").withFixedDelay(NEVER_MILLIS));

        TransientException thrown = catchThrowableOfType(TransientException.class, () -> verb.call.of(this));

        assertThat(thrown.reason()).isIn(Reason.GOOGLE_UNAVAILABLE, Reason.ANTHROPIC_UNAVAILABLE);
        assertThat(hurry.waits()).hasSize(verb.attempts - 1);
    }

    /** Each part comes long before anybody's patience ends, and the whole long after. */
    @ParameterizedTest
    @EnumSource
    void aSlowAnswerIsCutOff(Verb verb) {
        answers(okJson("{\"name\":\"" + "a".repeat(5_000) + "\"}").withChunkedDribbleDelay(1_000, NEVER_MILLIS));

        TransientException thrown = catchThrowableOfType(TransientException.class, () -> verb.call.of(this));

        assertThat(thrown).hasMessageContaining(" was not answered: ");
        assertThat(hurry.waits()).hasSize(verb.attempts - 1);
    }
}
