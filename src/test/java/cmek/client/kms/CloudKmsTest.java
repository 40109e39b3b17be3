package cmek.client.kms;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.client.OnTheWire;
import cmek.client.WireTest;
import cmek.client.kms.KeyManagement.Creation;
import cmek.fake.Sample;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ProtectionLevel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.google.cloud.kms.v1.CryptoKey;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(OnTheWire.class)
class CloudKmsTest extends WireTest {

    private static final CryptoKeyName KEY =
            CryptoKeyName.parse("projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key");
    private static final CryptoKeySpec WISH = new CryptoKeySpec(
            ProtectionLevel.HSM,
            Sample.LABELS,
            Optional.of(new CryptoKeySpec.Rotation(Duration.ofDays(90), Sample.NOW)),
            Optional.of(Duration.ofDays(60)));
    private static final String POLICY = """
            {"version":3,"etag":"BwYx+/8=","auditConfigs":[{"service":"allServices","auditLogConfigs":[
            {"logType":"DATA_READ","exemptedMembers":["user:a@example.com"]}]}],
            "bindings":[{"role":"roles/cloudkms.viewer","members":["user:b@example.com"],
            "condition":{"title":"until","description":"","expression":"request.time < timestamp(\\"2027-01-01T00:00:00Z\\")"}},
            {"role":"roles/owner","members":["group:c@example.com","deleted:user:d@example.com?uid=123"]}],
            "somethingNew":{"deep":[1,2.50,null]}}
            """;

    @Inject
    KeyManagement kms;

    /** Every verb of the client, with an answer that it takes for good. */
    @SuppressWarnings("ImmutableEnumChecker")
    enum Verb {
        GET_LOCATION(kms -> kms.hsmAvailable("demo-proj", "us-east5"), """
                {"name":"projects/demo-proj/locations/us-east5","locationId":"us-east5","metadata":{
                "@type":"type.googleapis.com/google.cloud.kms.v1.LocationMetadata","hsmAvailable":true}}
                """),
        GET_KEY_RING(kms -> kms.keyRingExists(KEY.ring()), ring()),
        CREATE_KEY_RING(kms -> kms.createKeyRing(KEY.ring()), ring()),
        GET_CRYPTO_KEY(kms -> kms.cryptoKey(KEY), key()),
        LIST_VERSIONS(kms -> kms.versions(KEY), "{\"cryptoKeyVersions\":[],\"totalSize\":0}"),
        CREATE_CRYPTO_KEY(kms -> kms.createCryptoKey(KEY, WISH), key()),
        UPDATE_CRYPTO_KEY(kms -> kms.replaceLabels(KEY, Sample.LABELS), key()),
        GET_IAM_POLICY(kms -> kms.policy(KEY), POLICY),
        GET_KEY_RING_IAM_POLICY(kms -> kms.bindings(KEY.ring()), POLICY),
        SET_IAM_POLICY(kms -> kms.writePolicy(KEY, Policies.parse(POLICY)), POLICY);

        private final Consumer<KeyManagement> call;
        private final String good;

        Verb(Consumer<KeyManagement> call, String good) {
            this.call = call;
            this.good = good;
        }

        /** How often a call is sent that is never answered well. */
        int attempts() {
            return this == SET_IAM_POLICY ? 1 : 3;
        }

        private static String ring() {
            return "{\"name\":\"" + KEY.ring() + "\",\"createTime\":\"2025-01-01T00:00:00Z\"}";
        }

        private static String key() {
            return golden("gcloud-05-kms-keys-describe")
                    .at("/requests/0/response/body")
                    .toString();
        }
    }

    // --- every verb ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void aGoodAnswerNeedsOneRequestAndNoCredential(Verb verb) {
        answersJson(verb.good);

        verb.call.accept(kms);

        assertThat(onlyRequest().containsHeader("authorization")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aDumb500IsTriedAgainByUsAlone(Verb verb) {
        answers(html(500));

        TransientException thrown = unavailable(verb);

        assertThat(thrown.reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(requests()).hasSize(verb.attempts());
        assertThat(hurry.waits()).hasSize(verb.attempts() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoHttpIsNoAnswer(Verb verb) {
        answers(garbage());

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @ParameterizedTest
    @EnumSource
    void aSpentQuotaIsNoRefusal(Verb verb) {
        answers(googleError(429, "RESOURCE_EXHAUSTED", errorInfo("RATE_LIMIT_EXCEEDED", "{}")));

        TransientException thrown = unavailable(verb);

        assertThat(thrown.reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
        assertThat(requests()).hasSize(verb.attempts());
    }

    @ParameterizedTest
    @EnumSource
    void patienceAskedForIsHeard(Verb verb) {
        answers(googleError(429, "RESOURCE_EXHAUSTED").withHeader("retry-after", "30"));

        TransientException thrown = unavailable(verb);

        assertThat(thrown.retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aResetIsNoRefusal(Verb verb) {
        answers(reset());

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @ParameterizedTest
    @EnumSource
    void aMissingPermissionIsRefusedOnceWithItsName(Verb verb) {
        answers(
                googleError(
                        403,
                        "PERMISSION_DENIED",
                        errorInfo(
                                "IAM_PERMISSION_DENIED",
                                "{\"permission\":\"cloudkms.keys.do\",\"resource\":\"projects/demo-proj/locations/us-east5\"}")));

        PermanentException thrown = refused(verb);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(thrown.finding().message()).contains("cloudkms.keys.do", "projects/demo-proj/locations/us-east5");
        assertThat(requests()).hasSize(1);
    }

    /** A token may be refused before its time; the call was not made, so even a write is made again. */
    @ParameterizedTest
    @EnumSource
    void aSingle401IsTriedAgainAtOnce(Verb verb) {
        answersFirst(googleError(401, "UNAUTHENTICATED", errorInfo("ACCESS_TOKEN_EXPIRED", "{}")), verb.good);

        verb.call.accept(kms);

        assertThat(requests()).hasSize(2);
        assertThat(hurry.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a401ThatStaysIsLeftToTheRedelivery(Verb verb) {
        answers(googleError(401, "UNAUTHENTICATED", errorInfo("ACCESS_TOKEN_EXPIRED", "{}")));

        TransientException thrown = unavailable(verb);

        assertThat(thrown.reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        // The HTTP client under Google's own drops the body of a 401 to a write.
        assertThat(thrown).hasMessageContaining(" answered 401");
        assertThat(thrown.isWithoutEffect()).isTrue();
    }

    /** A page comes from something on the way to Cloud KMS, and says nothing of a key. */
    @ParameterizedTest
    @EnumSource
    void aPageIsNoAnswerOfCloudKms(Verb verb) {
        for (int status : new int[] {400, 403, 404, 409, 429}) {
            apis.resetAll();
            answers(html(status));

            TransientException thrown = unavailable(verb);

            assertThat(thrown.reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
            assertThat(thrown).hasMessageContaining(status + " with something that is not Google's form of an error");
        }
    }

    @ParameterizedTest
    @EnumSource
    void googlesOwnWordIsShownWithWhatItMeans(Verb verb) {
        answers(googleError(403, "PERMISSION_DENIED", errorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "{}")));

        PermanentException thrown = refused(verb);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.GOOGLE_REFUSED);
        assertThat(thrown.finding().message())
                .contains("403 PERMISSION_DENIED ACCESS_TOKEN_SCOPE_INSUFFICIENT", "OAuth scope cloud-platform");
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aGrantThatIsRefusedWithoutDetailsIsDomainRestrictedSharing() {
        answers(googleError(400, "FAILED_PRECONDITION"));

        assertThat(refused(Verb.SET_IAM_POLICY).finding().reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
    }

    @ParameterizedTest
    @EnumSource
    void aDisabledApiIsRefused(Verb verb) {
        answers(googleError(
                403,
                "PERMISSION_DENIED",
                errorInfo(
                        "SERVICE_DISABLED", "{\"consumer\":\"projects/1\",\"service\":\"cloudkms.googleapis.com\"}")));

        assertThat(refused(verb).finding().reason()).isEqualTo(Reason.KMS_API_DISABLED);
    }

    @ParameterizedTest
    @EnumSource
    void missingBillingIsRefused(Verb verb) {
        answers(googleError(403, "PERMISSION_DENIED", errorInfo("BILLING_DISABLED", "{}")));

        assertThat(refused(verb).finding().reason()).isEqualTo(Reason.BILLING_DISABLED);
    }

    @ParameterizedTest
    @EnumSource
    void aServicePerimeterIsRefusedWithItsDenial(Verb verb) {
        answers(googleError(
                403,
                "PERMISSION_DENIED",
                errorInfo("SECURITY_POLICY_VIOLATED", "{\"vpcServiceControlsUniqueIdentifier\":\"xyz-42\"}")));

        PermanentException thrown = refused(verb);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.SERVICE_PERIMETER);
        assertThat(thrown.finding().message()).contains("xyz-42");
    }

    @ParameterizedTest
    @EnumSource
    void theRequestsIdIsPassedOnWithARefusal(Verb verb) {
        answers(googleError(403, "PERMISSION_DENIED", requestInfo("req-7")));

        PermanentException thrown = refused(verb);

        assertThat(thrown.requestId()).contains("req-7");
        assertThat(thrown.finding().message()).contains("req-7");
    }

    @ParameterizedTest
    @EnumSource
    void theRequestsIdIsPassedOnWithAFault(Verb verb) {
        answers(googleError(503, "UNAVAILABLE", requestInfo("req-8")));

        TransientException thrown = unavailable(verb);

        assertThat(thrown.requestId()).contains("req-8");
        assertThat(thrown).hasMessageContaining("req-8");
    }

    @ParameterizedTest
    @EnumSource
    void aHeaderMayNameTheRequestToo(Verb verb) {
        answers(html(503).withHeader("x-goog-request-id", "req-9"));

        assertThat(unavailable(verb).requestId()).contains("req-9");
    }

    @ParameterizedTest
    @EnumSource
    void nothingForeignReachesATerminalUnescaped(Verb verb) {
        for (ResponseDefinitionBuilder answer : List.of(
                googleError(
                        400,
                        "FAILED\\u001b[31m",
                        errorInfo("RE\\u001b[31m", "{\"permission\":\"p\\u001b[31m\"}"),
                        requestInfo("id\\u001b[31m")),
                googleError(503, "UNAVAIL\\u001b[31m", requestInfo("id\\u001b[31m")),
                html(500),
                html(200),
                answer(200, "{\"name\\u001b[31m\":\u001b[31m"))) {
            answers(answer);

            Throwable thrown = catchThrowable(() -> verb.call.accept(kms));

            if (thrown != null) {
                assertThat(messages(thrown)).noneMatch(text -> text.contains("\u001b"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SET_IAM_POLICY")
    void anAnswerThatIsNoneIsNoSuccess(Verb verb) {
        for (ResponseDefinitionBuilder answer : List.of(
                html(200),
                answer(200, ""),
                answer(200, verb.good.strip().substring(0, verb.good.strip().length() / 2)),
                answer(200, "[]"),
                aResponse().withStatus(200).withBody(new byte[1024 * 1024]))) {
            answers(answer);

            assertThat(catchThrowable(() -> verb.call.accept(kms))).isInstanceOf(TransientException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GET_LOCATION", "GET_KEY_RING", "CREATE_KEY_RING", "GET_CRYPTO_KEY", "CREATE_CRYPTO_KEY"})
    void anEmptyObjectIsNoAnswer(Verb verb) {
        answersJson("{}");

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNewOnTheWireIsTolerated(Verb verb) {
        ObjectNode good = (ObjectNode) json(verb.good);
        good.put("newWord", "x").putObject("newThing").put("a", 1);
        answersJson(good.toString());

        verb.call.accept(kms);

        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectIsNoAnswer(Verb verb) {
        answers(aResponse().withStatus(302).withHeader("location", apis.baseUrl() + "/elsewhere"));

        assertThat(unavailable(verb)).hasMessageContaining("302");
    }

    /** Google's own client does follow; the calls that are ours do not. */
    @ParameterizedTest
    @EnumSource(names = {"GET_IAM_POLICY", "SET_IAM_POLICY"})
    void aRedirectOfAPolicyIsNeverFollowed(Verb verb) {
        answers(aResponse().withStatus(307).withHeader("location", apis.baseUrl() + "/elsewhere"));

        assertThat(unavailable(verb)).hasMessageContaining("307");
        assertThat(requests())
                .hasSize(verb.attempts())
                .noneMatch(sent -> sent.getUrl().contains("elsewhere"));
    }

    // --- location, ring ------------------------------------------------------------------------------------------

    @Test
    void theLocationSaysWhetherItHasHsm() {
        answersJson(Verb.GET_LOCATION.good);

        assertThat(kms.hsmAvailable("demo-proj", "us-east5")).contains(true);
        assertThat(path(onlyRequest())).isEqualTo("/v1/projects/demo-proj/locations/us-east5");
    }

    @Test
    void aLocationWithoutHsmSaysSoBySilence() {
        answersJson("""
                {"name":"projects/demo-proj/locations/us-east5","metadata":{
                "@type":"type.googleapis.com/google.cloud.kms.v1.LocationMetadata","ekmAvailable":true}}
                """);

        assertThat(kms.hsmAvailable("demo-proj", "us-east5")).contains(false);
    }

    @Test
    void whatIsNotThereIsNotThere() {
        answers(googleError(404, "NOT_FOUND"));

        assertThat(kms.hsmAvailable("demo-proj", "us-east5")).isEmpty();
        assertThat(kms.keyRingExists(KEY.ring())).isFalse();
        assertThat(kms.cryptoKey(KEY)).isEmpty();
        assertThat(kms.versions(KEY)).isEmpty();
    }

    @Test
    void a404OfSomebodyElseDoesNotMeanThatTheKeyIsMissing() {
        answers(html(404));

        assertThatThrownBy(() -> kms.cryptoKey(KEY)).isInstanceOf(TransientException.class);
        assertThatThrownBy(() -> kms.keyRingExists(KEY.ring())).isInstanceOf(TransientException.class);
    }

    @Test
    void theRingIsCreatedAsGcloudDoes() {
        answersJson(Verb.CREATE_KEY_RING.good);

        assertThat(kms.createKeyRing(KEY.ring())).isEqualTo(Creation.CREATED);

        LoggedRequest sent = onlyRequest();
        JsonNode recorded = golden("gcloud-01-kms-keyrings-create").at("/requests/0");
        assertThat(path(sent)).isEqualTo(recorded.path("path").asText());
        assertThat(sent.queryParameter("keyRingId").firstValue()).isEqualTo("demo-ring");
        assertThat(json(sent.getBodyAsString())).isEqualTo(recorded.path("body"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE_KEY_RING", "CREATE_CRYPTO_KEY"})
    void whatExistsAlreadyIsNoFault(Verb verb) {
        answers(googleError(409, "ALREADY_EXISTS"));

        Creation creation =
                verb == Verb.CREATE_KEY_RING ? kms.createKeyRing(KEY.ring()) : kms.createCryptoKey(KEY, WISH);

        assertThat(creation).isEqualTo(Creation.ALREADY_EXISTS);
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE_KEY_RING", "CREATE_CRYPTO_KEY"})
    void anAbortedCreateIsNoExistingThing(Verb verb) {
        answers(googleError(409, "ABORTED"));

        assertThat(unavailable(verb).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(requests()).hasSize(3);
    }

    @Test
    void theEchoOfALostCreateIsUnderstood() {
        apis.stubFor(com.github.tomakehurst.wiremock.client.WireMock.any(urlPathMatching(".*"))
                .inScenario("echo")
                .willReturn(html(503))
                .willSetStateTo("made"));
        apis.stubFor(com.github.tomakehurst.wiremock.client.WireMock.any(urlPathMatching(".*"))
                .inScenario("echo")
                .whenScenarioStateIs("made")
                .willReturn(googleError(409, "ALREADY_EXISTS")));

        assertThat(kms.createCryptoKey(KEY, WISH)).isEqualTo(Creation.ALREADY_EXISTS);
    }

    // --- key -----------------------------------------------------------------------------------------------------

    @Test
    void theKeyIsCreatedAsGcloudDoesAndWithItsLabel() throws InvalidProtocolBufferException {
        answersJson(Verb.CREATE_CRYPTO_KEY.good);
        CryptoKeySpec wish = new CryptoKeySpec(ProtectionLevel.HSM, Sample.LABELS, Optional.empty(), Optional.empty());

        assertThat(kms.createCryptoKey(KEY, wish)).isEqualTo(Creation.CREATED);

        LoggedRequest sent = onlyRequest();
        JsonNode recorded = golden("gcloud-02-kms-keys-create-hsm").at("/requests/0");
        assertThat(path(sent)).isEqualTo(recorded.path("path").asText());
        assertThat(sent.queryParameter("cryptoKeyId").firstValue()).isEqualTo("demo-key");
        assertThat(cryptoKey(sent.getBodyAsString()))
                .isEqualTo(cryptoKey(recorded.path("body").toString()).toBuilder()
                        .putAllLabels(Sample.LABELS)
                        .build());
    }

    @Test
    void aSoftwareKeyIsCreatedAsGcloudDoes() throws InvalidProtocolBufferException {
        answersJson(golden("gcloud-07-kms-keys-create-software")
                .at("/requests/0/response/body")
                .toString());
        CryptoKeySpec wish = new CryptoKeySpec(ProtectionLevel.SOFTWARE, Map.of(), Optional.empty(), Optional.empty());
        CryptoKeyName name = new CryptoKeyName("demo-proj", "us-east5", "demo-ring", "demo-key-software");

        assertThat(kms.createCryptoKey(name, wish)).isEqualTo(Creation.CREATED);

        assertThat(cryptoKey(onlyRequest().getBodyAsString()))
                .isEqualTo(cryptoKey(golden("gcloud-07-kms-keys-create-software")
                        .at("/requests/0/body")
                        .toString()));
    }

    @Test
    void rotationAndDestructionTravelWithTheKey() throws InvalidProtocolBufferException {
        answersJson(Verb.CREATE_CRYPTO_KEY.good);

        kms.createCryptoKey(KEY, WISH);

        CryptoKey sent = cryptoKey(onlyRequest().getBodyAsString());
        assertThat(sent.getRotationPeriod().getSeconds()).isEqualTo(7_776_000);
        assertThat(sent.getNextRotationTime().getSeconds()).isEqualTo(Sample.NOW.getEpochSecond());
        assertThat(sent.getDestroyScheduledDuration().getSeconds()).isEqualTo(5_184_000);
    }

    @Test
    void theKeyIsReadAsGcloudDoes() {
        answersJson(Verb.GET_CRYPTO_KEY.good);

        CryptoKeyInfo facts = kms.cryptoKey(KEY).orElseThrow();

        assertThat(path(onlyRequest()))
                .isEqualTo(golden("gcloud-05-kms-keys-describe")
                        .at("/requests/0/path")
                        .asText());
        assertThat(facts)
                .isEqualTo(new CryptoKeyInfo(
                        KEY,
                        "ENCRYPT_DECRYPT",
                        "GOOGLE_SYMMETRIC_ENCRYPTION",
                        "HSM",
                        Map.of(),
                        Optional.of(new KeyVersionInfo(
                                1,
                                "ENABLED",
                                "HSM",
                                "GOOGLE_SYMMETRIC_ENCRYPTION",
                                Optional.empty(),
                                facts.primary().orElseThrow().createTime(),
                                Optional.empty(),
                                Optional.empty(),
                                false)),
                        Optional.empty(),
                        Optional.of(Duration.ofDays(30))));
    }

    @Test
    void whatAVersionWentThroughIsRead() {
        versionPages("""
                {"cryptoKeyVersions":[{"name":"%s/cryptoKeyVersions/1","state":"IMPORT_FAILED",
                 "createTime":"2026-01-01T00:00:00Z","importTime":"2026-01-02T00:00:00.5Z",
                 "destroyEventTime":"2026-03-01T00:00:00Z","reimportEligible":true}]}
                """.formatted(KEY));

        assertThat(kms.versions(KEY)).singleElement().satisfies(version -> {
            assertThat(version.state()).isEqualTo("IMPORT_FAILED");
            assertThat(version.createTime()).contains(Instant.parse("2026-01-01T00:00:00Z"));
            assertThat(version.importTime()).contains(Instant.parse("2026-01-02T00:00:00.5Z"));
            assertThat(version.destroyEventTime()).contains(Instant.parse("2026-03-01T00:00:00Z"));
            assertThat(version.reimportEligible()).isTrue();
        });
    }

    @Test
    void aPolicyThatAllowsNoReasonIsNotTakenForNone() {
        String key = "{\"name\":\"" + KEY + "\",\"importOnly\":true,\"purpose\":\"ENCRYPT_DECRYPT\"";
        answersJson(key + ",\"keyAccessJustificationsPolicy\":{}}");
        CryptoKeyInfo denied = kms.cryptoKey(KEY).orElseThrow();
        answersJson(key + ",\"keyAccessJustificationsPolicy\":"
                + "{\"allowedAccessReasons\":[\"CUSTOMER_INITIATED_ACCESS\"]}}");
        CryptoKeyInfo restricted = kms.cryptoKey(KEY).orElseThrow();
        answersJson(key + "}");

        assertThat(denied.allowedAccessReasons()).contains(Set.of());
        assertThat(denied.importOnly()).isTrue();
        assertThat(restricted.allowedAccessReasons()).contains(Set.of("CUSTOMER_INITIATED_ACCESS"));
        assertThat(kms.cryptoKey(KEY).orElseThrow().allowedAccessReasons()).isEmpty();
    }

    // --- names that are retired ----------------------------------------------------------------------------------

    @Test
    void aDeletedKeyIsFoundByItsNameOnAnyPageWhateverItsProjectIsCalled() {
        retiredPages(
                "{\"retiredResources\":[" + retired(KEY + "-2") + "],\"nextPageToken\":\"b\"}",
                "{\"retiredResources\":["
                        + retired(KEY.toString().replace("projects/" + KEY.project(), "projects/123456789012"))
                        + "]}");

        assertThat(kms.retiredName(KEY))
                .isEqualTo(new RetiredName.Retired(Optional.of(Instant.parse("2026-10-01T00:00:00Z"))));
    }

    @Test
    void aNameThatIsInNoRecordIsNotRetired() {
        retiredPages("{\"retiredResources\":[" + retired(KEY + "-2") + "]}");

        assertThat(kms.retiredName(KEY)).isEqualTo(new RetiredName.NotRetired());
    }

    @Test
    void recordsThatMayNotBeReadOrDoNotEndAreUnknown() {
        answers(googleError(403, "PERMISSION_DENIED"));
        assertThat(kms.retiredName(KEY)).isInstanceOf(RetiredName.Unknown.class);

        answers(googleError(404, "NOT_FOUND"));
        assertThat(kms.retiredName(KEY)).isInstanceOf(RetiredName.Unknown.class);

        answersJson("{\"retiredResources\":[],\"nextPageToken\":\"same\"}");
        assertThat(kms.retiredName(KEY)).isInstanceOf(RetiredName.Unknown.class);
    }

    private void retiredPages(String... pages) {
        pages("/v1/projects/" + KEY.project() + "/locations/" + KEY.location() + "/retiredResources", pages);
    }

    private static String retired(String name) {
        return "{\"name\":\"projects/p/locations/l/retiredResources/1\",\"originalResource\":\"" + name
                + "\",\"resourceType\":\"cloudkms.googleapis.com/CryptoKey\","
                + "\"deleteTime\":\"2026-10-01T00:00:00Z\"}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"QUANTUM\"", "4711"})
    void aWordThatIsNewIsNotTakenForAKnownOne(String word) {
        answersJson("{\"name\":\"" + KEY + "\",\"purpose\":" + word + "}");

        assertThat(kms.cryptoKey(KEY).orElseThrow().purpose()).isNotEqualTo("ENCRYPT_DECRYPT");
    }

    @Test
    void allPagesOfVersionsAreReadInTheirOrder() {
        versionPages(
                "{\"cryptoKeyVersions\":[" + version(10) + "," + version(9) + "],\"nextPageToken\":\"b+/=\"}",
                "{\"cryptoKeyVersions\":[],\"nextPageToken\":\"c\"}",
                "{\"cryptoKeyVersions\":[" + version(1) + "]}");

        assertThat(kms.versions(KEY)).extracting(KeyVersionInfo::number).containsExactly(1L, 9L, 10L);

        assertThat(requests())
                .extracting(request -> request.getQueryParams().containsKey("pageToken")
                        ? request.queryParameter("pageToken").firstValue()
                        : "")
                .containsExactly("", "b+/=", "c");
    }

    @Test
    void aPageTokenThatRepeatsIsNoEndlessReading() {
        answersJson("{\"cryptoKeyVersions\":[" + version(1) + "],\"nextPageToken\":\"again\"}");

        assertThat(unavailable(Verb.LIST_VERSIONS).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
        assertThat(requests()).hasSize(2);
    }

    @Test
    void aVersionWithoutANumberIsNoAnswer() {
        answersJson("{\"cryptoKeyVersions\":[{\"name\":\"" + KEY + "/cryptoKeyVersions/latest\"}]}");

        assertThat(unavailable(Verb.LIST_VERSIONS).reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE);
    }

    @Test
    void labelsAreReplacedAndNothingElse() throws InvalidProtocolBufferException {
        answersJson(Verb.UPDATE_CRYPTO_KEY.good);

        kms.replaceLabels(KEY, Map.of("team", "payments", "anthropic-org-x", "true"));

        LoggedRequest sent = onlyRequest();
        assertThat(path(sent)).isEqualTo("/v1/" + KEY);
        assertThat(sent.queryParameter("updateMask").firstValue()).isEqualTo("labels");
        assertThat(cryptoKey(sent.getBodyAsString()).getLabelsMap())
                .isEqualTo(Map.of("team", "payments", "anthropic-org-x", "true"));
    }

    @Test
    void aFailedPreconditionIsARefusal() {
        answers(googleError(400, "FAILED_PRECONDITION"));

        assertThat(refused(Verb.UPDATE_CRYPTO_KEY).finding().message()).contains("400 FAILED_PRECONDITION");
    }

    @Test
    void anotherOrganizationPolicyIsNotTakenForDomainRestrictedSharing() {
        answers(googleError(400, "FAILED_PRECONDITION", violation("constraints/gcp.resourceLocations")));

        PermanentException thrown = refused(Verb.CREATE_CRYPTO_KEY);

        assertThat(thrown.finding().reason()).isNotEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
        assertThat(thrown.finding().message()).contains("policy gcp.resourceLocations");
    }

    // --- policy --------------------------------------------------------------------------------------------------

    @Test
    void thePolicyIsReadAsGcloudDoesInVersionThree() {
        answersJson(POLICY);

        kms.policy(KEY);

        LoggedRequest sent = onlyRequest();
        JsonNode recorded = golden("gcloud-06-kms-keys-get-iam-policy").at("/requests/0");
        assertThat(sent.getMethod().getName()).isEqualTo("GET");
        assertThat(path(sent)).isEqualTo(recorded.path("path").asText());
        assertThat(sent.queryParameter("options.requestedPolicyVersion").firstValue())
                .isEqualTo("3");
    }

    @Test
    void bothGrantsAreWrittenAsGcloudLeavesThem() {
        JsonNode read = golden("gcloud-03-kms-keys-add-iam-policy-binding-cryptoKeyEncrypterDecrypter")
                .at("/requests/0/response/body");
        JsonNode written =
                golden("gcloud-04-kms-keys-add-iam-policy-binding-viewer").at("/requests/1");
        answersJson(read.toString());
        KeyPolicy policy = kms.policy(KEY).withAnthropic();
        apis.resetRequests();

        assertThat(kms.writePolicy(KEY, policy)).isTrue();

        LoggedRequest sent = onlyRequest();
        ObjectNode expected = written.path("body").deepCopy();
        ((ObjectNode) expected.path("policy")).set("etag", read.path("etag"));
        assertThat(sent.getMethod().getName()).isEqualTo("POST");
        assertThat(path(sent)).isEqualTo(written.path("path").asText());
        assertThat(json(sent.getBodyAsString())).isEqualTo(expected);
    }

    @Test
    void whatOthersWroteGoesBackByteForByte() {
        answersJson(POLICY);

        kms.writePolicy(KEY, kms.policy(KEY));

        String sent = requests().get(1).getBodyAsString();
        assertThat(sent).isEqualTo("{\"policy\":" + POLICY.strip().replace("\n", "") + "}");
    }

    @Test
    void aPolicyWithoutConditionsIsWrittenInVersionThreeAllTheSame() {
        answersJson("{\"version\":1,\"etag\":\"BwE=\"}");

        kms.writePolicy(KEY, kms.policy(KEY));

        assertThat(json(requests().get(1).getBodyAsString()))
                .isEqualTo(json("{\"policy\":{\"version\":3,\"etag\":\"BwE=\"}}"));
    }

    @Test
    void aPolicyWithoutAnEtagIsNeverWritten() {
        answersJson("{\"version\":1}");
        KeyPolicy policy = kms.policy(KEY);
        apis.resetRequests();

        assertThatThrownBy(() -> kms.writePolicy(KEY, policy)).isInstanceOf(TransientException.class);

        assertThat(requests()).isEmpty();
    }

    @Test
    void aStaleEtagIsNoFault() {
        answers(googleError(409, "ABORTED"));

        assertThat(kms.writePolicy(KEY, Policies.parse(POLICY))).isFalse();
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aResetWriteOfAPolicyIsSentOnce() {
        answers(reset());

        unavailable(Verb.SET_IAM_POLICY);

        assertThat(requests()).hasSize(1);
    }

    @Test
    void domainRestrictedSharingIsReadFromAViolation() {
        answers(googleError(400, "FAILED_PRECONDITION", violation("constraints/iam.allowedPolicyMemberDomains")));

        PermanentException thrown = refused(Verb.SET_IAM_POLICY);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
        assertThat(thrown.finding().message()).contains("policy iam.allowedPolicyMemberDomains");
    }

    @Test
    void domainRestrictedSharingIsReadFromMetadata() {
        answers(googleError(
                400,
                "FAILED_PRECONDITION",
                errorInfo("ORG_POLICY", "{\"constraint\":\"constraints/iam.managed.allowedPolicyMembers\"}")));

        assertThat(refused(Verb.SET_IAM_POLICY).finding().reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
    }

    @Test
    void oddNamesTravelUnharmed() {
        CryptoKeyName odd = new CryptoKeyName("demo-proj", "us-east5", "-_R1_-", "_-K_2-");
        answersJson(POLICY);

        kms.policy(odd);
        kms.writePolicy(odd, Policies.parse(POLICY));

        assertThat(requests())
                .extracting(CloudKmsTest::path)
                .containsExactly("/v1/" + odd + ":getIamPolicy", "/v1/" + odd + ":setIamPolicy");
    }

    // --- reading what was sent -----------------------------------------------------------------------------------

    private TransientException unavailable(Verb verb) {
        return catchThrowableOfType(TransientException.class, () -> verb.call.accept(kms));
    }

    private PermanentException refused(Verb verb) {
        return catchThrowableOfType(PermanentException.class, () -> verb.call.accept(kms));
    }

    private void versionPages(String... pages) {
        pages("/v1/" + KEY + "/cryptoKeyVersions", pages);
    }

    private void pages(String path, String... pages) {
        for (int i = 0; i < pages.length; i++) {
            String here = i == 0 ? com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED : "page " + i;
            apis.stubFor(get(urlPathMatching(path))
                    .inScenario("pages")
                    .whenScenarioStateIs(here)
                    .willReturn(okJson(pages[i]))
                    .willSetStateTo("page " + (i + 1)));
        }
    }

    private static String version(int number) {
        return "{\"name\":\"" + KEY + "/cryptoKeyVersions/" + number + "\",\"state\":\"ENABLED\"}";
    }

    private static String requestInfo(String id) {
        return "{\"@type\":\"type.googleapis.com/google.rpc.RequestInfo\",\"requestId\":\"" + id + "\"}";
    }

    private static String violation(String type) {
        return "{\"@type\":\"type.googleapis.com/google.rpc.PreconditionFailure\",\"violations\":[{\"type\":\"" + type
                + "\",\"subject\":\"x\"}]}";
    }

    private static CryptoKey cryptoKey(String json) throws InvalidProtocolBufferException {
        CryptoKey.Builder key = CryptoKey.newBuilder();
        JsonFormat.parser().merge(json, key);
        return key.build();
    }

    private static String path(LoggedRequest request) {
        return URI.create(request.getUrl()).getRawPath();
    }
}
