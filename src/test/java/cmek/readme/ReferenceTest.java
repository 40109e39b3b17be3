package cmek.readme;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.config.CmekConfig;
import cmek.finding.Actor;
import cmek.finding.Reason;
import cmek.result.Status;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What documents list is all that there is, and nothing else. */
class ReferenceTest {

    // --- reasons -------------------------------------------------------------------------------------------------

    @Test
    void everyReasonHasASectionAndNothingElseLooksLikeOne() {
        List<String> sections = Document.REASONS.headings(4).stream()
                .filter(heading -> heading.matches("[A-Z_]+"))
                .toList();

        assertThat(sections)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::name).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aReasonsSectionTellsTheCauseAndWhatToDo(Reason reason) {
        String section = Document.REASONS.section(reason.name());

        assertThat(section).contains("Cause: " + reason.cause() + ".");
        assertThat(section).contains("**What to do:**");
    }

    @ParameterizedTest
    @EnumSource
    void aResultLeadsToTheSection(Reason reason) {
        String[] link = reason.documentation().split("#", -1);

        assertThat(Path.of(link[0])).isEqualTo(Document.REASONS.path());
        assertThat(Document.REASONS.anchors()).contains(link[1]);
    }

    // --- results -------------------------------------------------------------------------------------------------

    @Test
    void everyStatusIsExplainedAndNothingElse() {
        Map<String, Boolean> explained = new TreeMap<>();
        Document.README
                .rows("^\\| `([A-Z_]+)` \\| (yes)? ?\\| .+ \\|$")
                .forEach(row -> explained.put(row.group(1), row.group(2) != null));

        assertThat(explained)
                .isEqualTo(new TreeMap<>(
                        Arrays.stream(Status.values()).collect(Collectors.toMap(Status::name, Status::isTerminal))));
    }

    @ParameterizedTest
    @EnumSource
    void everyActorIsNamed(Actor actor) {
        assertThat(Document.README.section("Read the answer")).contains("`" + actor + "`");
    }

    // --- settings ------------------------------------------------------------------------------------------------

    @Test
    void everySettingHasOneRowAndEveryRowIsASetting() {
        assertThat(rows())
                .extracting(row -> row.group(1))
                .containsExactlyInAnyOrderElementsOf(settings().keySet());
    }

    @Test
    void theDefaultOfASettingIsTheOneThatIsShown() {
        Map<String, MatchResult> rows =
                rows().stream().collect(Collectors.toMap(row -> row.group(1), Function.identity()));

        assertThat(settings()).allSatisfy((setting, method) -> {
            String shown = Objects.requireNonNull(rows.get(setting)).group(2);
            Optional<String> value =
                    Optional.ofNullable(method.getAnnotation(WithDefault.class)).map(WithDefault::value);
            if (setting.equals("cmek.policy.allowed-locations")) {
                // Too many for a table.
                assertThat(value.orElseThrow().split(",", -1)).hasSize(9);
                assertThat(shown).startsWith("the nine single regions");
            } else if (setting.equals("cmek.google.project")) {
                assertThat(value.orElseThrow()).contains(shown.replace("`", ""));
            } else if (value.isPresent()) {
                assertThat(shown).isEqualTo("`" + value.get() + "`");
            } else if (!setting.equals("cmek.host.serves")) {
                assertThat(shown).matches("required.*|none|unlimited");
            }
        });
    }

    private static List<MatchResult> rows() {
        return Document.SETTINGS
                .rows("^\\| `(cmek\\.[a-z.-]+)` \\| ([^|]+) \\| [^|]+ \\|$")
                .toList();
    }

    private static Map<String, Method> settings() {
        Map<String, Method> settings = new TreeMap<>();
        add("cmek", CmekConfig.class, settings);
        assertThat(settings).hasSizeGreaterThan(30);
        return settings;
    }

    private static void add(String prefix, Class<?> group, Map<String, Method> settings) {
        for (Method method : group.getMethods()) {
            String name =
                    prefix + "." + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (CmekConfig.class.equals(method.getReturnType().getDeclaringClass())) {
                add(name, method.getReturnType(), settings);
            } else {
                settings.put(name, method);
            }
        }
    }

    @Test
    void theHostsThatAreCalledAreNamed() {
        List<String> hosts = settings().values().stream()
                .filter(method -> method.getReturnType().equals(URI.class))
                .map(method -> URI.create(
                                method.getAnnotation(WithDefault.class).value())
                        .getHost())
                .toList();

        assertThat(Document.README.section("The network").lines().filter(line -> line.startsWith("|")))
                .asString()
                .satisfies(table -> assertThat(table.split("`", -1)).contains(hosts.toArray(String[]::new)));
        assertThat(Document.README.section("The network").split("`[a-z.]+\\.(com|internal)`", -1))
                // Once more in the sentence about a perimeter.
                .hasSize(hosts.size() + 2);
    }

    // --- commands ------------------------------------------------------------------------------------------------

    @Test
    void continuousIntegrationBeginsWithTheTestCommand() throws IOException {
        String command = Document.read(Path.of("CONTRIBUTING.md"))
                .section("Build and test")
                .lines()
                .filter(line -> line.startsWith("./mvnw"))
                .findFirst()
                .orElseThrow();

        assertThat(Files.readAllLines(Path.of(".ci/run")).stream()
                        .filter(line -> line.matches("(\\./mvnw|stage \"|deployment/).*"))
                        .findFirst())
                .contains(command);
    }
}
