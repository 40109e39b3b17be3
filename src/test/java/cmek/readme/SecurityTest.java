package cmek.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** What {@code SECURITY.md} says is shown by a test is shown by one: it is there, and it runs. */
class SecurityTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+) \\| (.+) \\| (`.+`) \\|$");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)(?:#(\\w+))?`");
    private static final Path TESTS = Path.of("src/test/java");

    @TestFactory
    Stream<DynamicTest> everyThreatIsShownToBeMet() throws IOException {
        Map<String, Class<?>> classes = classes();
        List<DynamicTest> threats = ROW.matcher(Files.readString(Path.of("SECURITY.md")))
                .results()
                .map(row -> DynamicTest.dynamicTest(row.group(1), () -> {
                    assertThat(row.group(3)).matches("(" + NAMED + "(, )?)+");
                    NAMED.matcher(row.group(3))
                            .results()
                            .forEach(named -> requireTest(classes, named.group(1), named.group(2)));
                }))
                .toList();
        assertThat(threats).hasSizeGreaterThan(15);
        return threats.stream();
    }

    @Test
    void aTestThatIsNotThereOrDoesNotRunIsNoticed() throws IOException {
        Map<String, Class<?>> classes = classes();

        assertThatThrownBy(() -> requireTest(classes, "NoSuchTest", null)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> requireTest(classes, "SecurityTest", "noSuchTest"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> requireTest(classes, "SecurityTest", "classes"))
                .as("a method that is no test")
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> requireTest(classes, "Document", null))
                .as("a class without tests")
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void everyFileItNamesIsThere() throws IOException {
        assertThat(Pattern.compile("`((?:terraform|deployment|docs)/[\\w./-]+)`")
                        .matcher(Files.readString(Path.of("SECURITY.md")))
                        .results()
                        .map(file -> Path.of(file.group(1))))
                .isNotEmpty()
                .allMatch(Files::exists);
    }

    private static void requireTest(
            Map<String, Class<?>> classes, String name, @org.jspecify.annotations.Nullable String method) {
        assertThat(classes).containsKey(name);
        Class<?> type = Objects.requireNonNull(classes.get(name));
        List<Method> tests = ReflectionSupport.findMethods(
                type,
                any -> (method == null || any.getName().equals(method))
                        && AnnotationSupport.isAnnotated(any, Testable.class)
                        && !AnnotationSupport.isAnnotated(any, Disabled.class),
                HierarchyTraversalMode.TOP_DOWN);
        assertThat(tests)
                .as("tests of " + name + (method == null ? "" : "#" + method))
                .isNotEmpty();
        assertThat(AnnotationSupport.isAnnotated(type, Disabled.class)).isFalse();
    }

    private static Map<String, Class<?>> classes() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.toString().endsWith(".java")
                            && !file.endsWith("package-info.java")
                            && !file.toString().contains("offender"))
                    .map(SecurityTest::loaded)
                    .collect(Collectors.toMap(Class::getSimpleName, Function.identity(), (one, other) -> one));
        }
    }

    private static Class<?> loaded(Path file) {
        String name = TESTS.relativize(file).toString().replace(".java", "").replace('/', '.');
        try {
            return Class.forName(name, false, SecurityTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(file + " is not compiled", e);
        }
    }
}
