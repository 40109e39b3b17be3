package cmek;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/") || isOfCommand(location.asURI()))
            .importPackages("cmek");
    private static final JavaClasses OFFENDER = new ClassFileImporter().importPackages("cmek.offender");

    /** The command is compiled with the tests, whose classes have packages of the same names. */
    private static boolean isOfCommand(URI location) {
        String type = location.toString().replaceAll(".*/test-classes/|(\\$.*)?\\.class$", "");
        return Files.exists(Path.of("src/main/cli/java", type + ".java"));
    }

    /** Every rule, and what its violations in the offending house speak of. */
    static Stream<Arguments> rules() {
        return Stream.of(
                rule("packagesHaveNoCycles", ArchitectureRules::packagesHaveNoCycles, "Word", "First"),
                rule("importsGoOneWay", ArchitectureRules::importsGoOneWay, "Word"),
                rule("noTwoClassesNeedEachOther", ArchitectureRules::noTwoClassesNeedEachOther, "Word", "First"),
                rule("entryPointsDoNotReachPastTheSteps", ArchitectureRules::entryPointsDoNotReachPastTheSteps, "Leak"),
                rule("stepsDoNotKnowEachOther", ArchitectureRules::stepsDoNotKnowEachOther, "First", "Second"),
                rule(
                        "clientsDoNotKnowEachOther",
                        ArchitectureRules::clientsDoNotKnowEachOther,
                        "Neighbour",
                        "Sideways"),
                rule(
                        "foreignTypesStayInTheirClient",
                        ArchitectureRules::foreignTypesStayInTheirClient,
                        "com.google.protobuf.Duration",
                        "com.google.cloud.kms.v1.CryptoKey"),
                rule("cloudKmsStaysInItsClient", ArchitectureRules::cloudKmsStaysInItsClient, "Leak"),
                rule("pubSubStaysInItsClient", ArchitectureRules::pubSubStaysInItsClient, "Neighbour"),
                rule("eventsStayAtTheEntryPoints", ArchitectureRules::eventsStayAtTheEntryPoints, "First"),
                rule(
                        "timeIsInjected",
                        ArchitectureRules::timeIsInjected,
                        "Instant.now()",
                        "Clock.systemUTC()",
                        "System.currentTimeMillis()",
                        "Thread.sleep(long)"),
                rule(
                        "nothingIsDestroyed",
                        ArchitectureRules::nothingIsDestroyed,
                        "destroyCryptoKeyVersionCallable",
                        "updateCryptoKeyVersionCallable",
                        "setIamPolicyCallable"),
                rule(
                        "aKeyIsReachedByKnownCallsOnly",
                        ArchitectureRules::aKeyIsReachedByKnownCallsOnly,
                        "destroyCryptoKeyVersionCallable",
                        "updateCryptoKeyVersionCallable",
                        "decryptCallable"),
                rule(
                        "whatIsSentOverRestIsKnown",
                        ArchitectureRules::whatIsSentOverRestIsKnown,
                        "Neighbour.delete",
                        "Neighbour.disable",
                        "HttpRequestFactory.buildDeleteRequest"),
                rule(
                        "noOtherWayLeadsOutside",
                        ArchitectureRules::noOtherWayLeadsOutside,
                        "java.lang.ProcessBuilder",
                        "java.net.http.HttpClient",
                        "com.google.api.client.http.HttpRequestFactory",
                        "java.lang.reflect.Method.invoke"),
                rule(
                        "aPolicyIsWrittenOnACryptoKeyOnly",
                        ArchitectureRules::aPolicyIsWrittenOnACryptoKeyOnly,
                        "CloudKms.writePolicy"),
                rule(
                        "aPolicyNamesNobodyButAnthropic",
                        ArchitectureRules::aPolicyNamesNobodyButAnthropic,
                        "CloudKms.writePolicy",
                        "KeyPolicy.withGrant"),
                rule(
                        "thePrincipalIsMadeOfNothing",
                        ArchitectureRules::thePrincipalIsMadeOfNothing,
                        "java.lang.System.getenv",
                        "AnthropicPrincipal.member can be set",
                        "cmek.offender.model.Word"),
                rule(
                        "everyPackageSaysWhatMayBeNull",
                        ArchitectureRules::everyPackageSaysWhatMayBeNull,
                        "cmek.offender.unmarked"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theProjectKeepsTheRule(String name, Function<ArchitectureRules, ArchRule> rule, List<String> offences) {
        rule.apply(new ArchitectureRules("cmek")).check(PROJECT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void anOffenderIsFound(String name, Function<ArchitectureRules, ArchRule> rule, List<String> offences) {
        EvaluationResult result =
                rule.apply(new ArchitectureRules("cmek.offender")).evaluate(OFFENDER);

        assertThat(result.hasViolation()).isTrue();
        assertThat(String.join("\n", result.getFailureReport().getDetails())).contains(offences);
    }

    @Test
    void theWholeProjectIsChecked() {
        assertThat(PROJECT.contain("cmek.onboarding.Step")).isTrue();
        assertThat(PROJECT.contain("cmek.function.CmekFunction")).isTrue();
        assertThat(PROJECT.contain("cmek.client.kms.CloudKms")).isTrue();
        assertThat(PROJECT.contain("cmek.cli.OnboardCommand")).isTrue();
        assertThat(PROJECT.contain("cmek.cli.OnboardCommandTest")).isFalse();
        assertThat(PROJECT.contain("cmek.offender.onboarding.step.First")).isFalse();
    }

    private static Arguments rule(String name, Function<ArchitectureRules, ArchRule> rule, String... offences) {
        return Arguments.of(name, rule, List.of(offences));
    }
}
