package cmek.secrecy;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of secret, planted in every form: a scanner that finds nothing must be able to find something. */
class SecretScannerTest {

    /** Put together here, for the reports of this test are scanned as well. */
    private static final Map<String, String> SECRETS = Map.of(
            "an Admin API key", "sk-ant-" + "admin01-planted",
            "a token of Anthropic's", "sk-ant-" + "oat01-" + "A".repeat(43),
            "an identity token", "eyJ" + "hbGciOiJSUzI1NiJ9.eyJ" + "hdWQiOiJ4In0x." + "B".repeat(342),
            "a data key", "simulated-" + "dek-01");

    static Stream<Arguments> planted() {
        return SECRETS.keySet().stream()
                .flatMap(kind -> Stream.of("plain", "base64", "base64 in base64", "behind letters", "hex", "utf-16")
                        // Of an identity token every letter may be anything but the first three of a part.
                        .filter(form -> !kind.equals("an identity token") || !form.matches("hex|utf-16"))
                        .map(form -> Arguments.of(kind, form)));
    }

    @ParameterizedTest
    @MethodSource("planted")
    void aPlantedSecretIsFound(String kind, String form, @TempDir Path folder) throws IOException {
        Function<String, byte[]> hidden = switch (form) {
            case "base64" -> secret -> base64(secret).getBytes(UTF_8);
            case "base64 in base64" ->
                secret -> base64("{\"data\":\"" + base64("x" + secret) + "\"}").getBytes(UTF_8);
            case "behind letters" -> secret -> ("key/" + base64("ab" + secret)).getBytes(UTF_8);
            case "hex" ->
                secret -> HexFormat.of().formatHex(secret.getBytes(UTF_8)).getBytes(UTF_8);
            case "utf-16" -> secret -> secret.getBytes(UTF_16LE);
            default -> secret -> secret.getBytes(UTF_8);
        };
        Path file = Files.createDirectories(folder.resolve("surefire-reports")).resolve("a.txt");
        byte[] secret = hidden.apply(Objects.requireNonNull(SECRETS.get(kind)));
        byte[] noise = "a line of a log\n".getBytes(UTF_8);
        Files.write(file, noise);
        assertThat(SecretScanner.scan(folder)).isEmpty();

        Files.write(file, concatenated(noise, secret, noise));

        assertThat(SecretScanner.scan(folder)).containsOnlyKeys(file);
        assertThat(SecretScanner.scan(folder).get(file)).anyMatch(found -> found.startsWith(kind));
    }

    @Test
    void theProgramItselfIsNoOutput(@TempDir Path folder) throws IOException {
        String secret = Objects.requireNonNull(SECRETS.get("an Admin API key"));
        for (String name : Set.of("test-classes/a.json", "cloudrun/classes/a.json", "a.jar", "a.class")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, secret);
        }

        assertThat(SecretScanner.scan(folder)).isEmpty();
    }

    @Test
    void whatIsFoundIsNotShown(@TempDir Path folder) throws IOException {
        String secret = Objects.requireNonNull(SECRETS.get("an Admin API key"));
        Files.writeString(folder.resolve("a.log"), secret);

        assertThat(SecretScanner.scan(folder).toString()).doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-ant-admin01-…", "sk-ant-oat01-…", "eyJ", "an Admin API key (sk-ant-admin01-)"})
    void whatOnlySpeaksOfASecretIsNone(String text) {
        assertThat(SecretScanner.kinds(text)).isEmpty();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static byte[] concatenated(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
