package cmek.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import io.quarkus.runtime.StartupEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartUpTest {

    private static final Map<String, String> COMPLETE = Map.of(
            "cmek.anthropic.organization-id", Sample.ORGANIZATION.value(),
            "cmek.anthropic.admin-key", "sk-ant-admin01-a",
            "cmek.google.project", "acme-cmek",
            "cmek.policy.allowed-workspaces", "wrkspc_01*");

    @Test
    void whatIsCompleteStarts() {
        assertThatCode(() -> startUp(COMPLETE, "registerKey").check(new StartupEvent()))
                .doesNotThrowAnyException();
    }

    @Test
    void everythingThatIsMissingIsNamedAtOnce() {
        assertThatThrownBy(() -> startUp(Map.of(), "registerKey").check(new StartupEvent()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot start: "
                        + "cmek.anthropic.organization-id is not set (CMEK_ANTHROPIC_ORGANIZATION_ID); "
                        + "cmek.google.project is not set (CMEK_GOOGLE_PROJECT); "
                        + "cmek.anthropic.admin-key is not set (CMEK_ANTHROPIC_ADMIN_KEY)"
                        + " (or cmek.anthropic.admin-key-file,"
                        + " or cmek.anthropic.federation.rule-id and .service-account-id)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C0anthropic", "is:C0anthropic", "C03xgje4y"})
    void aCustomerIdMayBeWrittenAsPoliciesDo(String id) {
        assertThat(startUp(with("cmek.policy.anthropic-customer-id", id), "onboard")
                        .faults())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic.com", "c0anthropic", "is: C0anthropic", "C0", "organizations/42", "C0a,C0b"})
    void aMalformedCustomerIdIsNamed(String id) {
        assertThat(startUp(with("cmek.policy.anthropic-customer-id", id), "onboard")
                        .faults())
                .containsExactly("cmek.policy.anthropic-customer-id is \"" + id
                        + "\" and must be a customer id of the form C0… or is:C0…");
    }

    @Test
    void aMalformedOrganizationIsNamed() {
        assertThat(startUp(with("cmek.anthropic.organization-id", "org_01"), "onboard")
                        .faults())
                .containsExactly("cmek.anthropic.organization-id is not an organization id"
                        + " (a bare UUID in lower case): \"org_01\"");
    }

    @Test
    void aBlankProjectIsMissing() {
        assertThat(startUp(with("cmek.google.project", "  "), "onboard").faults())
                .containsExactly("cmek.google.project is not set (CMEK_GOOGLE_PROJECT)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attachWorkspace", "reportDeadLetter"})
    void whereAttachingTakesAnApprovalItMustBeKeptSomewhere(String function) {
        Map<String, String> asking = with("cmek.policy.attach-approval", "required");

        assertThat(startUp(asking, function).faults())
                .containsExactly("cmek.evidence.bucket is not set (CMEK_EVIDENCE_BUCKET)");
        assertThat(startUp(asking, "registerKey").faults()).isEmpty();
        assertThat(new StartUp(Configs.of(asking)).faults()).hasSize(1);
        asking.put("cmek.evidence.bucket", "acme-evidence");
        assertThat(startUp(asking, function).faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cmek.concurrency,0,0,1 to 1000",
        "cmek.concurrency,1001,1001,1 to 1000",
        "cmek.scan.concurrency,-1,-1,1 to 1000",
        "cmek.scan.kms-reads-per-minute,0,0,1 to 1000000",
        "cmek.scan.kms-reads-per-minute,-60,-60,1 to 1000000",
        "cmek.repair-after,PT0S,PT0S,PT1H to PT720H",
        "cmek.scan.listing-interval,PT1H,PT1H,PT0S to PT10M",
        "cmek.scan.deadline,PT0S,PT0S,PT10S to PT24H",
        "cmek.scan.deadline,P2D,PT48H,PT10S to PT24H",
        "cmek.timing.abandoned-after,PT0S,PT0S,PT5S to PT24H",
        "cmek.timing.max-age,PT0S,PT0S,PT1M to PT720H",
        "cmek.timing.max-age,-PT1H,PT-1H,PT1M to PT720H",
        "cmek.timing.propagation-window,PT0S,PT0S,PT1S to PT24H"
    })
    void aNumberOutsideOfItsRangeIsRefusedWithTheRange(String property, String value, String shown, String range) {
        assertThat(startUp(with(property, value), "onboard").faults())
                .containsExactly(property + " is " + shown + " and must be from " + range);
    }

    @ParameterizedTest
    @CsvSource({
        "CMEK_POLICY_ALLOWED_PROJECT,CMEK_POLICY_ALLOWED_PROJECTS",
        "CMEK_POLICY_ALOWED_PROJECTS,CMEK_POLICY_ALLOWED_PROJECTS",
        "CMEK_NIGHT_KMS_READS_PER_MINUTE,CMEK_SCAN_KMS_READS_PER_MINUTE",
        "cmek_policy_audit_log,CMEK_POLICY_AUDIT_LOGS"
    })
    void aMisspeltNameIsRefusedWithTheNearestOne(String name, String meant) {
        assertThat(new StartUp(Configs.of(COMPLETE), Set.of("PATH", name, "CMEK_CONCURRENCY")).faults())
                .containsExactly(name + " is not a setting; perhaps " + meant + " is meant");
    }

    @Test
    void aNameLikeNoneIsRefusedByItself() {
        assertThat(new StartUp(Configs.of(COMPLETE), Set.of("CMEK_XYZ")).faults())
                .containsExactly("CMEK_XYZ is not a setting");
    }

    @Test
    void whatThePlatformSetsIsNoSetting() {
        Set<String> names = Set.of(
                "CMEK_ONBOARDING_SERVICE_HOST",
                "CMEK_ONBOARDING_SERVICE_PORT",
                "CMEK_ONBOARDING_SERVICE_PORT_HTTP",
                "CMEK_ONBOARDING_PORT",
                "CMEK_ONBOARDING_PORT_8080_TCP",
                "CMEK_ONBOARDING_PORT_8080_TCP_ADDR",
                "CMEK_POLICY_ALLOWED_PROJECTS_0_",
                "K_SERVICE",
                "PORT");

        assertThat(new StartUp(Configs.of(COMPLETE), names).faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cmek.policy.allowed-projects|Acme-*",
                "cmek.policy.allowed-projects|acme",
                "cmek.policy.allowed-projects|acme_kms*",
                "cmek.policy.allowed-projects|*-",
                "cmek.policy.allowed-projects|projects/acme-kms-prod",
                "cmek.policy.allowed-workspaces|workspace_*",
                "cmek.policy.allowed-workspaces|wrkspc-01",
                "cmek.policy.allowed-workspaces|wrkspc_*-",
                "cmek.policy.allowed-workspaces|Acme-*=wrkspc_*",
                "cmek.policy.allowed-locations|us",
                "cmek.policy.allowed-locations|global",
                "cmek.policy.allowed-locations|US-EAST5",
                "cmek.google.own-service-accounts|cmek-create-key",
                "cmek.google.own-service-accounts|serviceAccount:a@acme.iam.gserviceaccount.com"
            })
    void whatCanNeverMatchIsRefused(String property, String entry) {
        assertThat(startUp(with(property, entry), "onboard").faults())
                .singleElement()
                .asString()
                .startsWith(property + ": \"" + entry + "\" is not ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cmek.policy.allowed-projects|*",
                "cmek.policy.allowed-projects|beta-*, acme-*",
                "cmek.policy.allowed-projects|acme-*-prod, acme-kms-test",
                "cmek.policy.allowed-workspaces|*",
                "cmek.policy.allowed-workspaces|wrkspc_01*, wrkspc_02ABC",
                "cmek.policy.allowed-workspaces|wrk*",
                "cmek.policy.allowed-workspaces|*ABC",
                "cmek.policy.allowed-workspaces|acme-*=wrkspc_01*,*=*",
                "cmek.policy.allowed-locations|us-east5, us-central1",
                "cmek.google.own-service-accounts|a@acme.example, b@acme.iam.gserviceaccount.com"
            })
    void whatMayMatchIsTaken(String property, String entries) {
        assertThat(startUp(with(property, entries), "onboard").faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "\"sk-ant-admin01-abcdef\",holds a key in quotation marks: remove them",
                "'sk-ant-admin01-abcdef',holds a key in quotation marks: remove them",
                "sk-ant-admin01 abcdef,does not hold an Admin API key",
                "sk-ant-api03-abcdef,holds another kind of key",
                "sk-ant-oat01-abcdef,holds another kind of key"
            })
    void aKeyOfAnotherFormIsRefusedAndNotShown(String key, String fault) {
        assertThat(startUp(with("cmek.anthropic.admin-key", key), "registerKey").faults())
                .singleElement()
                .asString()
                .startsWith("cmek.anthropic.admin-key " + fault)
                .doesNotContain("abcdef");
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkPrerequisites", "attachWorkspace"})
    void whereNobodySaysWhichWorkspacesMayGetAKeyWhatChecksOrAttachesDoesNotStart(String function) {
        Map<String, String> properties = new HashMap<>(COMPLETE);
        properties.remove("cmek.policy.allowed-workspaces");

        assertThat(startUp(properties, function).faults())
                .singleElement()
                .asString()
                .startsWith("cmek.policy.allowed-workspaces is not set (CMEK_POLICY_ALLOWED_WORKSPACES): set it to")
                .contains("PROJECT=WORKSPACE", "or set cmek.policy.attach-approval to required");
        assertThat(startUp(properties, "registerKey").faults()).isEmpty();
        assertThat(new StartUp(Configs.of(properties)).faults()).hasSize(1);
        properties.put("cmek.policy.attach-approval", "required");
        properties.put("cmek.evidence.bucket", "acme-evidence");
        assertThat(startUp(properties, function).faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs",
                "/docs/reasons.md",
                "http://git.example.com/docs",
                "https:docs",
                "https:///docs",
                "https://user@git.example.com/docs",
                "https://git.example.com/docs?at=main",
                "https://git.example.com/docs#top"
            })
    void theDocumentsAreAtAnAbsoluteHttpsUrl(String url) {
        assertThat(startUp(with("cmek.documentation-url", url), "onboard").faults())
                .containsExactly(
                        "cmek.documentation-url must be an absolute https:// URL without query and fragment: \"" + url
                                + "\"");
        assertThat(startUp(with("cmek.documentation-url", "https://git.example.com/blob/main"), "onboard")
                        .faults())
                .isEmpty();
    }

    @Test
    void twoCredentialsAreOneTooMany() {
        assertThat(startUp(with("cmek.anthropic.admin-key-file", "/secrets/admin-key"), "registerKey")
                        .faults())
                .containsExactly(
                        "cmek.anthropic.admin-key and cmek.anthropic.admin-key-file are set: set only one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cmek.anthropic.admin-key", "cmek.anthropic.admin-key-file"})
    void aKeyBesideAFederationIsOneTooMany(String key) {
        Map<String, String> properties = federated();
        properties.put(key, "/secrets/admin-key");

        assertThat(startUp(properties, "onboard").faults())
                .containsExactly(key + " and cmek.anthropic.federation are set: set only one of them");
    }

    @Test
    void aFederationIsACredential() {
        assertThat(startUp(federated(), "registerKey").faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"rule-id,RULE_ID", "service-account-id,SERVICE_ACCOUNT_ID"})
    void halfAFederationNamesTheOtherHalf(String half, String environment) {
        Map<String, String> properties = federated();
        properties.remove("cmek.anthropic.federation." + half);

        assertThat(startUp(properties, "onboard").faults())
                .containsExactly("cmek.anthropic.federation." + half + " is not set (CMEK_ANTHROPIC_FEDERATION_"
                        + environment + "), but the other half of the federation is");
    }

    @Test
    void idsInEachOthersPlaceAreBothNamed() {
        Map<String, String> properties = federated();
        properties.put("cmek.anthropic.federation.rule-id", "svac_01ABC");
        properties.put("cmek.anthropic.federation.service-account-id", "fdrl_01ABC");

        assertThat(startUp(properties, "registerKey").faults())
                .containsExactly(
                        "cmek.anthropic.federation.rule-id is not of the form fdrl_[A-Za-z0-9]+: \"svac_01ABC\"",
                        "cmek.anthropic.federation.service-account-id is not of the form svac_[A-Za-z0-9]+:"
                                + " \"fdrl_01ABC\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://api.anthropic.com", "http://localhost.example.com:1", "ftp://localhost.example.com"})
    void aCredentialIsShownToNobodyWhoListens(String url) {
        assertThat(startUp(with("cmek.anthropic.base-url", url), "registerKey").faults())
                .singleElement()
                .asString()
                .startsWith("cmek.anthropic.base-url must begin with https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1", "https://proxy.acme.example"})
    void aSimulatorOnThisMachineMayBeSpokenToInTheClear(String url) {
        assertThat(startUp(with("cmek.anthropic.base-url", url), "registerKey").faults())
                .isEmpty();
    }

    @Test
    void aFileIsACredential() {
        Map<String, String> properties = new HashMap<>(COMPLETE);
        properties.remove("cmek.anthropic.admin-key");
        properties.put("cmek.anthropic.admin-key-file", "/secrets/admin-key");

        assertThat(startUp(properties, "registerKey").faults()).isEmpty();
    }

    @Test
    void noCredentialIsEverShown() {
        Map<String, String> properties = new HashMap<>(COMPLETE);
        properties.put("cmek.anthropic.admin-key", "sk-ant-admin-secret");
        properties.put("cmek.anthropic.admin-key-file", "/secrets/admin-key");
        properties.remove("cmek.google.project");

        assertThat(startUp(properties, "registerKey").faults().toString())
                .doesNotContain("secret;")
                .doesNotContain("sk-ant-admin-s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkPrerequisites", "registerKey", "validateKey", "attachWorkspace", "reportDeadLetter"})
    void theFunctionsThatSpeakToAnthropicNeedACredential(String function) {
        assertThat(startUp(withoutCredential(), function).faults())
                .singleElement()
                .asString()
                .startsWith("cmek.anthropic.admin-key is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"onboard", "createKeyRing", "createKey", "grantAccess"})
    void theOthersNeedNone(String function) {
        assertThat(startUp(withoutCredential(), function).faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"startScan", "scanKey", "reportScan", "rescanChangedKey"})
    void theFunctionsOfTheScanNeedABucket(String function) {
        assertThat(startUp(COMPLETE, function).faults())
                .containsExactly("cmek.evidence.bucket is not set (CMEK_EVIDENCE_BUCKET)");
        assertThat(startUp(with("cmek.evidence.bucket", " "), function).faults())
                .hasSize(1);
        assertThat(startUp(with("cmek.evidence.bucket", "acme-evidence"), function)
                        .faults())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"startScan", "scanKey", "rescanChangedKey"})
    void thoseOfTheScanThatSpeakToAnthropicNeedACredential(String function) {
        Map<String, String> properties = withoutCredential();
        properties.put("cmek.evidence.bucket", "acme-evidence");

        assertThat(startUp(properties, function).faults())
                .singleElement()
                .asString()
                .startsWith("cmek.anthropic.admin-key is not set");
    }

    @Test
    void theReportOfTheScanNeedsNoCredential() {
        Map<String, String> properties = withoutCredential();
        properties.put("cmek.evidence.bucket", "acme-evidence");

        assertThat(startUp(properties, "reportScan").faults()).isEmpty();
    }

    @Test
    void allFunctionsInOneProcessNeedOne() {
        assertThat(new StartUp(Configs.of(withoutCredential())).faults()).hasSize(1);
    }

    private static StartUp startUp(Map<String, String> properties, String export) {
        Map<String, String> exported = new HashMap<>(properties);
        exported.put("cmek.host.serves", export);
        return new StartUp(Configs.of(exported));
    }

    private static Map<String, String> with(String property, String value) {
        Map<String, String> properties = new HashMap<>(COMPLETE);
        properties.put(property, value);
        return properties;
    }

    private static Map<String, String> federated() {
        Map<String, String> properties = withoutCredential();
        properties.put("cmek.anthropic.federation.rule-id", "fdrl_01ABC");
        properties.put("cmek.anthropic.federation.service-account-id", "svac_01ABC");
        return properties;
    }

    private static Map<String, String> withoutCredential() {
        Map<String, String> properties = new HashMap<>(COMPLETE);
        properties.remove("cmek.anthropic.admin-key");
        return properties;
    }
}
