package cmek.client.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cmek.finding.PermanentException;
import cmek.finding.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyAuthTest {

    private static final String SECRET = "sk-ant-admin01-s3cr3t";

    @ParameterizedTest
    @ValueSource(strings = {" two words", "\nline", "\u0000", "ü"})
    void aFileWithAnythingButAKeyIsRefusedAndNotShown(String more, @TempDir Path folder) throws IOException {
        ApiKeyAuth key = in(folder, SECRET + more);

        PermanentException thrown = catchThrowableOfType(PermanentException.class, key::current);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.CREDENTIAL_REJECTED);
        assertThat(thrown).hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"" + SECRET + "\"", "'" + SECRET + "'", "sk-ant-api03-s3cr3t", "sk-ant-oat01-s3cr3t"})
    void aKeyOfAnotherFormIsRefusedBeforeItIsSentAndNotShown(String text, @TempDir Path folder) throws IOException {
        ApiKeyAuth key = in(folder, text + "\n");

        PermanentException thrown = catchThrowableOfType(PermanentException.class, key::current);

        assertThat(thrown.finding().reason()).isEqualTo(Reason.CREDENTIAL_REJECTED);
        assertThat(thrown).hasMessageContaining("the file ").hasMessageNotContaining("s3cr3t");
    }

    @Test
    void anEmptyFileIsRefused(@TempDir Path folder) throws IOException {
        ApiKeyAuth key = in(folder, "\n");

        assertThat(catchThrowableOfType(PermanentException.class, key::current)).isNotNull();
    }

    @Test
    void aMissingFileIsRefused(@TempDir Path folder) {
        ApiKeyAuth key = new ApiKeyAuth(Optional.empty(), Optional.of(folder.resolve("absent")));

        assertThat(catchThrowableOfType(PermanentException.class, key::current)).hasMessageContaining("absent");
    }

    @Test
    void aConfiguredKeyMayEndWithALineBreak() {
        AuthHeaders credential = new ApiKeyAuth(Optional.of(SECRET + "\n"), Optional.empty()).current();

        assertThat(credential.apiKey).isEqualTo(SECRET);
        assertThat(credential.authorization).isNull();
    }

    @Test
    void aConfiguredKeyThatIsNoneIsRefusedAndNotShown() {
        ApiKeyAuth key = new ApiKeyAuth(Optional.of(SECRET + "\nx"), Optional.empty());

        assertThat(catchThrowableOfType(PermanentException.class, key::current)).hasMessageNotContaining(SECRET);
    }

    @Test
    void theKeyIsInNoText() {
        ApiKeyAuth key = new ApiKeyAuth(Optional.of(SECRET), Optional.empty());

        assertThat(key.toString()).doesNotContain(SECRET);
        assertThat(key.current().toString()).doesNotContain(SECRET);
    }

    @Test
    void aFileIsReadOnceAndAgainWhenItsKeyIsRefused(@TempDir Path folder) throws IOException {
        ApiKeyAuth key = in(folder, SECRET);
        AuthHeaders first = key.current();
        in(folder, SECRET + "-fresh");

        assertThat(key.current().isSame(first)).isTrue();
        assertThat(key.renew(first)).isTrue();
        assertThat(key.current().apiKey).isEqualTo(SECRET + "-fresh");
        assertThat(key.renew(key.current())).isFalse();
    }

    private static ApiKeyAuth in(Path folder, String text) throws IOException {
        return new ApiKeyAuth(Optional.empty(), Optional.of(Files.writeString(folder.resolve("key"), text)));
    }
}
