package cmek.simulator;

import static cmek.simulator.KmsCaller.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulator.KmsCaller.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IamPolicySimulatorTest {

    private static final String VENDOR =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";
    private static final String USER = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
    private static final String CONDITIONAL = """
            {"version":3,"bindings":[{"role":"roles/cloudkms.viewer","members":["user:anna@acme.com"],
             "condition":{"title":"until friday","expression":"request.time < timestamp('2026-11-27T00:00:00Z')"}}]}""";

    private final SettableClock clock = new SettableClock();
    private final KmsSimulator kms = new KmsSimulator(new Journal(), clock);
    private final KmsCaller own = KmsCaller.own(kms);
    private final KmsCaller anthropic = own.as(VENDOR);

    @BeforeEach
    void makeKey() {
        own.withKey();
    }

    // --- etags and versions --------------------------------------------------------------------------------------

    @Test
    void aPolicyThatWasNeverWrittenHasAnEtag() {
        assertThat(read(3)).isEqualTo(KmsCaller.json("{\"etag\":\"ACAB\",\"version\":1}"));
    }

    @Test
    void aWriteWithAStaleEtagIsAborted() {
        write(grant(USER, VENDOR));
        JsonNode before = kms.policy(KEY);

        Answer stale = write("{\"etag\":\"ACAB\",\"bindings\":[]}");

        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.word()).isEqualTo("ABORTED");
        assertThat(kms.policy(KEY)).isEqualTo(before);
    }

    @Test
    void aWriteWithTheEtagThatWasReadSucceedsAndChangesIt() {
        String etag = read(3).path("etag").asText();

        Answer written = write("{\"etag\":\"" + etag + "\",\"version\":3,\"bindings\":[]}");

        assertThat(written.status()).isEqualTo(200);
        assertThat(written.body().path("etag").asText()).isNotEmpty().isNotEqualTo(etag);
    }

    @Test
    void aWriteWithoutAnEtagOverwritesConditionsIncluded() {
        kms.setPolicy(KEY, KmsCaller.json(CONDITIONAL));

        assertThat(write(grant(USER, VENDOR)).status()).isEqualTo(200);

        assertThat(kms.policy(KEY).findValue("condition")).isNull();
    }

    @Test
    void aPolicyWithoutConditionsIsOfTheFirstVersionWhateverWasSent() {
        Answer written = write("{\"version\":3," + grant(USER, VENDOR).substring(1));

        assertThat(written.body().path("version").asInt()).isEqualTo(1);
        assertThat(read(3).path("version").asInt()).isEqualTo(1);
        assertThat(write(CONDITIONAL).body().path("version").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roles/cloudkms.brandNew",
                "roles/cloudkms.autokeyUser",
                "roles/storage.objectViewer",
                "roles/resourcemanager.projectIamAdmin",
                "roles/",
                "owner",
                "projects/acme-kms-prod/roles/invented"
            })
    void aRoleThatAKeyDoesNotHaveIsRefused(String role) {
        kms.withCustomRoles(name -> name.endsWith("/keyKeeper"));

        Answer refused = write(grant(role, VENDOR));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/error/message").asText())
                .isEqualTo("Role " + role + " is not supported for this resource.");
        assertThat(write(grant("projects/acme-kms-prod/roles/keyKeeper", VENDOR))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"1500, user:a%d@acme.com, 200", "1501, user:a%d@acme.com, 400", "251, group:a%d@acme.com, 400"})
    void aPolicyHasAtMostSoManyMembers(int many, String member, int status) {
        String members = java.util.stream.IntStream.range(0, many)
                .mapToObj(number -> "\"" + String.format(java.util.Locale.ROOT, member, number) + "\"")
                .collect(java.util.stream.Collectors.joining(","));

        Answer answer = write("{\"bindings\":[{\"role\":\"" + USER + "\",\"members\":[" + members + "]}]}");

        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "'', cloudkms.cryptoKeys.get, 200",
        "'', cloudkms.cryptoKeys.fly, 400",
        "'', cloudkms.keyRings.get, 400",
        "'', cloudkms.cryptoKeys.create, 400",
        "'', resourcemanager.projects.get, 400",
        "ring, cloudkms.cryptoKeys.create, 200",
        "ring, cloudkms.keyRings.create, 400",
        "ring, cloudkms.keyRings.fly, 400"
    })
    void aResourceAnswersForItsOwnPermissions(String of, String permission, int status) {
        String resource = of.isEmpty() ? KEY : KmsCaller.RING;

        assertThat(own.post(resource + ":testIamPermissions", "{\"permissions\":[\"" + permission + "\"]}")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void aConditionNeedsVersionThree() {
        assertThat(write(CONDITIONAL.replace("\"version\":3,", "")).word()).isEqualTo("INVALID_ARGUMENT");
        assertThat(write(CONDITIONAL).status()).isEqualTo(200);
    }

    @Test
    void aPolicyWithConditionsIsNotRewrittenInAnOlderVersion() {
        kms.setPolicy(KEY, KmsCaller.json(CONDITIONAL));
        String etag = read(3).path("etag").asText();

        assertThat(write("{\"version\":1,\"etag\":\"" + etag + "\",\"bindings\":[]}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whoAsksForAnOlderVersionSeesAMangledRoleWithoutItsCondition(int version) {
        kms.setPolicy(KEY, KmsCaller.json(CONDITIONAL));

        JsonNode binding = read(version).path("bindings").path(0);

        assertThat(binding.path("role").asText()).matches("roles/cloudkms\\.viewer_withcond_[0-9a-f]{20}");
        assertThat(binding.has("condition")).isFalse();
        assertThat(read(3).path("bindings").path(0).has("condition")).isTrue();
    }

    @Test
    void aMangledRoleCannotBeWrittenBack() {
        kms.setPolicy(KEY, KmsCaller.json(CONDITIONAL));

        assertThat(write("{\"version\":3,\"bindings\":" + read(1).path("bindings") + "}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void thereIsNoVersionTwo() {
        assertThat(own.get(KEY + ":getIamPolicy?options.requestedPolicyVersion=2")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
        assertThat(write("{\"version\":2}").word()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void bindingsOfOneRoleBecomeOne() {
        write("{\"bindings\":[" + binding(USER, VENDOR) + "," + binding(USER, "user:anna@acme.com") + ","
                + binding(USER, VENDOR) + ",{\"role\":\"roles/cloudkms.viewer\",\"members\":[]}]}");

        assertThat(kms.policy(KEY).path("bindings"))
                .isEqualTo(KmsCaller.json(
                        "[{\"role\":\"" + USER + "\",\"members\":[\"" + VENDOR + "\",\"user:anna@acme.com\"]}]"));
    }

    @Test
    void auditConfigurationStaysUnlessTheMaskNamesIt() {
        kms.setPolicy(KEY, KmsCaller.json("{\"auditConfigs\":[{\"service\":\"allServices\"}]}"));

        write("{\"bindings\":[]}");
        boolean stayed = kms.policy(KEY).has("auditConfigs");
        own.post(KEY + ":setIamPolicy", "{\"policy\":{},\"updateMask\":\"auditConfigs,etag\"}");

        assertThat(stayed).isTrue();
        assertThat(kms.policy(KEY).has("auditConfigs")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "roles/cloudkms.viewer,anna@acme.com",
        "roles/cloudkms.viewer,robot:r2@acme.com",
        "viewer,user:a@acme.com"
    })
    void whatIamDoesNotKnowIsInvalid(String role, String member) {
        assertThat(write(grant(role, member)).word()).isEqualTo("INVALID_ARGUMENT");
    }

    // --- who may do what -----------------------------------------------------------------------------------------

    @Test
    void whoIsNotGrantedAnythingMayDoNothing() {
        Answer answer = anthropic.encrypt("hello");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.word()).isEqualTo("PERMISSION_DENIED");
        assertThat(answer.detail().path("metadata").path("permission").asText())
                .isEqualTo("cloudkms.cryptoKeyVersions.useToEncrypt");
        assertThat(anthropic.get(KEY).status()).isEqualTo(403);
        assertThat(anthropic.get(KEY + "-missing").status()).isEqualTo(403);
    }

    @Test
    void anthropicsTwoRolesSufficeForARoundTripAndForALook() {
        write("{\"bindings\":[" + binding(USER, VENDOR) + "," + binding("roles/cloudkms.viewer", VENDOR) + "]}");

        String ciphertext = anthropic.encrypt("hello").body().path("ciphertext").asText();

        assertThat(anthropic.decrypt(ciphertext).body().path("plaintext").asText())
                .isEqualTo(KmsCaller.base64("hello"));
        assertThat(anthropic.get(KEY).status()).isEqualTo(200);
        assertThat(anthropic.get(KEY + ":getIamPolicy").status()).isEqualTo(403);
        assertThat(anthropic.patch(KEY + "?updateMask=labels", "{}").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "roles/cloudkms.cryptoKeyEncrypter, true, false, false",
        "roles/cloudkms.cryptoKeyDecrypter, false, true, false",
        "roles/cloudkms.cryptoKeyEncrypterDecrypter, true, true, false",
        "roles/cloudkms.viewer, false, false, true",
        "roles/cloudkms.admin, false, false, true",
        "roles/owner, false, false, false"
    })
    void eachRolePermitsItsOwn(String role, boolean encrypts, boolean decrypts, boolean looks) {
        String ciphertext = own.encrypt("hello").body().path("ciphertext").asText();
        write(grant(role, VENDOR));

        assertThat(anthropic.encrypt("hello").status() == 200).isEqualTo(encrypts);
        assertThat(anthropic.decrypt(ciphertext).status() == 200).isEqualTo(decrypts);
        assertThat(anthropic.get(KEY).status() == 200).isEqualTo(looks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"allUsers", "allAuthenticatedUsers"})
    void everybodyIsEverybody(String member) {
        write(grant(USER, member));

        assertThat(anthropic.encrypt("hello").status()).isEqualTo(200);
    }

    @Test
    void aConditionIsNoGrant() {
        kms.setPolicy(KEY, KmsCaller.json(CONDITIONAL.replace("user:anna@acme.com", VENDOR)));

        assertThat(anthropic.get(KEY).status()).isEqualTo(403);
    }

    @Test
    void permissionsAreTestedForTheCaller() {
        write(grant(USER, VENDOR));
        kms.deny("cloudkms.cryptoKeys.update");
        String asked = "{\"permissions\":[\"cloudkms.cryptoKeys.update\",\"cloudkms.cryptoKeyVersions.useToDecrypt\"]}";

        assertThat(own.post(KEY + ":testIamPermissions", asked).body().path("permissions"))
                .isEqualTo(KmsCaller.json("[\"cloudkms.cryptoKeyVersions.useToDecrypt\"]"));
        assertThat(anthropic.post(KEY + ":testIamPermissions", asked).body().path("permissions"))
                .isEqualTo(KmsCaller.json("[\"cloudkms.cryptoKeyVersions.useToDecrypt\"]"));
        assertThat(own.post(KEY + "-missing:testIamPermissions", asked).body()).isEmpty();
        assertThat(own.post(KEY + ":testIamPermissions", "{\"permissions\":[\"cloudkms.*\"]}")
                        .word())
                .isEqualTo("INVALID_ARGUMENT");
    }

    // --- propagation ---------------------------------------------------------------------------------------------

    @Test
    void aGrantReachesOthersAfterAWhile() {
        kms.propagation(Duration.ofMinutes(2));
        write(grant(USER, VENDOR));
        int atOnce = anthropic.encrypt("hello").status();
        clock.pass(Duration.ofSeconds(119));
        int almost = anthropic.encrypt("hello").status();
        clock.pass(Duration.ofSeconds(1));

        assertThat(atOnce).isEqualTo(403);
        assertThat(almost).isEqualTo(403);
        assertThat(anthropic.encrypt("hello").status()).isEqualTo(200);
    }

    @Test
    void aWithdrawalReachesOthersAfterAWhile() {
        write(grant(USER, VENDOR));
        kms.propagation(Duration.ofMinutes(2));
        clock.pass(Duration.ofMinutes(2));
        write("{\"bindings\":[]}");
        int atOnce = anthropic.encrypt("hello").status();
        clock.pass(Duration.ofMinutes(2));

        assertThat(atOnce).isEqualTo(200);
        assertThat(anthropic.encrypt("hello").status()).isEqualTo(403);
    }

    @Test
    void aLabelReachesOthersAfterAWhileAndUsAtOnce() {
        write(grant("roles/cloudkms.viewer", VENDOR));
        kms.propagation(Duration.ofMinutes(2));
        clock.pass(Duration.ofMinutes(2));
        kms.setLabels(KEY, Map.of("tier", "1"));

        assertThat(own.get(KEY).body().path("labels").has("tier")).isTrue();
        assertThat(anthropic.get(KEY).body().path("labels").has("tier")).isFalse();
        clock.pass(Duration.ofMinutes(2));
        assertThat(anthropic.get(KEY).body().path("labels").has("tier")).isTrue();
    }

    // --- domain restricted sharing -------------------------------------------------------------------------------

    @Test
    void theOlderConstraintIsNamedInAViolation() {
        kms.restrictDomains("constraints/iam.allowedPolicyMemberDomains");

        Answer answer = write(grant(USER, VENDOR));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.word()).isEqualTo("FAILED_PRECONDITION");
        assertThat(answer.detail().path("violations").path(0).path("type").asText())
                .isEqualTo("constraints/iam.allowedPolicyMemberDomains");
        assertThat(kms.policy(KEY).has("bindings")).isFalse();
    }

    @Test
    void theManagedConstraintIsNamedInTheErrorInfo() {
        kms.restrictDomains("constraints/iam.managed.allowedPolicyMembers");

        Answer answer = write(grant(USER, VENDOR));

        assertThat(answer.word()).isEqualTo("FAILED_PRECONDITION");
        assertThat(answer.detail().path("metadata").path("customConstraints").asText())
                .isEqualTo("constraints/iam.managed.allowedPolicyMembers");
    }

    @Test
    void membersOfAcmeAndThoseWhoWereThereBeforePass() {
        write(grant(USER, VENDOR));
        kms.restrictDomains("constraints/iam.allowedPolicyMemberDomains");

        assertThat(write("{\"bindings\":[" + binding(USER, VENDOR) + ","
                                + binding(USER, "user:anna@acme.com") + ","
                                + binding(USER, "serviceAccount:scan@acme-kms-prod.iam.gserviceaccount.com") + "]}")
                        .status())
                .isEqualTo(200);
        kms.unrestrict();
        assertThat(write(grant(USER, "allUsers")).status()).isEqualTo(200);
    }

    private JsonNode read(int version) {
        return own.get(KEY + ":getIamPolicy?options.requestedPolicyVersion=" + version)
                .body();
    }

    private Answer write(String policy) {
        return own.post(KEY + ":setIamPolicy", "{\"policy\":" + policy + "}");
    }

    private static String grant(String role, String member) {
        return "{\"bindings\":[" + binding(role, member) + "]}";
    }

    private static String binding(String role, String member) {
        return "{\"role\":\"" + role + "\",\"members\":[\"" + member + "\"]}";
    }
}
