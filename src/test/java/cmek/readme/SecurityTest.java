package cmek.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code SECURITY.md} says is shown by a test is shown by one. */
class SecurityTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+) \\| (.+) \\| (`.+`) \\|$");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)(?:#(\\w+))?`");

    @TestFactory
    Stream<DynamicTest> everyThreatIsShownToBeMet() throws IOException {
        Map<String, String> tests = tests();
        List<DynamicTest> threats = ROW.matcher(Files.readString(Path.of("SECURITY.md")))
                .results()
                .map(row -> DynamicTest.dynamicTest(row.group(1), () -> {
                    Matcher named = NAMED.matcher(row.group(3));
                    while (named.find()) {
                        assertThat(tests).containsKey(named.group(1));
                        if (named.group(2) != null) {
                            assertThat(tests.get(named.group(1))).contains("void " + named.group(2) + "(");
                        }
                    }
                }))
                .toList();
        assertThat(threats).hasSizeGreaterThan(15);
        return threats.stream();
    }

    @Test
    void everyFileItNamesIsThere() throws IOException {
        assertThat(Pattern.compile("`(terraform/[\\w./]+)`")
                        .matcher(Files.readString(Path.of("SECURITY.md")))
                        .results()
                        .map(file -> Path.of(file.group(1))))
                .isNotEmpty()
                .allMatch(Files::exists);
    }

    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().matches(".*(Test|IT|Scan)\\.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), SecurityTest::text));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
