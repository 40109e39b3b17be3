package cmek.simulator;

import static cmek.simulator.KmsCaller.KEY;
import static cmek.simulator.KmsCaller.RING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.simulator.KmsCaller.Answer;
import com.google.cloud.kms.v1.CryptoKey.CryptoKeyPurpose;
import com.google.cloud.kms.v1.CryptoKeyVersion.CryptoKeyVersionAlgorithm;
import com.google.cloud.kms.v1.CryptoKeyVersion.CryptoKeyVersionState;
import com.google.cloud.kms.v1.ProtectionLevel;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KmsSimulatorTest {

    private static final String LOCATION = "projects/acme-kms-prod/locations/us-east5";

    private final Journal journal = new Journal();
    private final SettableClock clock = new SettableClock();
    private final KmsSimulator kms = new KmsSimulator(journal, clock);
    private final KmsCaller own = KmsCaller.own(kms);

    // --- locations and rings -------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "us-central1",
                "us-east1",
                "us-east4",
                "us-east5",
                "us-south1",
                "us-west1",
                "us-west2",
                "us-west3",
                "us-west4"
            })
    void everySingleRegionOfTheUnitedStatesHasHsm(String location) {
        Answer answer = own.get("projects/acme-kms-prod/locations/" + location);

        assertThat(answer.body().path("metadata").path("@type").asText())
                .isEqualTo("type.googleapis.com/google.cloud.kms.v1.LocationMetadata");
        assertThat(answer.body().path("metadata").path("hsmAvailable").asBoolean())
                .isTrue();
    }

    @Test
    void anUnknownLocationIsNotFound() {
        assertThat(own.get("projects/acme-kms-prod/locations/us-moon1").word()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aLocationWithoutHsmMakesNoHsmKey() {
        kms.withoutHsm("us-east5");
        own.post(LOCATION + "/keyRings?keyRingId=anthropic", "{}");

        assertThat(own.get(LOCATION).body().path("metadata").has("hsmAvailable"))
                .isFalse();
        assertThat(create("payments", "{'purpose':1,'versionTemplate':{'protectionLevel':2}}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
        assertThat(kms.keys()).isEmpty();
    }

    @Test
    void aKeyInheritsWhatItsRingGrants() {
        own.withKey();
        KmsCaller other = own.as("serviceAccount:app@evil-proj-1.iam.gserviceaccount.com");
        assertThat(other.get(KEY).status()).isEqualTo(403);

        Answer written = own.post(
                RING + ":setIamPolicy",
                ("{'policy':{'etag':'ACAB','bindings':[{'role':'roles/cloudkms.viewer','members':"
                                + "['serviceAccount:app@evil-proj-1.iam.gserviceaccount.com']}]}}")
                        .replace('\'', '"'));

        assertThat(written.status()).isEqualTo(200);
        assertThat(own.get(RING + ":getIamPolicy").body()).isEqualTo(written.body());
        assertThat(other.get(KEY).status()).isEqualTo(200);
        assertThat(own.get(KEY + ":getIamPolicy").body().has("bindings")).isFalse();
    }

    @Test
    void aRingThatIsThereAlreadyExists() {
        own.withKey();

        Answer again = own.post(LOCATION + "/keyRings?keyRingId=anthropic", "{}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.word()).isEqualTo("ALREADY_EXISTS");
        assertThat(own.get(LOCATION + "/keyRings")
                        .body()
                        .path("keyRings")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo(RING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a%20b", "%C3%A9", "a/b"})
    void anIdOutsideThePatternIsInvalid(String id) {
        assertThat(own.post(LOCATION + "/keyRings?keyRingId=" + id, "{}").word())
                .isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void anIdHasAtMost63Characters() {
        assertThat(own.post(LOCATION + "/keyRings?keyRingId=" + "a".repeat(64), "{}")
                        .status())
                .isEqualTo(400);
        assertThat(own.post(LOCATION + "/keyRings?keyRingId=" + "a".repeat(63), "{}")
                        .status())
                .isEqualTo(200);
    }

    // --- keys ----------------------------------------------------------------------------------------------------

    @Test
    void aNewKeyHasAnEnabledPrimaryAndWaitsThirtyDaysBeforeADestruction() {
        own.withKey();

        Answer key = own.get(KEY);

        assertThat(key.body().path("destroyScheduledDuration").asText()).isEqualTo("2592000s");
        assertThat(key.body().path("primary").path("state").asText()).isEqualTo("ENABLED");
        assertThat(key.body().path("versionTemplate").path("algorithm").asText())
                .isEqualTo("GOOGLE_SYMMETRIC_ENCRYPTION");
    }

    @Test
    void aKeyNeedsItsRing() {
        assertThat(create("payments", "{'purpose':'ENCRYPT_DECRYPT'}").word()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aKeyThatIsThereAlreadyExistsAndStaysAsItIs() {
        own.withKey();
        var before = kms.describe(KEY);

        assertThat(create("payments", "{'purpose':'ASYMMETRIC_SIGN','versionTemplate':{'algorithm':12}}")
                        .word())
                .isEqualTo("ALREADY_EXISTS");
        assertThat(kms.describe(KEY)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'purpose':'NONSENSE'}",
                "{'purpose':1,'colour':'red'}",
                "{'purpose':1,'versionTemplate':{'algorithm':'EC_SIGN_P256_SHA256'}}",
                "{'purpose':1,'labels':{'Team':'x'}}",
                "{'purpose':1,'labels':{'team':'X'}}",
                "{'purpose':1,'destroyScheduledDuration':'86399s'}",
                "{'purpose':1,'destroyScheduledDuration':'10368001s'}",
                "{'purpose':1,'rotationPeriod':'86400s'}",
                "{'purpose':1,'rotationPeriod':'3600s','nextRotationTime':'2026-12-01T00:00:00Z'}",
                "{'purpose':1,'rotationPeriod':'a day','nextRotationTime':'2026-12-01T00:00:00Z'}",
                "{'purpose':1,'nextRotationTime':'tomorrow'}",
                "{'purpose':1,'importOnly':true}",
                "[]",
                "{"
            })
    void aKeyThatCannotBeIsInvalid(String body) {
        own.withKey();

        assertThat(create("other", body).word()).isEqualTo("INVALID_ARGUMENT");
        assertThat(kms.keys()).containsExactly(KEY);
    }

    @Test
    void aKeyMayStartWithoutAVersion() {
        own.withKey();

        own.post(RING + "/cryptoKeys?cryptoKeyId=bare&skipInitialVersionCreation=true", "{\"purpose\":1}");

        assertThat(own.get(RING + "/cryptoKeys/bare").body().has("primary")).isFalse();
        assertThat(own.post(RING + "/cryptoKeys/bare:encrypt", "{\"plaintext\":\"aGk=\"}")
                        .word())
                .isEqualTo("FAILED_PRECONDITION");
    }

    @Test
    void labelsAreReplacedAsAWhole() {
        own.withKey();

        own.patch(KEY + "?updateMask=labels", "{\"name\":\"ignored\",\"labels\":{\"tier\":\"1\"}}");

        assertThat(kms.labels(KEY)).isEqualTo(Map.of("tier", "1"));
    }

    @Test
    void aPostMayMeanPatch() {
        own.withKey();

        kms.answer(Call.of(
                "POST",
                URI.create("http://kms/v1/" + KEY + "?updateMask=labels"),
                Map.of("X-HTTP-Method-Override", "PATCH"),
                "{\"labels\":{}}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(kms.labels(KEY)).isEmpty();
    }

    @Test
    void aKeyHasAtMost64Labels() {
        own.withKey();

        assertThat(own.patch(KEY + "?updateMask=labels", labels(64)).status()).isEqualTo(200);
        assertThat(own.patch(KEY + "?updateMask=labels", labels(65)).word()).isEqualTo("INVALID_ARGUMENT");
        assertThat(kms.labels(KEY)).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "purpose",
                "destroyScheduledDuration",
                "destroy_scheduled_duration",
                "importOnly",
                "primary",
                "versionTemplate.protectionLevel",
                "createTime",
                "labels,purpose"
            })
    void whatIsImmutableRefuses(String mask) {
        own.withKey();
        var before = kms.describe(KEY);

        assertThat(own.patch(KEY + "?updateMask=" + mask, "{\"labels\":{},\"purpose\":5}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
        assertThat(kms.describe(KEY)).isEqualTo(before);
    }

    @Test
    void aKeyRotatesByItselfAndKeepsItsOldVersions() {
        own.withKey();
        own.patch(
                KEY + "?updateMask=rotation_period,next_rotation_time",
                "{\"rotationPeriod\":\"86400s\",\"nextRotationTime\":\"2026-11-25T08:00:00Z\"}");

        clock.pass(Duration.ofHours(49));

        Answer key = own.get(KEY);
        assertThat(key.body().path("primary").path("name").asText()).endsWith("/3");
        assertThat(key.body().path("nextRotationTime").asText()).isEqualTo("2026-11-27T08:00:00Z");
        assertThat(own.get(KEY + "/cryptoKeyVersions").body().findValuesAsText("state"))
                .containsExactly("ENABLED", "ENABLED", "ENABLED");
    }

    @Test
    void numbersAreTakenAndGivenWhereAskedFor() {
        own.withKey();

        Answer words = create("other", "{'purpose':1,'versionTemplate':{'protectionLevel':2,'algorithm':1}}");
        Answer numbers = own.get(KEY + "?$alt=json;enum-encoding=int");

        assertThat(words.body().path("purpose").asText()).isEqualTo("ENCRYPT_DECRYPT");
        assertThat(numbers.body().path("purpose").isInt()).isTrue();
        assertThat(numbers.body()
                        .path("versionTemplate")
                        .path("protectionLevel")
                        .asInt())
                .isEqualTo(2);
        assertThat(numbers.body().path("primary").path("state").asInt()).isEqualTo(1);
    }

    @Test
    void aLabelNamedLikeAnEnumStaysAWord() {
        own.withKey();
        kms.setLabels(KEY, Map.of("state", "DISABLED"));

        assertThat(own.get(KEY + "?$alt=json;enum-encoding=int")
                        .body()
                        .path("labels")
                        .path("state")
                        .asText())
                .isEqualTo("DISABLED");
    }

    @Test
    void theNumbersAreTheOnesOfGooglesClient() {
        Map<String, Map<String, Integer>> theirs = Map.of(
                "purpose", numbers(CryptoKeyPurpose.values()),
                "protectionLevel", numbers(ProtectionLevel.values()),
                "algorithm", numbers(CryptoKeyVersionAlgorithm.values()),
                "state", numbers(CryptoKeyVersionState.values()));

        assertThat(KmsEnum.numbers().keySet()).isEqualTo(theirs.keySet());
        KmsEnum.numbers()
                .forEach((field, words) ->
                        assertThat(theirs.get(field)).as(field).containsAllEntriesOf(words));
    }

    // --- versions ------------------------------------------------------------------------------------------------

    @Test
    void versionsComeInPages() {
        own.withKey();
        IntStream.range(0, 4).forEach(i -> kms.addVersion(KEY, false));

        Answer first = own.get(KEY + "/cryptoKeyVersions?pageSize=2");
        Answer second = own.get(KEY + "/cryptoKeyVersions?pageSize=2&pageToken="
                + first.body().path("nextPageToken").asText());
        Answer third = own.get(KEY + "/cryptoKeyVersions?pageSize=2&pageToken="
                + second.body().path("nextPageToken").asText());

        assertThat(first.body().path("totalSize").asInt()).isEqualTo(5);
        assertThat(second.body().path("cryptoKeyVersions").findValuesAsText("name"))
                .containsExactly(KEY + "/cryptoKeyVersions/3", KEY + "/cryptoKeyVersions/4");
        assertThat(third.body().path("cryptoKeyVersions")).hasSize(1);
        assertThat(third.body().has("nextPageToken")).isFalse();
    }

    @Test
    void aPageThatNobodyGaveIsInvalid() {
        own.withKey();

        assertThat(own.get(KEY + "/cryptoKeyVersions?pageToken=nonsense").word())
                .isEqualTo("INVALID_ARGUMENT");
        assertThat(own.get(KEY + "/cryptoKeyVersions?pageSize=-1").word()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void aFilterIsNotIgnored() {
        own.withKey();

        assertThat(own.get(KEY + "/cryptoKeyVersions?filter=state=ENABLED").status())
                .isEqualTo(501);
    }

    @Test
    void aNewVersionIsNotPrimaryUntilItIsMadeSo() {
        own.withKey();

        own.post(KEY + "/cryptoKeyVersions", "{}");
        String before = own.get(KEY).body().path("primary").path("name").asText();
        own.post(KEY + ":updatePrimaryVersion", "{\"cryptoKeyVersionId\":\"2\"}");

        assertThat(before).endsWith("/1");
        assertThat(own.get(KEY).body().path("primary").path("name").asText()).endsWith("/2");
    }

    @Test
    void onlyAnEnabledVersionOfTheKeyBecomesPrimary() {
        own.withKey();
        kms.addVersion(KEY, false);
        kms.setVersionState(KEY, 2, "DISABLED");

        assertThat(own.post(KEY + ":updatePrimaryVersion", "{\"cryptoKeyVersionId\":\"2\"}")
                        .word())
                .isEqualTo("FAILED_PRECONDITION");
        assertThat(own.post(KEY + ":updatePrimaryVersion", "{\"cryptoKeyVersionId\":\"3\"}")
                        .word())
                .isEqualTo("NOT_FOUND");
    }

    @Test
    void aDestructionCanBeTakenBackUntilItHappens() {
        own.withKey();

        Answer scheduled = own.post(KEY + "/cryptoKeyVersions/1:destroy", "{}");
        Answer restored = own.post(KEY + "/cryptoKeyVersions/1:restore", "{}");

        assertThat(scheduled.body().path("state").asText()).isEqualTo("DESTROY_SCHEDULED");
        assertThat(scheduled.body().path("destroyTime").asText()).isEqualTo("2026-12-24T08:00:00Z");
        assertThat(restored.body().path("state").asText()).isEqualTo("DISABLED");
        assertThat(restored.body().has("destroyTime")).isFalse();
    }

    @Test
    void aDestructionHappensWhenItsTimeHasCome() {
        own.withKey();
        own.post(KEY + "/cryptoKeyVersions/1:destroy", "{}");

        clock.pass(Duration.ofDays(30));

        assertThat(own.get(KEY).body().path("primary").path("state").asText()).isEqualTo("DESTROYED");
        assertThat(own.post(KEY + "/cryptoKeyVersions/1:restore", "{}").word()).isEqualTo("FAILED_PRECONDITION");
        assertThat(own.patch(KEY + "/cryptoKeyVersions/1?updateMask=state", "{\"state\":\"ENABLED\"}")
                        .word())
                .isEqualTo("FAILED_PRECONDITION");
    }

    @Test
    void aVersionIsOnlyEverEnabledOrDisabledByAnUpdate() {
        own.withKey();

        assertThat(own.patch(KEY + "/cryptoKeyVersions/1?updateMask=state", "{\"state\":2}")
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("DISABLED");
        assertThat(own.patch(KEY + "/cryptoKeyVersions/1?updateMask=state", "{\"state\":\"DESTROYED\"}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
    }

    // --- encryption ----------------------------------------------------------------------------------------------

    @Test
    void whatAnOldVersionEncryptedIsDecryptedAfterARotation() {
        own.withKey();
        String ciphertext = own.encrypt("hello").body().path("ciphertext").asText();
        kms.addVersion(KEY, true);

        Answer opened = own.decrypt(ciphertext);

        assertThat(opened.body().path("plaintext").asText()).isEqualTo(KmsCaller.base64("hello"));
        assertThat(opened.body().has("usedPrimary")).isFalse();
        assertThat(own.encrypt("hello").body().path("name").asText()).endsWith("/2");
    }

    @Test
    void whatADisabledVersionEncryptedIsNotDecrypted() {
        own.withKey();
        String ciphertext = own.encrypt("hello").body().path("ciphertext").asText();
        kms.addVersion(KEY, true);
        kms.setVersionState(KEY, 1, "DISABLED");

        assertThat(own.decrypt(ciphertext).word()).isEqualTo("FAILED_PRECONDITION");
        assertThat(own.encrypt("hello").status()).isEqualTo(200);
    }

    @Test
    void aDisabledPrimaryEncryptsNothing() {
        own.withKey();
        kms.setVersionState(KEY, 1, "DISABLED");

        assertThat(own.encrypt("hello").word()).isEqualTo("FAILED_PRECONDITION");
    }

    @Test
    void anotherKeyCannotDecrypt() {
        own.withKey();
        create("other", "{'purpose':1}");
        String ciphertext = own.encrypt("hello").body().path("ciphertext").asText();

        assertThat(own.post(RING + "/cryptoKeys/other:decrypt", "{\"ciphertext\":\"" + ciphertext + "\"}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void additionalDataMustBeTheSame() {
        own.withKey();
        String ciphertext = own.post(
                        KEY + ":encrypt", "{\"plaintext\":\"aGk=\",\"additionalAuthenticatedData\":\"YQ==\"}")
                .body()
                .path("ciphertext")
                .asText();

        assertThat(own.decrypt(ciphertext).word()).isEqualTo("INVALID_ARGUMENT");
        assertThat(own.post(
                                KEY + ":decrypt",
                                "{\"ciphertext\":\"" + ciphertext + "\",\"additionalAuthenticatedData\":\"YQ==\"}")
                        .body()
                        .path("plaintext")
                        .asText())
                .isEqualTo("aGk=");
    }

    @Test
    void rightChecksumsAreVerified() {
        own.withKey();
        // CRC32C of "123456789" is the check value that its definition names.
        Answer answer = own.post(KEY + ":encrypt", """
                {"plaintext":"%s","plaintextCrc32c":"3808858755"}""".formatted(KmsCaller.base64("123456789")));

        assertThat(answer.body().path("verifiedPlaintextCrc32c").asBoolean()).isTrue();
        assertThat(own.decrypt(answer.body().path("ciphertext").asText())
                        .body()
                        .path("plaintextCrc32c")
                        .asText())
                .isEqualTo("3808858755");
    }

    @Test
    void aWrongChecksumIsRefused() {
        own.withKey();

        assertThat(own.post(KEY + ":encrypt", "{\"plaintext\":\"aGk=\",\"plaintextCrc32c\":\"1\"}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
        String ciphertext = own.encrypt("hi").body().path("ciphertext").asText();
        assertThat(own.post(KEY + ":decrypt", "{\"ciphertext\":\"" + ciphertext + "\",\"ciphertextCrc32c\":1}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
    }

    // --- the project ---------------------------------------------------------------------------------------------

    @Test
    void aDisabledApiIsNamed() {
        own.withKey();

        Answer answer = KmsCaller.own(kms.disableApi("acme-kms-prod")).get(KEY);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.detail().path("reason").asText()).isEqualTo("SERVICE_DISABLED");
        assertThat(KmsCaller.own(kms.enableApi("acme-kms-prod")).get(KEY).status())
                .isEqualTo(200);
    }

    @Test
    void disabledBillingIsNamed() {
        Answer answer = KmsCaller.own(kms.disableBilling("acme-kms-prod")).get(LOCATION);

        assertThat(answer.detail().path("reason").asText()).isEqualTo("BILLING_DISABLED");
        assertThat(KmsCaller.own(kms.enableBilling("acme-kms-prod"))
                        .get(LOCATION)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPerimeterIsNamedWithItsIdentifier() {
        Answer answer = KmsCaller.own(kms.perimeter(true)).get(LOCATION);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body().findValuesAsText("reason")).containsExactly("SECURITY_POLICY_VIOLATED");
        assertThat(answer.body().findValue("vpcServiceControlsUniqueIdentifier").asText())
                .isNotEmpty();
        assertThat(KmsCaller.own(kms.perimeter(false)).get(LOCATION).status()).isEqualTo(200);
    }

    @Test
    void aDeniedPermissionIsNamedWithItsResource() {
        own.withKey();
        kms.deny("cloudkms.cryptoKeys.setIamPolicy");

        Answer answer = own.post(KEY + ":setIamPolicy", "{\"policy\":{}}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.detail().path("reason").asText()).isEqualTo("IAM_PERMISSION_DENIED");
        assertThat(answer.detail().path("metadata"))
                .isEqualTo(KmsCaller.json(
                        "{\"permission\":\"cloudkms.cryptoKeys.setIamPolicy\",\"resource\":\"" + KEY + "\"}"));
        kms.permit("cloudkms.cryptoKeys.setIamPolicy");
        assertThat(own.post(KEY + ":setIamPolicy", "{\"policy\":{}}").status()).isEqualTo(200);
    }

    @Test
    void aProjectThatNobodyMadeIsClosed() {
        kms.thereWhere("acme-kms-prod"::equals);

        Answer answer = own.get("projects/nobodys/locations/us-east5/keyRings");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.detail().path("reason").asText()).isEqualTo("CONSUMER_INVALID");
    }

    @Test
    void aCallMayBeCountedToAnotherProject() {
        kms.disableApiOf("acme-kms-prod", "123456789012");

        Answer answer = own.get("projects/acme-kms-prod/locations/us-east5/keyRings");

        assertThat(answer.detail().path("reason").asText()).isEqualTo("SERVICE_DISABLED");
        assertThat(answer.detail().at("/metadata/consumer").asText()).isEqualTo("projects/123456789012");
    }

    @Test
    void aVersionMayEncryptInPlaceOfItsKey() {
        own.withKey();
        kms.addVersion(KEY, true);

        Answer sealed =
                own.post(KEY + "/cryptoKeyVersions/1:encrypt", "{\"plaintext\":\"" + KmsCaller.base64("hello") + "\"}");

        assertThat(sealed.body().path("name").asText()).isEqualTo(KEY + "/cryptoKeyVersions/1");
        Answer opened = own.decrypt(sealed.body().path("ciphertext").asText());
        assertThat(opened.body().path("plaintext").asText()).isEqualTo(KmsCaller.base64("hello"));
        assertThat(opened.body().has("usedPrimary")).isFalse();
    }

    @Test
    void ciphertextMayBeInEitherAlphabet() {
        own.withKey();
        for (int i = 0; i < 20; i++) {
            String sealed = own.encrypt("hello").body().path("ciphertext").asText();

            Answer opened = own.decrypt(sealed.replace('+', '-').replace('/', '_'));

            assertThat(opened.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ENCRYPT_DECRYPT, GOOGLE_SYMMETRIC_ENCRYPTION",
        "ASYMMETRIC_SIGN, PQ_SIGN_ML_DSA_65",
        "ASYMMETRIC_SIGN, EC_SIGN_ED25519",
        "ASYMMETRIC_DECRYPT, RSA_DECRYPT_OAEP_4096_SHA512",
        "RAW_ENCRYPT_DECRYPT, AES_128_CBC",
        "MAC, HMAC_SHA512",
        "KEY_ENCAPSULATION, ML_KEM_768",
        "KEY_ENCAPSULATION, KEM_XWING"
    })
    void everyPurposeHasItsAlgorithms(String purpose, String algorithm) {
        own.withKey();

        Answer made = own.post(
                RING + "/cryptoKeys?cryptoKeyId=other",
                "{\"purpose\":\"" + purpose + "\",\"versionTemplate\":{\"algorithm\":\"" + algorithm + "\"}}");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.body().at("/versionTemplate/algorithm").asText()).isEqualTo(algorithm);
    }

    @Test
    void theReasonsThatAllowTheUseOfAKeyCanBeChanged() {
        own.withKey();
        String update = KEY + "?updateMask=keyAccessJustificationsPolicy";

        own.patch(update, "{\"keyAccessJustificationsPolicy\":{}}");
        assertThat(own.encrypt("hello").status()).isEqualTo(403);

        own.patch(
                update,
                "{\"keyAccessJustificationsPolicy\":{\"allowedAccessReasons\":[\"CUSTOMER_INITIATED_ACCESS\"]}}");
        assertThat(own.encrypt("hello").status()).isEqualTo(200);
    }

    @Test
    void listsSayHowLongTheyAreWhereTheApiHasIt() {
        own.withKey();

        assertThat(own.get(RING + "/cryptoKeys").body().path("totalSize").asInt())
                .isEqualTo(1);
        assertThat(own.get("projects/acme-kms-prod/locations").body().has("totalSize"))
                .isFalse();
    }

    // --- journal and threads -------------------------------------------------------------------------------------

    @Test
    void everyCallIsNotedAsPeopleNameIt() {
        own.withKey();
        own.encrypt("hello");
        own.get(KEY + "/cryptoKeyVersions");
        own.post(KEY + ":setIamPolicy", "{}");
        own.get(RING + "/importJobs");

        assertThat(journal.entries())
                .containsExactly(
                        new Journal.Entry("kms", "CreateKeyRing " + RING, true, 200),
                        new Journal.Entry("kms", "CreateCryptoKey " + KEY, true, 200),
                        new Journal.Entry("kms", "Encrypt " + KEY, false, 200),
                        new Journal.Entry("kms", "ListCryptoKeyVersions " + KEY, false, 200),
                        new Journal.Entry("kms", "SetIamPolicy " + KEY, true, 400),
                        new Journal.Entry("kms", "GET /v1/" + RING + "/importJobs", false, 501));
    }

    @Test
    void whatSomebodyElseDoesIsNotNoted() {
        own.withKey();
        journal.clear();

        kms.setLabels(KEY, Map.of()).setPolicy(KEY, KmsCaller.json("{}")).setVersionState(KEY, 1, "DISABLED");

        assertThat(journal.entries()).isEmpty();
    }

    @Test
    void aKeyThatIsNotThereIsAMistakeOfTheTest() {
        assertThatThrownBy(() -> kms.labels(KEY)).isInstanceOf(IllegalArgumentException.class);
        own.withKey();
        assertThatThrownBy(() -> kms.setVersionState(KEY, 1, "ASLEEP")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofManyCreatesAtOnceOneSucceeds() throws Exception {
        own.withKey();
        Callable<Integer> create =
                () -> create("raced", "{'purpose':'ENCRYPT_DECRYPT'}").status();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> answers = threads.invokeAll(
                    IntStream.range(0, 32).mapToObj(i -> create).toList());
            int created = 0;
            for (Future<Integer> answer : answers) {
                created += answer.get() == 200 ? 1 : 0;
            }
            assertThat(created).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
    }

    private Answer create(String id, String body) {
        return own.post(RING + "/cryptoKeys?cryptoKeyId=" + id, body.replace('\'', '"'));
    }

    private static String labels(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"label-" + i + "\":\"x\"")
                .collect(Collectors.joining(",", "{\"labels\":{", "}}"));
    }

    private static Map<String, Integer> numbers(com.google.protobuf.ProtocolMessageEnum[] values) {
        Map<String, Integer> numbers = new HashMap<>();
        Arrays.stream(values)
                .filter(value -> !value.toString().equals("UNRECOGNIZED"))
                .forEach(value -> numbers.put(value.toString(), value.getNumber()));
        return numbers;
    }
}
