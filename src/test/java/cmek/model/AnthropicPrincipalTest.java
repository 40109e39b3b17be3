package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is granted a key is written down once; that nothing can change it is for the rules of the house to hold. */
class AnthropicPrincipalTest {

    private static final String DOMAIN = "gcp-anthropic-cmek-clients";

    @Test
    void itIsTheOneOfTheGuide() {
        assertThat(AnthropicPrincipal.MEMBER)
                .isEqualTo("serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients"
                        + ".iam.gserviceaccount.com");
        assertThat(AnthropicPrincipal.ROLES)
                .containsExactly("roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.viewer");
    }

    @Test
    void nobodyCanAddARole() {
        assertThatThrownBy(() -> AnthropicPrincipal.ROLES.add("roles/owner"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void itIsWrittenDownOnce() throws IOException {
        assertThat(filesNamingIt(Path.of("src/main")))
                .containsExactly(Path.of("src/main/java/cmek/model/AnthropicPrincipal.java"));
    }

    @Test
    void aSecondPlaceIsFound(@TempDir Path folder) throws IOException {
        Path second = Files.writeString(folder.resolve("application.properties"), "grantee=x@" + DOMAIN + ".example");

        assertThat(filesNamingIt(folder)).containsExactly(second);
    }

    private static List<Path> filesNamingIt(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(DOMAIN))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
