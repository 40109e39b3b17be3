package cmek.simulator;

import static cmek.simulator.KmsCaller.KEY;
import static cmek.simulator.KmsCaller.RING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.kms.v1.CryptoKey;
import com.google.cloud.kms.v1.CryptoKey.CryptoKeyPurpose;
import com.google.cloud.kms.v1.CryptoKeyVersion.CryptoKeyVersionAlgorithm;
import com.google.cloud.kms.v1.CryptoKeyVersionTemplate;
import com.google.cloud.kms.v1.KeyManagementServiceClient;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import com.google.cloud.kms.v1.KeyRing;
import com.google.cloud.kms.v1.ProtectionLevel;
import com.google.cloud.location.GetLocationRequest;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.cloud.pubsub.v1.TopicAdminSettings;
import com.google.iam.v1.Binding;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.pubsub.v1.PubsubMessage;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Google's own clients, over HTTP, against the simulators: every call that the product makes with each of its outcomes.
 * What they understand is what the simulators mean. Leaves a table in {@code target/certification/google.csv}.
 */
class GoogleClientsTest {

    private static final String KMS_CLIENT = "google-cloud-kms";
    private static final String PUB_SUB_CLIENT = "google-cloud-pubsub";
    private static final String LOCATION = "projects/acme-kms-prod/locations/us-east5";
    private static final String TOPIC = "projects/acme-kms-prod/topics/cmek-results";
    private static final String OF_409 = "the client makes ABORTED of every 409";
    private static final String OF_400 = "the client makes INVALID_ARGUMENT of every 400";
    private static final String REASON_IN_THE_BODY = "same; over HTTP the client leaves the reason in the body";
    private static final CertificationReport REPORT = new CertificationReport("google.csv");

    private final Journal journal = new Journal();
    private final KmsSimulator kms =
            new KmsSimulator(journal, InstantSource.fixed(Instant.parse("2026-11-24T08:00:00Z")));
    private final PubSubSimulator pubSub = new PubSubSimulator(
            journal,
            InstantSource.fixed(Instant.parse("2026-11-24T08:00:00Z")),
            (delay, task) -> {},
            (endpoint, json, deadline) -> 200);
    private final SimulatorServer kmsServer = SimulatorServer.start(kms);
    private final SimulatorServer pubSubServer = SimulatorServer.start(pubSub);

    /**
     * One outcome of one call.
     *
     * @param documented the status that the API documents for it, with the reason where there is one
     * @param before what is otherwise than usual
     * @param difference how the client names the status differently, and why
     */
    private record Outcome<C>(
            String call,
            String documented,
            Consumer<KmsSimulator> before,
            Function<C, Object> work,
            Optional<String> difference) {

        @Override
        public String toString() {
            return call + " " + documented;
        }
    }

    @BeforeEach
    void make() {
        KmsCaller.own(kms).withKey();
        pubSub.answer(Call.of("PUT", java.net.URI.create("http://pubsub/v1/" + TOPIC), Map.of(), "{}".getBytes(UTF_8)));
    }

    @AfterEach
    void close() {
        kmsServer.close();
        pubSubServer.close();
        pubSub.close();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write();
    }

    // --- Cloud KMS -----------------------------------------------------------------------------------------------

    /** Each call as it succeeds. */
    private static final Map<String, Function<KeyManagementServiceClient, Object>> CALLS = Map.ofEntries(
            Map.entry(
                    "GetLocation",
                    client -> client.getLocation(
                            GetLocationRequest.newBuilder().setName(LOCATION).build())),
            Map.entry("GetKeyRing", client -> client.getKeyRing(RING)),
            Map.entry(
                    "CreateKeyRing", client -> client.createKeyRing(LOCATION, "another", KeyRing.getDefaultInstance())),
            Map.entry("GetCryptoKey", client -> client.getCryptoKey(KEY)),
            Map.entry("CreateCryptoKey", client -> client.createCryptoKey(RING, "another", key(ProtectionLevel.HSM))),
            Map.entry(
                    "UpdateCryptoKey",
                    client -> client.updateCryptoKey(
                            CryptoKey.newBuilder()
                                    .setName(KEY)
                                    .putLabels("team", "risk")
                                    .build(),
                            FieldMask.newBuilder().addPaths("labels").build())),
            Map.entry(
                    "ListCryptoKeyVersions",
                    client -> all(client.listCryptoKeyVersions(KEY).iterateAll())),
            Map.entry(
                    "ListRetiredResources",
                    client -> all(client.listRetiredResources(LOCATION).iterateAll())),
            Map.entry(
                    "GetIamPolicy",
                    client -> client.getIamPolicy(
                            GetIamPolicyRequest.newBuilder().setResource(KEY).build())),
            Map.entry("SetIamPolicy", client -> client.setIamPolicy(policy("roles/cloudkms.viewer", "ACAB"))),
            Map.entry(
                    "TestIamPermissions", client -> client.testIamPermissions(permission("cloudkms.cryptoKeys.get"))));

    static Stream<Outcome<KeyManagementServiceClient>> kmsOutcomes() {
        return Stream.of(
                        everywhere("OK", kms -> {}),
                        everywhere("PERMISSION_DENIED SERVICE_DISABLED", kms -> kms.disableApi("acme-kms-prod")),
                        everywhere("PERMISSION_DENIED BILLING_DISABLED", kms -> kms.disableBilling("acme-kms-prod")),
                        everywhere("PERMISSION_DENIED SECURITY_POLICY_VIOLATED", kms -> kms.perimeter(true)),
                        everywhere("PERMISSION_DENIED CONSUMER_INVALID", kms -> kms.thereWhere(project -> false)),
                        Stream.of(
                                denied("GetLocation", "cloudkms.locations.get"),
                                denied("GetKeyRing", "cloudkms.keyRings.get"),
                                denied("CreateKeyRing", "cloudkms.keyRings.create"),
                                denied("GetCryptoKey", "cloudkms.cryptoKeys.get"),
                                denied("CreateCryptoKey", "cloudkms.cryptoKeys.create"),
                                denied("UpdateCryptoKey", "cloudkms.cryptoKeys.update"),
                                denied("ListCryptoKeyVersions", "cloudkms.cryptoKeyVersions.list"),
                                denied("ListRetiredResources", "cloudkms.retiredResources.list"),
                                denied("GetIamPolicy", "cloudkms.cryptoKeys.getIamPolicy"),
                                denied("SetIamPolicy", "cloudkms.cryptoKeys.setIamPolicy")),
                        Stream.of(
                                kms(
                                        "GetLocation",
                                        "NOT_FOUND",
                                        client -> client.getLocation(GetLocationRequest.newBuilder()
                                                .setName("projects/acme-kms-prod/locations/us-east9")
                                                .build())),
                                kms("GetKeyRing", "NOT_FOUND", client -> client.getKeyRing(LOCATION + "/keyRings/no")),
                                kms(
                                        "GetCryptoKey",
                                        "NOT_FOUND",
                                        client -> client.getCryptoKey(RING + "/cryptoKeys/no")),
                                kms(
                                        "ListCryptoKeyVersions",
                                        "NOT_FOUND",
                                        client -> all(client.listCryptoKeyVersions(RING + "/cryptoKeys/no")
                                                .iterateAll())),
                                kms(
                                        "CreateCryptoKey",
                                        "NOT_FOUND",
                                        client -> client.createCryptoKey(
                                                LOCATION + "/keyRings/no", "another", key(ProtectionLevel.HSM))),
                                kms(
                                        "CreateKeyRing",
                                        "INVALID_ARGUMENT",
                                        client -> client.createKeyRing(LOCATION, "a.b", KeyRing.getDefaultInstance())),
                                kms(
                                        "CreateCryptoKey",
                                        "INVALID_ARGUMENT",
                                        client -> client.createCryptoKey(
                                                RING,
                                                "another",
                                                key(ProtectionLevel.HSM).toBuilder()
                                                        .setDestroyScheduledDuration(Duration.newBuilder()
                                                                .setSeconds(60))
                                                        .build())),
                                kms(
                                        "UpdateCryptoKey",
                                        "INVALID_ARGUMENT",
                                        client -> client.updateCryptoKey(
                                                CryptoKey.newBuilder()
                                                        .setName(KEY)
                                                        .build(),
                                                FieldMask.newBuilder()
                                                        .addPaths("purpose")
                                                        .build())),
                                kms(
                                        "SetIamPolicy",
                                        "INVALID_ARGUMENT",
                                        client -> client.setIamPolicy(policy("roles/storage.admin", "ACAB"))),
                                kms(
                                        "TestIamPermissions",
                                        "INVALID_ARGUMENT",
                                        client -> client.testIamPermissions(permission("cloudkms.keyRings.create"))),
                                kms(
                                        "SetIamPolicy",
                                        "ABORTED",
                                        client -> client.setIamPolicy(policy("roles/cloudkms.viewer", "BCAB"))),
                                differing(
                                        "CreateKeyRing",
                                        "ALREADY_EXISTS",
                                        client -> client.createKeyRing(
                                                LOCATION, "anthropic", KeyRing.getDefaultInstance()),
                                        OF_409),
                                differing(
                                        "CreateCryptoKey",
                                        "ALREADY_EXISTS",
                                        client -> client.createCryptoKey(RING, "payments", key(ProtectionLevel.HSM)),
                                        OF_409)),
                        Stream.of(
                                new Outcome<KeyManagementServiceClient>(
                                        "SetIamPolicy",
                                        "FAILED_PRECONDITION",
                                        kms -> kms.restrictDomains("constraints/iam.allowedPolicyMemberDomains"),
                                        usual("SetIamPolicy"),
                                        Optional.of(OF_400)),
                                new Outcome<KeyManagementServiceClient>(
                                        "SetIamPolicy",
                                        "FAILED_PRECONDITION without details",
                                        kms -> kms.restrictDomains(""),
                                        usual("SetIamPolicy"),
                                        Optional.of(OF_400)),
                                new Outcome<KeyManagementServiceClient>(
                                        "CreateCryptoKey",
                                        "ALREADY_EXISTS a retired name",
                                        kms -> kms.deleteKey(KEY),
                                        client -> client.createCryptoKey(RING, "payments", key(ProtectionLevel.HSM)),
                                        Optional.of(OF_409)),
                                new Outcome<KeyManagementServiceClient>(
                                        "CreateCryptoKey",
                                        "INVALID_ARGUMENT no HSM",
                                        kms -> kms.withoutHsm("us-east5"),
                                        usual("CreateCryptoKey"),
                                        Optional.empty())))
                .flatMap(outcomes -> outcomes);
    }

    @ParameterizedTest
    @MethodSource("kmsOutcomes")
    void theClientOfCloudKmsUnderstands(Outcome<KeyManagementServiceClient> outcome) throws IOException {
        outcome.before().accept(kms);
        KeyManagementServiceSettings.Builder settings = KeyManagementServiceSettings.newHttpJsonBuilder()
                .setEndpoint(kmsServer.url().toString())
                .setCredentialsProvider(NoCredentialsProvider.create());
        try (KeyManagementServiceClient client = KeyManagementServiceClient.create(settings.build())) {
            certify(KMS_CLIENT, outcome, client);
        }
    }

    private static Stream<Outcome<KeyManagementServiceClient>> everywhere(
            String documented, Consumer<KmsSimulator> before) {
        return CALLS.entrySet().stream()
                .map(call -> new Outcome<>(call.getKey(), documented, before, call.getValue(), Optional.empty()));
    }

    private static Function<KeyManagementServiceClient, Object> usual(String call) {
        return Objects.requireNonNull(CALLS.get(call));
    }

    private static Outcome<KeyManagementServiceClient> kms(
            String call, String documented, Function<KeyManagementServiceClient, Object> work) {
        return new Outcome<>(call, documented, kms -> {}, work, Optional.empty());
    }

    private static Outcome<KeyManagementServiceClient> denied(String call, String permission) {
        return new Outcome<>(
                call,
                "PERMISSION_DENIED IAM_PERMISSION_DENIED",
                kms -> kms.deny(permission),
                usual(call),
                Optional.empty());
    }

    private static Outcome<KeyManagementServiceClient> differing(
            String call, String documented, Function<KeyManagementServiceClient, Object> work, String difference) {
        return new Outcome<>(call, documented, kms -> {}, work, Optional.of(difference));
    }

    private static CryptoKey key(ProtectionLevel level) {
        return CryptoKey.newBuilder()
                .setPurpose(CryptoKeyPurpose.ENCRYPT_DECRYPT)
                .setVersionTemplate(CryptoKeyVersionTemplate.newBuilder()
                        .setProtectionLevel(level)
                        .setAlgorithm(CryptoKeyVersionAlgorithm.GOOGLE_SYMMETRIC_ENCRYPTION))
                .build();
    }

    private static SetIamPolicyRequest policy(String role, String etag) {
        return SetIamPolicyRequest.newBuilder()
                .setResource(KEY)
                .setPolicy(Policy.newBuilder()
                        .setEtag(ByteString.copyFrom(
                                java.util.Base64.getDecoder().decode(etag)))
                        .setVersion(3)
                        .addBindings(Binding.newBuilder().setRole(role).addMembers(KeyRoundTrip.PRINCIPAL)))
                .build();
    }

    private static TestIamPermissionsRequest permission(String permission) {
        return TestIamPermissionsRequest.newBuilder()
                .setResource(KEY)
                .addPermissions(permission)
                .build();
    }

    private static <T> List<T> all(Iterable<T> pages) {
        List<T> all = new java.util.ArrayList<>();
        pages.forEach(all::add);
        return all;
    }

    // --- Pub/Sub -------------------------------------------------------------------------------------------------

    static Stream<Outcome<TopicAdminClient>> pubSubOutcomes() {
        return Stream.of(
                publish("OK", TOPIC, message("{}")),
                publish("NOT_FOUND", TOPIC + "-no", message("{}")),
                publish("INVALID_ARGUMENT empty", TOPIC, PubsubMessage.getDefaultInstance()),
                publish("INVALID_ARGUMENT too large", TOPIC, message("x".repeat(10_000_001))));
    }

    @ParameterizedTest
    @MethodSource("pubSubOutcomes")
    void theClientOfPubSubUnderstands(Outcome<TopicAdminClient> outcome) throws IOException {
        TopicAdminSettings.Builder settings = TopicAdminSettings.newHttpJsonBuilder()
                .setEndpoint(pubSubServer.url().toString())
                .setCredentialsProvider(NoCredentialsProvider.create());
        try (TopicAdminClient client = TopicAdminClient.create(settings.build())) {
            certify(PUB_SUB_CLIENT, outcome, client);
        }
    }

    private static Outcome<TopicAdminClient> publish(String documented, String topic, PubsubMessage message) {
        return new Outcome<>(
                "Publish",
                documented,
                kms -> {},
                client -> client.publish(topic, List.of(message)).getMessageIdsList(),
                Optional.empty());
    }

    private static PubsubMessage message(String text) {
        return PubsubMessage.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
    }

    // --- both ----------------------------------------------------------------------------------------------------

    /** What a client makes of an answer, and what the answer says that the client hands on. */
    private record Understood(String status, String body, String reason) {}

    private static <C> void certify(String client, Outcome<C> outcome, C with) {
        String[] documented = outcome.documented().split(" ", -1);
        String reason = documented.length > 1 && documented[1].matches("[A-Z_]+") ? documented[1] : "";

        Understood understood = understood(outcome.work(), with);

        assertThat(understood.body()).isEqualTo(documented[0]);
        if (!reason.isEmpty()) {
            assertThat(understood.reason()).isEqualTo(reason);
        }
        if (outcome.difference().isPresent()) {
            assertThat(understood.status())
                    .as(
                            "is this no difference any more? %s",
                            outcome.difference().get())
                    .isNotEqualTo(documented[0]);
        } else {
            assertThat(understood.status()).isEqualTo(documented[0]);
        }
        REPORT.add(
                outcome.call(),
                client,
                outcome.documented(),
                outcome.difference().orElse(reason.isEmpty() ? "same" : REASON_IN_THE_BODY));
    }

    private static <C> Understood understood(Function<C, Object> work, C client) {
        try {
            assertThat(work.apply(client)).isNotNull();
            return new Understood("OK", "OK", "");
        } catch (ApiException e) {
            JsonNode error = KmsCaller.json(content(e)).path("error");
            JsonNode reason = error.path("details").findPath("reason");
            return new Understood(
                    e.getStatusCode().getCode().name(), error.path("status").asText(), reason.asText());
        }
    }

    private static String content(ApiException refused) {
        return refused.getCause() instanceof HttpResponseException answer ? answer.getContent() : "";
    }
}
