package cmek.readme;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.config.CmekConfig;
import cmek.finding.Reason;
import cmek.result.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadmeTest {

    private final Readme readme = Readme.read();
    private final Readme reasons = Readme.read("docs/reasons.md");

    @Test
    void everyReasonHasASectionAndNothingElseLooksLikeOne() {
        List<String> sections = reasons.headings(4).stream()
                .filter(heading -> heading.matches("[A-Z_]+"))
                .toList();

        assertThat(sections)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::name).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aReasonsSectionTellsTheCauseAndWhatToDo(Reason reason) {
        String section = reasons.section(reason.name());

        assertThat(section).contains(reason.cause());
        assertThat(section).contains("**What to do:**");
    }

    @ParameterizedTest
    @EnumSource
    void everyStatusIsExplained(Status status) {
        assertThat(readme.section("Statuses")).contains("`" + status + "`");
    }

    @Test
    void everySettingIsExplained() {
        assertThat(settings("cmek", CmekConfig.class))
                .isNotEmpty()
                .allSatisfy(setting -> assertThat(readme.section("Settings")).contains("`" + setting + "`"));
    }

    private static List<String> settings(String prefix, Class<?> group) {
        return Arrays.stream(group.getMethods())
                .flatMap(method -> {
                    String name = prefix + "."
                            + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                    boolean isGroup =
                            CmekConfig.class.equals(method.getReturnType().getDeclaringClass());
                    return isGroup ? settings(name, method.getReturnType()).stream() : Stream.of(name);
                })
                .toList();
    }

    @Test
    void continuousIntegrationBeginsWithTheTestCommand() throws IOException {
        String command = readme.section("Test it")
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
