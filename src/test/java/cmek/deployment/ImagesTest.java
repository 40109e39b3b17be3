package cmek.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What builds the service, and what it runs in, is the image that was reviewed: a tag can move, a digest cannot. */
class ImagesTest {

    private static final Pattern IMAGE = Pattern.compile("(?m)^(?:FROM|\\s+name:) (\\S+)");
    private static final Pattern DIGEST =
            Pattern.compile("[a-z0-9.-]+(/[a-z0-9_-]+)+(:[a-z0-9.-]+)?@sha256:[0-9a-f]{64}");

    @Test
    void everyImageIsNamedByItsDigest() throws IOException {
        List<String> images;
        try (Stream<Path> files = Files.list(Path.of("deployment"))) {
            images = files.filter(file -> file.getFileName().toString().matches("Containerfile.*|cloudbuild-.*[.]yaml"))
                    .flatMap(file -> images(read(file)))
                    .toList();
        }

        assertThat(images).hasSizeGreaterThan(6).allMatch(ImagesTest::isPinned);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM docker.io/library/debian:12-slim AS zlib",
                "  - id: build\n    name: gcr.io/cloud-builders/docker",
                "FROM docker.io/library/debian@sha256:abd67f"
            })
    void aTagIsFound(String text) {
        assertThat(images(text)).hasSize(1).noneMatch(ImagesTest::isPinned);
    }

    private static Stream<String> images(String text) {
        Matcher matcher = IMAGE.matcher(text);
        return matcher.results().map(match -> match.group(1));
    }

    private static boolean isPinned(String image) {
        return DIGEST.matcher(image).matches();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
