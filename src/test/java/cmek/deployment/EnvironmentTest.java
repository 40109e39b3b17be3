package cmek.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.config.CmekConfig;
import cmek.config.Configs;
import cmek.config.SettingNames;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Terraform sets what the service knows, and all that each function needs to start. */
class EnvironmentTest {

    /** Variables that others than {@link CmekConfig} read. */
    private static final Map<String, String> READ_BY_OTHERS = Map.of(
            "GOOGLE_CLOUD_PROJECT", "Google's libraries, and the default of cmek.google.project",
            "JAVA_TOOL_OPTIONS", "the JVM",
            "QUARKUS_FUNQY_EXPORT", "Funqy, and cmek.host.serves");

    /** Of another form than a word; what is not here is set to a word. */
    private static final Map<String, String> SAMPLES = Map.ofEntries(
            Map.entry("CMEK_ANTHROPIC_FEDERATION_RULE_ID", "fdrl_01ABC"),
            Map.entry("CMEK_ANTHROPIC_FEDERATION_SERVICE_ACCOUNT_ID", "svac_01ABC"),
            Map.entry("CMEK_ANTHROPIC_ORGANIZATION_ID", "0f2a5c1e-8b7d-4c3a-9e6f-1a2b3c4d5e6f"),
            Map.entry("CMEK_DOCUMENTATION_URL", "https://git.example.com/cmek-onboarding/blob/main"),
            Map.entry("CMEK_GOOGLE_OWN_SERVICE_ACCOUNTS", "cmek-create-key@acme-cmek.iam.gserviceaccount.com"),
            Map.entry("CMEK_POLICY_ALLOWED_LOCATIONS", "us-east5"),
            Map.entry("CMEK_POLICY_ALLOWED_PROJECTS", "acme-*"),
            Map.entry("CMEK_POLICY_ALLOWED_WORKSPACES", "*"),
            Map.entry("CMEK_POLICY_ANTHROPIC_CUSTOMER_ID", "C0acme"),
            Map.entry("CMEK_POLICY_ATTACH_APPROVAL", "required"),
            Map.entry("CMEK_POLICY_AUDIT_LOGS", "warn"),
            Map.entry("CMEK_POLICY_PROTECTION_LEVELS", "HSM"),
            Map.entry("CMEK_REPAIR", "observe"),
            Map.entry("CMEK_REPAIR_AFTER", "PT20H"),
            Map.entry("CMEK_TIMING_MAX_AGE", "PT24H"),
            Map.entry("CMEK_TIMING_PROPAGATION_WINDOW", "PT10M"));

    private static final String KEYLESS = "CMEK_ANTHROPIC_FEDERATION_";
    private static final String KEY_FILE = "CMEK_ANTHROPIC_ADMIN_KEY_FILE";
    private static final String BUCKET = "CMEK_EVIDENCE_BUCKET";

    @ParameterizedTest
    @ValueSource(strings = {"functions", "cloud-run"})
    void whateverIsSetIsReadBySomebody(String host) throws IOException {
        Set<String> set = new TreeSet<>();
        Environment.of(host).values().forEach(variables -> set.addAll(variables.keySet()));
        set.removeAll(READ_BY_OTHERS.keySet());

        assertThat(set).contains("CMEK_GOOGLE_PROJECT", KEY_FILE, BUCKET);
        assertThat(known()).containsAll(set);
    }

    @ParameterizedTest
    @ValueSource(strings = {"functions", "cloud-run"})
    void everyFunctionStartsWithWhatIsSetForIt(String host) throws IOException {
        assertThat(Environment.of(host)).hasSize(Reach.ofFunctions().size()).allSatisfy((function, variables) -> {
            assertThat(variables).containsEntry("QUARKUS_FUNQY_EXPORT", "name");
            assertThat(faults(function, variables, name -> !name.startsWith(KEYLESS)))
                    .isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"functions", "cloud-run"})
    void everyFunctionStartsWithoutAKey(String host) throws IOException {
        assertThat(Environment.of(host))
                .allSatisfy(
                        (function, variables) -> assertThat(faults(function, variables, name -> !name.equals(KEY_FILE)))
                                .isEmpty());
    }

    @Test
    void whoIsGivenAKeyIsGivenAFederationInItsPlaceAndNobodyElseIs() throws IOException {
        assertThat(Environment.of("functions"))
                .allSatisfy((function, variables) -> assertThat(
                                variables.keySet().stream().filter(name -> name.startsWith(KEYLESS)))
                        .hasSize(variables.containsKey(KEY_FILE) ? 2 : 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY_FILE, "CMEK_ANTHROPIC_ORGANIZATION_ID", "CMEK_GOOGLE_PROJECT"})
    void whatAFunctionDoesNotNeedItIsNotGiven(String variable) throws IOException {
        assertThat(Environment.of("functions")).allSatisfy((function, variables) -> {
            List<String> without =
                    faults(function, variables, name -> !name.startsWith(KEYLESS) && !name.equals(variable));
            assertThat(without.isEmpty()).isEqualTo(!variables.containsKey(variable));
        });
    }

    /** The scan's functions do not start without it; the others would forget how an onboarding ended. */
    @Test
    void everyFunctionKnowsTheBucket() throws IOException {
        assertThat(Environment.of("functions"))
                .allSatisfy((function, variables) -> assertThat(variables).containsKey(BUCKET));
    }

    @Test
    void whatWeDoToKeysOurselvesIsKnownToThoseWhoAsk() throws IOException {
        Map<String, Map<String, String>> functions = Environment.of("functions");

        for (String function : List.of("checkPrerequisites", "grantAccess", "rescanChangedKey", "scanKey")) {
            assertThat(functions.get(function)).containsKey("CMEK_GOOGLE_OWN_SERVICE_ACCOUNTS");
        }
    }

    /** A misspelt name is refused, so all must be known. */
    @Test
    void theNamesOfAllSettingsAreKnown() {
        assertThat(settings("cmek", CmekConfig.class))
                .containsExactlyInAnyOrderElementsOf(
                        SettingNames.ALL.stream().map(name -> "cmek." + name).toList());
        assertThat(SettingNames.ALL).isSorted();
    }

    private static List<String> faults(String function, Map<String, String> set, Predicate<String> there) {
        Map<String, String> environment = new TreeMap<>();
        set.keySet().stream().filter(there).forEach(name -> environment.put(name, SAMPLES.getOrDefault(name, "acme")));
        // As application.properties has it.
        environment.put("CMEK_HOST_SERVES", function);
        return Configs.startUpFaults(environment);
    }

    private static Set<String> known() {
        return settings("cmek", CmekConfig.class)
                .map(name -> name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> settings(String prefix, Class<?> group) {
        return Arrays.stream(group.getMethods()).flatMap(method -> {
            String name =
                    prefix + "." + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            Class<?> type = method.getReturnType();
            return isGroup(type) ? settings(name, type) : Stream.of(name);
        });
    }

    private static boolean isGroup(Class<?> type) {
        return CmekConfig.class.equals(type.getDeclaringClass())
                || (type.getDeclaringClass() != null && isGroup(type.getDeclaringClass()));
    }
}
