package cmek.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A process that is out of memory ends, and the platform starts another: every way in which one is deployed says so. */
class OutOfMemoryTest {

    private static final String EXITS = "+ExitOnOutOfMemoryError";
    private static final Pattern STARTS = Pattern.compile(
            "(?m)^ *(ENTRYPOINT \\[\"java\".*|java_options *=.*|<quarkus\\.native\\.additional-build-args>.*)$");

    @Test
    void everyProcessThatIsDeployedEndsWhenItIsOutOfMemory() throws IOException {
        List<String> starts = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("deployment"))) {
            for (Path file : files.filter(any -> any.getFileName().toString().startsWith("Containerfile"))
                    .toList()) {
                starts.addAll(starts(Files.readString(file)));
            }
        }
        starts.addAll(starts(Files.readString(Path.of("terraform/host_functions.tf"))));
        starts.addAll(starts(Files.readString(Path.of("pom.xml"))));

        assertThat(starts)
                .as("a container's JVM, the functions' JVM, the native executable")
                .hasSize(3);
        assertThat(starts).allMatch(start -> start.contains(EXITS));
    }

    @Test
    void aStartWithoutItIsNoticed() {
        assertThat(starts("FROM x\nENTRYPOINT [\"java\", \"-jar\", \"/app/application.jar\"]"))
                .singleElement()
                .matches(start -> !start.contains(EXITS));
    }

    private static List<String> starts(String file) {
        return STARTS.matcher(file).results().map(start -> start.group(1)).toList();
    }
}
