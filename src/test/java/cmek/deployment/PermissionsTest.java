package cmek.deployment;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.deployment.GooglePermissions.Needed;
import cmek.deployment.GooglePermissions.Where;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Terraform grants each function is what the function's code can use: no permission less, and none more. */
class PermissionsTest {

    private static final Path GRANTED = Path.of("terraform/permissions.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, Set<Needed>> USED = Reach.ofFunctions();
    private static final Map<String, Set<Needed>> USED_WITHOUT_REPAIR = Reach.ofFunctionsWithoutRepair();

    @Test
    void eachFunctionIsGrantedWhatItsCodeCanUse() throws IOException {
        assertThat(faults(granted())).isEmpty();
    }

    static Stream<Arguments> doctored() throws IOException {
        ObjectNode less = granted();
        ((ArrayNode) less.at("/functions/grantAccess")).remove(0);
        ObjectNode more = granted();
        ((ArrayNode) more.at("/functions/createKeyRing"))
                .addObject()
                .put("call", "GetCryptoKey")
                .put("permission", "cloudkms.cryptoKeys.get")
                .put("where", "key-project")
                .put("why", "one never knows");
        ObjectNode always = granted();
        entry(always, "scanKey", "cloudkms.cryptoKeys.setIamPolicy").remove("when");
        ObjectNode elsewhere = granted();
        entry(elsewhere, "createKey", "cloudkms.cryptoKeys.create").put("where", "evidence-bucket");
        ObjectNode otherCall = granted();
        entry(otherCall, "createKey", "cloudkms.cryptoKeys.create").put("call", "GetCryptoKey");
        ObjectNode required = granted();
        entry(required, "checkPrerequisites", "orgpolicy.policy.get").remove("optional");
        ObjectNode anyObject = granted();
        entry(anyObject, "scanKey", "storage.objects.delete").remove("objects");
        ObjectNode allObjects = granted();
        ((ArrayNode) entry(allObjects, "scanKey", "storage.objects.delete").get("objects")).set(0, "");
        ObjectNode unheard = granted();
        entry(unheard, "createKey", "cloudkms.cryptoKeys.create")
                .putArray("objects")
                .add("keys/");
        ObjectNode unexplained = granted();
        entry(unexplained, "createKey", "cloudkms.cryptoKeys.create").put("why", " ");
        ObjectNode twice = granted();
        ArrayNode createKey = (ArrayNode) twice.at("/functions/createKey");
        createKey.add(createKey.get(0).deepCopy());
        ObjectNode nobody = granted();
        ((ObjectNode) nobody.at("/functions")).putArray("destroyKey");
        return Stream.of(
                        Arguments.of(less, "grantAccess lacks cloudkms.cryptoKeys.get (GetCryptoKey, key-project)"),
                        Arguments.of(
                                more,
                                "createKeyRing has no use for cloudkms.cryptoKeys.get (GetCryptoKey, key-project)"),
                        Arguments.of(
                                always,
                                "scanKey uses cloudkms.cryptoKeys.setIamPolicy only for repair, and does not say so"),
                        Arguments.of(
                                elsewhere,
                                "createKey lacks cloudkms.cryptoKeys.create (CreateCryptoKey, key-project)",
                                "createKey has no use for cloudkms.cryptoKeys.create (CreateCryptoKey, evidence-bucket)"),
                        Arguments.of(
                                otherCall,
                                "createKey lacks cloudkms.cryptoKeys.create (CreateCryptoKey, key-project)",
                                "createKey has no use for cloudkms.cryptoKeys.create (GetCryptoKey, key-project)"),
                        Arguments.of(
                                required,
                                "checkPrerequisites can do without orgpolicy.policy.get, and does not say so"),
                        Arguments.of(anyObject, "scanKey has storage.objects.delete for any object"),
                        Arguments.of(allObjects, "scanKey has storage.objects.delete for any object"),
                        Arguments.of(unheard, "createKey has cloudkms.cryptoKeys.create for some objects only"),
                        Arguments.of(unexplained, "createKey has cloudkms.cryptoKeys.create without a reason"),
                        Arguments.of(twice, "createKey has cloudkms.cryptoKeys.create twice for CreateCryptoKey"),
                        Arguments.of(nobody, "there is no function destroyKey"))
                .map(arguments -> Arguments.of(
                        arguments.get()[0],
                        Stream.of(arguments.get())
                                .skip(1)
                                .map(String.class::cast)
                                .toList()));
    }

    @ParameterizedTest
    @MethodSource("doctored")
    void aGrantThatIsOtherwiseIsFound(JsonNode doctored, List<String> faults) {
        assertThat(faults(doctored)).containsExactlyInAnyOrderElementsOf(faults);
    }

    @Test
    void everyMethodOfTheWindowsToGoogleComesToACallThatIsKnown() {
        Map<String, Set<Needed>> windows = Reach.ofClients();

        assertThat(windows)
                .containsKeys("KeyManagement.writePolicy/2", "EvidenceStorage.replace/4", "Topics.publish/4");
        assertThat(windows)
                .allSatisfy((method, needed) -> assertThat(needed.isEmpty())
                        .describedAs("%s comes to no call that is known", method)
                        // What callers are told about themselves takes no permission, nor does a check of the settings,
                        // nor a
                        // client that is handed on.
                        .isEqualTo(method.contains(".heldPermissions/")
                                || method.endsWith(".isConfigured/0")
                                || method.equals("ReportStorage.in/1")
                                || method.endsWith(".url/1")));
    }

    @Test
    void aCallOfWhichNobodyKnowsWhatItTakesIsAFault() {
        Set<JavaMethod> methods = new ClassFileImporter()
                .importPackages("cmek.offender")
                .get("cmek.offender.client.kms.Destroyer")
                .getMethods();

        assertThatThrownBy(() -> methods.forEach(method -> Reach.from(method, true)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nobody knows which permissions KeyManagementServiceStub.");
    }

    @Test
    void noFunctionCanComeToWhatTakesAKeyAway() {
        assertThat(USED.values())
                .flatExtracting(needed -> needed)
                .extracting(Needed::permission)
                .doesNotContain("cloudkms.cryptoKeyVersions.destroy", "cloudkms.cryptoKeyVersions.update")
                .noneMatch(permission -> permission.startsWith("cloudkms.") && permission.endsWith(".delete"));
        assertThat(USED.entrySet().stream()
                        .filter(function -> function.getValue().stream()
                                .anyMatch(needed -> needed.permission().endsWith(".setIamPolicy")))
                        .map(Map.Entry::getKey))
                .containsExactly("grantAccess", "scanKey");
    }

    @Test
    void everyFunctionIsDeployedAndNothingElseIs() throws IOException {
        String list = Files.readString(Path.of("terraform/functions.tf"));
        Set<String> deployed = Pattern.compile("^    (\\w+) = \\{$", Pattern.MULTILINE)
                .matcher(list)
                .results()
                .map(match -> match.group(1))
                .collect(toCollection(TreeSet::new));

        assertThat(deployed).isEqualTo(USED.keySet());
        assertThat(USED)
                .allSatisfy((function, needed) ->
                        assertThat(needed).extracting(Needed::where).contains(Where.TOPIC));
    }

    @Test
    void theTableThatPeopleReadIsTheOneThatIsGranted() throws IOException, InterruptedException {
        assumeTrue(isThere("jq"), "jq is not here: the table of permissions is not compared");
        String readme = Files.readString(Path.of("terraform/README.md"));
        String shown = readme.substring(
                readme.indexOf("<!-- permissions -->\n") + "<!-- permissions -->\n".length(),
                readme.indexOf("<!-- /permissions -->"));

        assertThat(shown).isEqualTo(output("deployment/permissions-table.sh"));
        assertThat(shown.lines().count())
                .isEqualTo(2 + granted().at("/functions").findValues("why").size());
    }

    private static List<String> faults(JsonNode granted) {
        List<String> faults = new ArrayList<>();
        granted.path("functions").fieldNames().forEachRemaining(function -> {
            if (!USED.containsKey(function)) {
                faults.add("there is no function " + function);
            }
        });
        USED.forEach((function, used) -> {
            Set<String> lacking = new TreeSet<>();
            used.stream()
                    .filter(needed -> needed.where() != Where.TOPIC && needed.where() != Where.ABOVE_PROJECT)
                    .forEach(needed -> lacking.add(named(
                            needed.permission(), needed.call(), needed.where().word())));
            Set<String> seen = new TreeSet<>();
            for (JsonNode grant : granted.path("functions").path(function)) {
                String permission = grant.path("permission").asText();
                String call = grant.path("call").asText();
                String named = named(permission, call, grant.path("where").asText());
                if (!seen.add(named)) {
                    faults.add(function + " has " + permission + " twice for " + call);
                } else if (lacking.remove(named)) {
                    faults.addAll(faultsOf(function, grant));
                } else {
                    faults.add(function + " has no use for " + named);
                }
            }
            lacking.forEach(named -> faults.add(function + " lacks " + named));
        });
        return faults;
    }

    /** What is said of a permission that is rightly there. */
    private static List<String> faultsOf(String function, JsonNode grant) {
        List<String> faults = new ArrayList<>();
        String permission = grant.path("permission").asText();
        boolean always = USED_WITHOUT_REPAIR.getOrDefault(function, Set.of()).stream()
                .anyMatch(needed -> needed.permission().equals(permission));
        if (always == grant.path("when").asText().equals("repair")) {
            faults.add(function + " uses " + permission + (always ? " always" : " only for repair")
                    + ", and does not say so");
        }
        // What is only told of, and what a name was used for, is "unknown" where it may not be asked; what Cloud KMS
        // and the
        // bucket are needed for is refused.
        boolean dispensable = (!permission.startsWith("cloudkms.")
                        || Set.of("cloudkms.keyRings.getIamPolicy", "cloudkms.retiredResources.list")
                                .contains(permission))
                && grant.path("where").asText().equals("key-project");
        if (dispensable != grant.path("optional").asBoolean()) {
            faults.add(function + (dispensable ? " can" : " cannot") + " do without " + permission
                    + ", and does not say so");
        }
        // What was found or decided is not replaced: only what is named may be.
        boolean replaces = permission.equals("storage.objects.delete");
        boolean named = !grant.path("objects").isEmpty();
        for (JsonNode prefix : grant.path("objects")) {
            named &= prefix.asText().matches("[a-z]+/");
        }
        if (replaces != named) {
            faults.add(function + " has " + permission + (replaces ? " for any object" : " for some objects only"));
        }
        if (grant.path("why").asText().isBlank()) {
            faults.add(function + " has " + permission + " without a reason");
        }
        return faults;
    }

    private static String named(String permission, String call, String where) {
        return permission + " (" + call + ", " + where + ")";
    }

    private static ObjectNode granted() throws IOException {
        return (ObjectNode) MAPPER.readTree(GRANTED.toFile());
    }

    private static ObjectNode entry(JsonNode granted, String function, String permission) {
        for (JsonNode grant : granted.path("functions").path(function)) {
            if (grant.path("permission").asText().equals(permission)) {
                return (ObjectNode) grant;
            }
        }
        throw new AssertionError(function + " has no " + permission);
    }

    private static boolean isThere(String tool) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", "command -v " + tool).start().waitFor() == 0;
    }

    private static String output(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).describedAs(output).isZero();
        return output;
    }
}
