package cmek.onboarding.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {

    private static final String KEY =
            "'project':'acme-kms-prod','location':'us-east5','keyRing':'anthropic','name':'payments'";

    private final RequestParser reader = new RequestParser(Sample.POLICY);

    // --- taken ---------------------------------------------------------------------------------------------------

    @Test
    void everyFieldIsRead() {
        OnboardingRequest request = taken("{'requestId':'payments-prod','mode':'validate','key':{" + KEY
                + ",'protectionLevel':'HSM','rotationPeriod':'P90D','destroyScheduledDuration':'P60D',"
                + "'labels':{'team':'payments'}},'displayName':'Payments production',"
                + "'workspaceId':'wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ','acknowledgePermanent':true}");

        assertThat(request)
                .isEqualTo(new OnboardingRequest(
                        "payments-prod",
                        Mode.VALIDATE,
                        Sample.KEY,
                        Optional.of(ProtectionLevel.HSM),
                        Optional.of(Duration.ofDays(90)),
                        Optional.of(Duration.ofDays(60)),
                        Map.of("team", "payments"),
                        "Payments production",
                        Optional.of(Sample.WORKSPACE),
                        true));
    }

    @Test
    void aKeyIsEnough() {
        OnboardingRequest request = taken("{'key':{" + KEY + "}}");

        assertThat(request)
                .isEqualTo(new OnboardingRequest(
                        "1001",
                        Mode.PROVISION,
                        Sample.KEY,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        "payments",
                        Optional.empty(),
                        false));
    }

    @Test
    void aKeyMayBeItsFullResourceName() {
        assertThat(taken("{'key':'" + Sample.KEY + "'}").key()).isEqualTo(Sample.KEY);
    }

    @Test
    void nullIsTheSameAsNothing() {
        assertThat(taken("{'requestId':null,'mode':null,'workspaceId':null,'acknowledgePermanent':null,"
                        + "'displayName':null,'key':{" + KEY + ",'labels':null,'rotationPeriod':null}}"))
                .isEqualTo(taken("{'key':{" + KEY + "}}"));
    }

    @Test
    void theMessageIdStandsInForARequestId() {
        assertThat(reader.parse(bytes("{'key':{" + KEY + "}}"), "7421").requestId())
                .isEqualTo("7421");
    }

    @ParameterizedTest
    @CsvSource({"provision,PROVISION", "validate,VALIDATE", "plan,PLAN"})
    void everyModeIsKnown(String word, Mode mode) {
        assertThat(taken("{'mode':'" + word + "','key':{" + KEY + "}}").mode()).isEqualTo(mode);
    }

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
    void theNineRegionsAreTaken(String location) {
        assertThat(taken("{'key':{" + KEY.replace("us-east5", location) + "}}")
                        .key()
                        .location())
                .isEqualTo(location);
    }

    // --- bytes ---------------------------------------------------------------------------------------------------

    @Test
    void anEmptyMessageIsUnreadable() {
        assertThat(unreadable(new byte[0])).endsWith(": it is empty");
    }

    @Test
    void twoMegabytesAreNotReadAtAll() {
        String large = "{\"key\":\"" + "a".repeat(2 * 1024 * 1024) + "\"}";

        assertThat(unreadable(large.getBytes(UTF_8)))
                .endsWith("it has " + large.length() + " bytes and 65536 are allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|an array",
                "[{}]|an array",
                "'text'|a string",
                "7|a number",
                "true|true or false",
                "null|null",
                "'   '|a string"
            },
            quoteCharacter = '~')
    void otherJsonThanAnObjectIsUnreadable(String json, String kind) {
        assertThat(unreadable(bytes(json))).endsWith(": it is " + kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{",
                "{'key':",
                "{'key':'a'",
                "{key:'a'}",
                "{'key':'a',}",
                "{'key':NaN}",
                "{'key':01}",
                "// a comment\n{}",
                "key: a",
                "<html></html>",
                "{'key':'\n'}"
            })
    void whatIsNoJsonIsUnreadable(String text) {
        assertThat(unreadable(bytes(text))).contains("(line ", "column ");
    }

    @Test
    void whiteSpaceIsUnreadable() {
        assertThat(unreadable(bytes(" \n "))).endsWith(": it is nothing");
    }

    @Test
    void aFieldGivenTwiceIsUnreadable() {
        assertThat(unreadable(bytes("{'key':'" + Sample.KEY + "','mode':'plan','mode':'provision'}")))
                .contains("the field mode is there twice");
    }

    @Test
    void aFieldOfTheKeyGivenTwiceIsUnreadable() {
        assertThat(unreadable(bytes("{'key':{" + KEY + ",'name':'other'}}"))).contains("the field name is there twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " x", "]", ",", "null"})
    void whatFollowsTheObjectIsUnreadable(String trailing) {
        assertThat(unreadable(bytes("{'key':{" + KEY + "}}" + trailing))).contains("not a JSON object");
    }

    @Test
    void deepNestingIsUnreadable() {
        assertThat(unreadable(bytes("{'key':" + "[".repeat(20_000) + "]".repeat(20_000) + "}")))
                .contains("more than 32 objects in one another");
    }

    @Test
    void aNumberWithoutEndIsUnreadable() {
        assertThat(unreadable(bytes("{'requestId':" + "9".repeat(200_000) + "}")))
                .contains("not a JSON object");
    }

    /** A few bytes that ask for gigabytes, were the number ever written out. */
    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e-999999999"})
    void aNumberThatSwellsIsAFaultLikeAnyOther(String number) {
        Finding finding = finding("{'requestId':" + number + ",'key':{" + KEY + ",'labels':{'a':" + number + "}}}");

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).hasSizeLessThan(500);
    }

    @Test
    void bytesThatAreNoUtf8AreUnreadable() {
        assertThat(unreadable("{\"displayName\":\"Köln\"}".getBytes(ISO_8859_1)))
                .contains("UTF-8");
    }

    @Test
    void anOverlongEncodingIsUnreadable() {
        byte[] overlong = "{\"key\":\"??\"}".getBytes(UTF_8);
        overlong[8] = (byte) 0xc0;
        overlong[9] = (byte) 0xaf;

        assertThat(rejected(overlong).finding().reason()).isIn(Reason.UNREADABLE, Reason.INVALID_REQUEST);
    }

    @Test
    void whatIsUnreadableIsNamedByItsMessageId() {
        assertThat(reader.parse(bytes("{'requestId':'mine'"), "7421").requestId())
                .isEqualTo("7421");
    }

    // --- fields --------------------------------------------------------------------------------------------------

    @Test
    void anUnknownFieldIsNamedWithThoseThatAreKnown() {
        Finding finding = finding("{'workspace':'wrkspc_1','key':{" + KEY + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).isEqualTo("unknown field workspace");
        assertThat(finding.remedy())
                .containsExactly("leave out workspace; allowed here are requestId, mode, key, displayName, workspaceId,"
                        + " acknowledgePermanent, acknowledgeDefaultWorkspace");
    }

    @Test
    void anUnknownFieldOfTheKeyIsNamedWithItsPath() {
        assertThat(finding("{'key':{" + KEY + ",'purpose':'ENCRYPT_DECRYPT'}}").message())
                .isEqualTo("unknown field key.purpose");
    }

    @Test
    void aFieldInAnotherCaseIsUnknown() {
        assertThat(finding("{'Key':{" + KEY + "},'key':{" + KEY + "}}").message())
                .isEqualTo("unknown field Key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serviceAccount",
                "service_account",
                "service-account-email",
                "member",
                "Members",
                "principal",
                "grantee",
                "email",
                "bindings",
                "iamBinding"
            })
    void aFieldThatNamesAPrincipalIsRefused(String field) {
        Finding finding = finding("{'" + field + "':'user:mallory@example.com','key':{" + KEY + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.PRINCIPAL_NOT_ACCEPTED);
        assertThat(finding.message()).isEqualTo(field + " names a principal").doesNotContain("mallory");
    }

    @Test
    void aPrincipalInTheKeyIsRefusedToo() {
        Finding finding = finding("{'key':{" + KEY + ",'serviceAccount':null}}");

        assertThat(finding.reason()).isEqualTo(Reason.PRINCIPAL_NOT_ACCEPTED);
        assertThat(finding.message()).isEqualTo("key.serviceAccount names a principal");
    }

    @Test
    void aLookAlikeOfAPrincipalIsRefusedAsUnknown() {
        assertThat(finding("{'m\u0435mber':'x','key':{" + KEY + "}}").reason()).isEqualTo(Reason.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'requestId':7|requestId is 7|set requestId to a string",
                "'requestId':{}|requestId is an object|set requestId to a string",
                "'mode':['plan']|mode is an array|set mode to a string",
                "'displayName':true|displayName is true|set displayName to a string",
                "'acknowledgePermanent':'true'|acknowledgePermanent is \"true\"|set acknowledgePermanent to true or"
                        + " false, without quotation marks",
                "'acknowledgePermanent':1|acknowledgePermanent is 1|set acknowledgePermanent to true or false, without"
                        + " quotation marks",
                "'mode':'delete'|mode is \"delete\"|set mode to one of provision, validate, plan",
                "'mode':'PLAN'|mode is \"PLAN\"|set mode to one of provision, validate, plan",
                "'requestId':'a b'|requestId is \"a b\"|requestId must match [A-Za-z0-9][A-Za-z0-9._:-]{0,127}",
                "'requestId':''|requestId is \"\"|requestId must match [A-Za-z0-9][A-Za-z0-9._:-]{0,127}",
                "'displayName':' '|displayName is \" \"|use 1 to 100 visible characters on one line",
                "'workspaceId':'ws','acknowledgePermanent':true|workspaceId is \"ws\"|workspaceId must match"
                        + " wrkspc_[a-zA-Z0-9]{1,64}"
            })
    void aFieldThatIsNotWhatItMustBeIsNamedWithWhatIsAllowed(String field, String message, String remedy) {
        Finding finding = finding("{" + field + ",'key':{" + KEY + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).isEqualTo(message);
        assertThat(finding.remedy()).containsExactly(remedy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'rotationPeriod':'90 days'|key.rotationPeriod is \"90 days\"",
                "'rotationPeriod':'90D'|key.rotationPeriod is \"90D\"",
                "'rotationPeriod':'7776000.5s'|key.rotationPeriod is \"7776000.5s\"",
                "'rotationPeriod':'PT23H'|key.rotationPeriod is \"PT23H\"",
                "'rotationPeriod':'-P90D'|key.rotationPeriod is \"-P90D\"",
                "'rotationPeriod':'PT-9223372036854775808S'|key.rotationPeriod is \"PT-9223372036854775808S\"",
                "'destroyScheduledDuration':'PT9223372036854775807S'|key.destroyScheduledDuration is "
                        + "\"PT9223372036854775807S\"",
                "'rotationPeriod':'P36501D'|key.rotationPeriod is \"P36501D\"",
                "'rotationPeriod':'P90DT0.5S'|key.rotationPeriod is \"P90DT0.5S\"",
                "'rotationPeriod':'P99999999999999999999D'|key.rotationPeriod is \"P99999999999999999999D\"",
                "'rotationPeriod':7776000|key.rotationPeriod is 7776000",
                "'destroyScheduledDuration':'PT1H'|key.destroyScheduledDuration is \"PT1H\"",
                "'destroyScheduledDuration':'P121D'|key.destroyScheduledDuration is \"P121D\"",
                "'protectionLevel':'hsm'|key.protectionLevel is \"hsm\"",
                "'protectionLevel':'EXTERNAL'|key.protectionLevel is \"EXTERNAL\"",
                "'labels':'team=payments'|key.labels is a string",
                "'labels':{'team':7}|key.labels[\"team\"] is 7",
                "'labels':{'team':null}|key.labels[\"team\"] is null",
                "'labels':{'team':'Payments'}|key.labels[\"team\"] is \"Payments\"",
                "'labels':{'Team':'payments'}|key.labels[\"Team\"] is not a label's name",
                "'labels':{'anthropic-org-1':'true'}|key.labels[\"anthropic-org-1\"] is reserved"
            })
    void aSettingOfTheKeyThatCannotBeIsNamed(String field, String message) {
        Finding finding = finding("{'key':{" + KEY + "," + field + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"P90D|7776000s|90d|2160h|129600m|' 90d\\n'", "P1D|86400s|1d|24h|1440m|P1D"})
    void aDurationMayBeWrittenAsGoogleWritesIt(String iso, String s, String d, String h, String m, String padded) {
        for (String written : List.of(iso, s, d, h, m, padded.replace("'", ""))) {
            assertThat(taken("{'key':{" + KEY + ",'rotationPeriod':'" + written + "'}}")
                            .rotationPeriod())
                    .contains(Duration.parse(iso));
        }
        assertThat(taken("{'key':{" + KEY + ",'destroyScheduledDuration':'2592000s'}}")
                        .destroyScheduledDuration())
                .contains(Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'rotationPeriod':7776000|P90D",
                "'rotationPeriod':'PT23H'|P1D",
                "'rotationPeriod':'40000d'|P36500D",
                "'rotationPeriod':'-P90D'|P90D",
                "'rotationPeriod':'PT36H0.5S'|PT36H",
                "'rotationPeriod':'often'|P90D",
                "'destroyScheduledDuration':'121d'|P120D"
            })
    void aDurationThatIsRefusedNamesTheOneToWrite(String field, String toWrite) {
        assertThat(finding("{'key':{" + KEY + "," + field + "}}").remedy())
                .singleElement()
                .asString()
                .endsWith(", such as \"" + toWrite + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://cloudkms.googleapis.com/v1/projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments",
                "//cloudkms.googleapis.com/projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments",
                " projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments\\n",
                "\\thttps://cloudkms.googleapis.com/v1/projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments\\r\\n"
            })
    void aKeysNameMayBeCopiedFromWhereGoogleShowsIt(String name) {
        assertThat(taken("{'key':'" + name + "'}").key())
                .hasToString("projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments");
    }

    @Test
    void blanksAroundAPartOfAKeysNameAreNoPartOfIt() {
        assertThat(taken("{'key':{'project':' acme-kms-prod','location':'us-east5\\n','keyRing':'r ','name':'\\tn'}}")
                        .key())
                .hasToString("projects/acme-kms-prod/locations/us-east5/keyRings/r/cryptoKeys/n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/cryptoKeyVersions/3", "/anything/else"})
    void aKeysNameThatIsRefusedNamesTheOneToWrite(String more) {
        String name = "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments";

        assertThat(finding("{'key':'" + name + more + "'}").remedy())
                .singleElement()
                .asString()
                .startsWith("set key to \"" + name + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'key':{'project':'acme-kms-prod','location':'global','keyRing':'r','name':'a b'}}|key.name is",
                "{'key':{'project':'acme-kms-prod','location':'us','name':'n'}}|key.keyRing is missing",
                "{'key':{'project':'other-kms-prod','location':'us-east5','keyRing':'r'}}|key.name is missing",
                "{'key':{'project':'Acme','location':'global','keyRing':'r','name':'n'}}|key.project is",
                "{'key':'projects/acme-kms-prod/locations/global/keyRings/a b/cryptoKeys/n'}|key is",
                "{'key':'projects/other-kms-prod/locations/us-east5/keyRings/r/cryptoKeys/'}|key is"
            })
    void whatThePolicyForbidsIsNamedBesideWhatIsMalformed(String request, String malformed) {
        assertThat(finding(request).message())
                .contains(malformed)
                .containsAnyOf("no single region in the United States", "and allowed are acme-*");
    }

    /** Cyrillic, fullwidth, dotless, combined, invisible: none passes for the letter that it resembles. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'\u0430nthropic-org-1':'true'",
                "'\uff41nthropic-org-1':'true'",
                "'anthrop\u0131c-org-1':'true'",
                "'a\u0301nthropic-org-1':'true'",
                "'anthropic\u2010org-1':'true'",
                "'anthropic-org-1\u200b':'true'",
                "'\u202eteam':'payments'",
                "'team':'payments\u200b'"
            })
    void aLabelThatLooksLikeAnotherIsRefused(String label) {
        assertThat(finding("{'key':{" + KEY + ",'labels':{" + label + "}}}").reason())
                .isEqualTo(Reason.INVALID_REQUEST);
    }

    /** As Cloud KMS takes them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'team':'zahlungen-m\u00fcnchen'",
                "'\u00e9quipe':'paiements'",
                "'team':'\u043f\u043b\u0430\u0442\u0435\u0436\u0438'",
                "'\u90e8\u7f72':'\u652f\u6255'",
                "'team':''"
            })
    void aLabelOfAnyScriptIsTaken(String label) {
        assertThat(taken("{'key':{" + KEY + ",'labels':{" + label + "}}}").labels())
                .hasSize(1);
    }

    @Test
    void aLabelHasUpTo63Characters() {
        String many = "\u00fc".repeat(63);

        assertThat(taken("{'key':{" + KEY + ",'labels':{'" + many + "':'" + many + "'}}}")
                        .labels())
                .containsEntry(many, many);
        assertThat(finding("{'key':{" + KEY + ",'labels':{'team':'" + many + "\u00fc'}}}")
                        .reason())
                .isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding("{'key':{" + KEY + ",'labels':{'team':'M\u00dcNCHEN'}}}")
                        .reason())
                .isEqualTo(Reason.INVALID_REQUEST);
    }

    @Test
    void theOrganizationsLabelNeedsRoom() {
        assertThat(taken("{'key':{" + KEY + ",'labels':{" + labels(63) + "}}}").labels())
                .hasSize(63);
        assertThat(finding("{'key':{" + KEY + ",'labels':{" + labels(64) + "}}}")
                        .message())
                .isEqualTo("key.labels has 64 labels");
    }

    // --- the key's name ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|key is missing",
                "{'key':null}|key is missing",
                "{'key':7}|key is a number",
                "{'key':[]}|key is an array"
            })
    void aKeyMustBeNamed(String json, String message) {
        assertThat(finding(json).message()).isEqualTo(message);
    }

    @Test
    void everyMissingPartOfAKeyIsNamed() {
        assertThat(finding("{'key':{}}").message())
                .isEqualTo("key.project is missing; key.location is missing; key.keyRing is missing;"
                        + " key.name is missing");
    }

    @Test
    void aKeyVersionIsNoKey() {
        Finding finding = finding("{'key':'" + Sample.KEY + "/cryptoKeyVersions/3'}");

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).isEqualTo("key is \"" + Sample.KEY + "/cryptoKeyVersions/3\", a key version");
        assertThat(finding.remedy())
                .containsExactly("set key to \"" + Sample.KEY + "\": Anthropic always uses the primary version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments",
                "/projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments",
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments/",
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/../payments",
                "projects/acme-kms-prod/locations/us-east5/keyRings/../cryptoKeys/payments",
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments?x=1",
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/pay%2fments",
                "projects/123456789012/locations/us-east5/keyRings/anthropic/cryptoKeys/payments",
                "https://cloudkms.example.com/v1/projects/acme-kms-prod/locations/us-east5/keyRings/a/cryptoKeys/b",
                "http://cloudkms.googleapis.com/v1/projects/acme-kms-prod/locations/us-east5/keyRings/a/cryptoKeys/b",
                ""
            })
    void whatIsNoFullResourceNameIsRefused(String name) {
        Finding finding = finding("{'key':'" + name + "'}");

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).isEqualTo("key is \"" + name + "\", not a key's full resource name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../payments",
                "..",
                "pay ments",
                "payments/cryptoKeyVersions/1",
                "pay\\nments",
                "payments\\u0000",
                "p\\u0430yments",
                "payments\\u200b",
                "\\uff50ayments",
                ""
            })
    void aNameThatCloudKmsDoesNotAcceptIsRefused(String name) {
        Finding finding = finding("{'key':{" + KEY.replace("payments", name) + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).startsWith("key.name is \"");
        assertThat(finding.remedy()).containsExactly("key.name must match [a-zA-Z0-9_-]{1,63}");
    }

    @Test
    void aNameOf64CharactersIsRefused() {
        assertThat(taken("{'key':{" + KEY.replace("payments", "a".repeat(63)) + "}}")
                        .key()
                        .name())
                .hasSize(63);
        assertThat(finding("{'key':{" + KEY.replace("payments", "a".repeat(64)) + "}}")
                        .message())
                .startsWith("key.name is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"global", "us", "nam4", "eur4", "europe-west1", "us-east5-a", "asia1", "eu"})
    void aLocationOutsideTheListIsRefused(String location) {
        Finding finding = finding("{'key':{" + KEY.replace("us-east5", location) + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.LOCATION_NOT_SUPPORTED);
        assertThat(finding.message())
                .isEqualTo("key.location is " + location + ", which is no single region in the United States");
        assertThat(finding.remedy())
                .singleElement()
                .asString()
                .startsWith("use one of us-central1, us-east1")
                .endsWith("(recommended: us-central1, us-east5)");
    }

    @Test
    void noListMakesAMultiRegionAllowed() {
        RequestParser lax = new RequestParser(
                new Policy(List.of("*"), List.of("*"), List.of("global", "us", "nam4"), Set.of(ProtectionLevel.HSM)));

        for (String location : List.of("global", "us", "nam4")) {
            assertThat(lax.parse(bytes("{'key':{" + KEY.replace("us-east5", location) + "}}"), "1"))
                    .isInstanceOf(ParseResult.Rejected.class);
        }
    }

    @Test
    void aRegionThatTheOperatorsLeftOutIsRefused() {
        RequestParser strict = new RequestParser(
                new Policy(List.of("*"), List.of("*"), List.of("us-central1"), Set.of(ProtectionLevel.HSM)));

        assertThat(finding(strict.parse(bytes("{'key':{" + KEY + "}}"), "1")).message())
                .isEqualTo("key.location is us-east5, which is not on the list of allowed locations");
    }

    // --- the policy ----------------------------------------------------------------------------------------------

    @Test
    void aProjectOutsideThePolicyIsRefused() {
        Finding finding = finding("{'key':{" + KEY.replace("acme-kms-prod", "other-kms-prod") + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.PROJECT_NOT_ALLOWED);
        assertThat(finding.message()).isEqualTo("key.project is other-kms-prod and allowed are acme-*");
        assertThat(finding.remedy())
                .containsExactly(
                        "have the operators of this service add other-kms-prod to" + " cmek.policy.allowed-projects");
    }

    @Test
    void anEmptyPolicyAllowsNoProjectAndNoWorkspace() {
        RequestParser closed =
                new RequestParser(new Policy(List.of(), List.of(), Policy.US_REGIONS, Set.of(ProtectionLevel.HSM)));

        Finding finding = finding(
                closed.parse(bytes("{'workspaceId':'wrkspc_1','acknowledgePermanent':true,'key':{" + KEY + "}}"), "1"));

        assertThat(finding.message())
                .isEqualTo("key.project is acme-kms-prod and allowed are none; workspaceId is wrkspc_1 and allowed are"
                        + " none");
    }

    @Test
    void aFullResourceNameIsComparedWithThePolicyToo() {
        assertThat(finding("{'key':'" + Sample.KEY.toString().replace("acme-kms-prod", "other-kms-prod") + "'}")
                        .reason())
                .isEqualTo(Reason.PROJECT_NOT_ALLOWED);
    }

    @Test
    void aWorkspaceOutsideThePolicyIsRefused() {
        RequestParser strict = new RequestParser(
                new Policy(List.of("*"), List.of("wrkspc_A*"), Policy.US_REGIONS, Set.of(ProtectionLevel.HSM)));

        Finding finding = finding(strict.parse(
                bytes("{'workspaceId':'wrkspc_B1','acknowledgePermanent':true,'key':{" + KEY + "}}"), "1"));

        assertThat(finding.reason()).isEqualTo(Reason.WORKSPACE_NOT_ALLOWED);
        assertThat(finding.message()).isEqualTo("workspaceId is wrkspc_B1 and allowed are wrkspc_A*");
    }

    @Test
    void aProtectionLevelOutsideThePolicyIsRefused() {
        Finding finding = finding("{'key':{" + KEY + ",'protectionLevel':'SOFTWARE'}}");

        assertThat(finding.reason()).isEqualTo(Reason.PROTECTION_LEVEL_NOT_ALLOWED);
        assertThat(finding.message()).isEqualTo("key.protectionLevel is SOFTWARE and the policy allows HSM");
    }

    @Test
    void thePolicyMayPermitSoftware() {
        RequestParser lax = new RequestParser(new Policy(
                List.of("*"), List.of("*"), Policy.US_REGIONS, Set.of(ProtectionLevel.HSM, ProtectionLevel.SOFTWARE)));

        assertThat(lax.parse(bytes("{'key':{" + KEY + ",'protectionLevel':'SOFTWARE'}}"), "1"))
                .isInstanceOf(ParseResult.Accepted.class);
    }

    // --- permanence ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"", ",'acknowledgePermanent':false", ",'acknowledgePermanent':null"})
    void aWorkspaceNeedsTheAcknowledgement(String acknowledgement) {
        Finding finding = finding("{'workspaceId':'wrkspc_1'" + acknowledgement + ",'key':{" + KEY + "}}");

        assertThat(finding.reason()).isEqualTo(Reason.PERMANENCE_NOT_ACKNOWLEDGED);
        assertThat(finding.message()).isEqualTo("workspaceId is set but acknowledgePermanent is not true");
    }

    @Test
    void aWordIsNoAcknowledgement() {
        assertThat(finding("{'workspaceId':'wrkspc_1','acknowledgePermanent':'true','key':{" + KEY + "}}")
                        .message())
                .isEqualTo("acknowledgePermanent is \"true\"; workspaceId is set but acknowledgePermanent is not true");
    }

    @Test
    void aWorkspaceOfTheKeysProjectIsTakenAndOfAnotherIsNot() {
        RequestParser paired = new RequestParser(new Policy(
                List.of("*"),
                List.of("acme-kms-prod=wrkspc_A*", "*=wrkspc_B"),
                Policy.US_REGIONS,
                Set.of(ProtectionLevel.HSM)));
        String request = "{'workspaceId':'wrkspc_A1','acknowledgePermanent':true,'key':{" + KEY + "}}";

        assertThat(paired.parse(bytes(request), "1")).isInstanceOf(ParseResult.Accepted.class);
        Finding finding = finding(paired.parse(bytes(request.replace("acme-kms-prod", "other-kms-prod")), "1"));

        assertThat(finding.reason()).isEqualTo(Reason.WORKSPACE_NOT_ALLOWED);
        assertThat(finding.message())
                .isEqualTo("workspaceId is wrkspc_A1 and allowed are acme-kms-prod=wrkspc_A*, *=wrkspc_B");
        assertThat(finding.remedy())
                .containsExactly("have the operators of this service add other-kms-prod=wrkspc_A1 to"
                        + " cmek.policy.allowed-workspaces");
    }

    @Test
    void theDefaultWorkspaceIsMeantWhereTheRequestSaysSo() {
        String request = "{'workspaceId':'wrkspc_1','acknowledgePermanent':true,%s'key':{" + KEY + "}}";

        assertThat(taken(request.formatted("'acknowledgeDefaultWorkspace':true,"))
                        .acknowledgeDefaultWorkspace())
                .isTrue();
        assertThat(taken(request.formatted("")).acknowledgeDefaultWorkspace()).isFalse();
    }

    @Test
    void withTheAcknowledgementAWorkspaceIsTaken() {
        assertThat(taken("{'workspaceId':'wrkspc_1','acknowledgePermanent':true,'key':{" + KEY + "}}")
                        .workspaceId())
                .contains(new WorkspaceId("wrkspc_1"));
    }

    // --- all at once ---------------------------------------------------------------------------------------------

    @Test
    void allFaultsAreNamedAtOnceAndTheWorstIsTheReason() {
        ParseResult.Rejected rejected = rejected(bytes("{'requestId':'mine','mode':'go','member':'x','typo':1,"
                + "'workspaceId':'wrkspc_1','key':{'project':'other-kms-prod','location':'global','keyRing':'r',"
                + "'name':'n','protectionLevel':'SOFTWARE'}}"));

        assertThat(rejected.requestId()).isEqualTo("mine");
        assertThat(rejected.finding().reason()).isEqualTo(Reason.PRINCIPAL_NOT_ACCEPTED);
        assertThat(rejected.finding().message().split("; ", -1))
                .containsExactly(
                        "member names a principal",
                        "unknown field typo",
                        "mode is \"go\"",
                        "key.location is global, which is no single region in the United States",
                        "key.project is other-kms-prod and allowed are acme-*",
                        "key.protectionLevel is SOFTWARE and the policy allows HSM",
                        "workspaceId is set but acknowledgePermanent is not true");
        assertThat(rejected.finding().remedy()).hasSize(7);
    }

    @Test
    void aThousandFaultsMakeNoThousandSentences() {
        String fields = IntStream.range(0, 1000).mapToObj(i -> "'f" + i + "':1").collect(Collectors.joining(","));

        Finding finding = finding("{" + fields + ",'key':{" + KEY + "}}");

        assertThat(finding.message()).endsWith("unknown field f19; and 980 more");
        assertThat(finding.remedy()).hasSize(20);
    }

    @Test
    void aBadRequestIdDoesNotNameTheAnswer() {
        assertThat(rejected(bytes("{'requestId':'a\\nb','key':{" + KEY + "}}")).requestId())
                .isEqualTo("1001");
    }

    // --- echoes --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'requestId':'\\u001b[31m\\r\\n'}",
                "{'\\u001b[2J\\n':1}",
                "{'member\\u001b\\u0007':1}",
                "{'key':'\\u001b]0;x\\u0007'}",
                "{'key':{'\\u202e\\u2028':1}}",
                "{'key':{'project':'\\u0000','location':'\\u0085','keyRing':'\\u2029','name':'\\ufeff'}}",
                "{'key':{'labels':{'\\u001b':'\\u009b','a':'\\u001b','b':[]}}}",
                "{'displayName':'\\u200e','mode':'\\u001b','workspaceId':'\\n'}",
                "{'acknowledgePermanent':'\\u001b[0m\\u009b'}",
                "{'a':1,'\\u001b':2,'\\u001b':3}",
                "\u001b[31m",
                "{'key':\u0007}"
            })
    void noControlCharacterIsEverEchoedRaw(String json) {
        Finding finding = finding(json);

        assertThat(finding.message() + finding.remedy())
                .matches(text -> text.codePoints().allMatch(RequestParserTest::isHarmless), "is harmless: " + finding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "key: {name: a}         | 'key' is not expected in JSON here (line 1, column 1)",
                "{\"key\": }             | '}' is not expected in JSON here (line 1, column 9)",
                "{\"key\": {\"name\": 1  | it ends too early: a brace, a bracket or a quotation mark is not closed",
                "{\"key\": 1, \"key\": 2} | the field key is there twice (line 1, column 17)",
                "{\"key\": 1} {}         | something follows after its end",
            })
    void textThatIsNoJsonIsToldInPlainWords(String text, String why) {
        assertThat(unreadable(bytes(text))).startsWith("the message's data is not a JSON object: " + why);
    }

    @Test
    void aLongValueIsCut() {
        assertThat(finding("{'requestId':'" + "a".repeat(10_000) + "','key':{" + KEY + "}}")
                        .message())
                .hasSizeLessThan(300)
                .endsWith("a…\"");
    }

    // -------------------------------------------------------------------------------------------------------------

    private static boolean isHarmless(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private OnboardingRequest taken(String json) {
        ParseResult reading = reader.parse(bytes(json), "1001");
        if (reading instanceof ParseResult.Accepted taken) {
            return taken.request();
        }
        throw new AssertionError("not taken: " + reading);
    }

    private String unreadable(byte[] bytes) {
        Finding finding = rejected(bytes).finding();
        assertThat(finding.reason()).isEqualTo(Reason.UNREADABLE);
        assertThat(finding.remedy()).isNotEmpty();
        return finding.message();
    }

    private Finding finding(String json) {
        return finding(reader.parse(bytes(json), "1001"));
    }

    private ParseResult.Rejected rejected(byte[] bytes) {
        if (reader.parse(bytes, "1001") instanceof ParseResult.Rejected rejected) {
            return rejected;
        }
        throw new AssertionError("not sent back");
    }

    private static Finding finding(ParseResult reading) {
        if (reading instanceof ParseResult.Rejected rejected) {
            return rejected.finding();
        }
        throw new AssertionError("not sent back: " + reading);
    }

    private static String labels(int many) {
        return IntStream.range(0, many).mapToObj(i -> "'l" + i + "':''").collect(Collectors.joining(","));
    }

    private static byte[] bytes(String singleQuoted) {
        return singleQuoted.replace('\'', '"').getBytes(UTF_8);
    }
}
