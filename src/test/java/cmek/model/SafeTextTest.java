package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {

    @Test
    void visibleTextIsShownAsItIs() {
        assertThat(SafeText.sanitize("Köln №1 – 鍵 🔑", 200)).isEqualTo("Köln №1 – 鍵 🔑");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x200b, 0x200e, 0x2028, 0x2029, 0x202e,
                0x2066, 0xfeff, 0xe000, 0xe0001
            })
    void whatCannotBeSeenIsEscaped(int point) {
        assertThat(SafeText.sanitize(Character.toString(point), 200)).isEqualTo(String.format("\\u%04x", point));
    }

    @Test
    void halfACharacterIsEscaped() {
        assertThat(SafeText.sanitize("a\ud83d", 200)).isEqualTo("a\\ud83d");
    }

    @Test
    void aTerminalEscapeIsHarmless() {
        assertThat(SafeText.quote("\u001b]0;owned\u0007\u001b[2J")).isEqualTo("\"\\u001b]0;owned\\u0007\\u001b[2J\"");
    }

    @Test
    void quotationMarksAreEscapedInsideQuotationMarks() {
        assertThat(SafeText.quote("say \"yes\"")).isEqualTo("\"say \\\"yes\\\"\"");
    }

    @Test
    void aBackslashCannotPassForAnEscape() {
        assertThat(SafeText.quote("a\\")).isEqualTo("\"a\\\\\"");
        assertThat(SafeText.quote("\\\" and free")).isEqualTo("\"\\\\\\\" and free\"");
    }

    @Test
    void longTextIsCutAndSaysSo() {
        assertThat(SafeText.sanitize("a".repeat(200), 200)).isEqualTo("a".repeat(200));
        assertThat(SafeText.sanitize("a".repeat(201), 200)).isEqualTo("a".repeat(200) + "…");
        assertThat(SafeText.quote("a".repeat(10_000_000))).isEqualTo("\"" + "a".repeat(200) + "…\"");
    }

    @Test
    void aCharacterOutsideTheBasicPlaneIsNotCutInHalf() {
        assertThat(SafeText.sanitize("🔑🔑🔑", 2)).isEqualTo("🔑🔑…");
    }

    @ParameterizedTest
    @CsvSource({
        "invalid x-api-key sk-ant-admin01-AbC_d-9,invalid x-api-key sk-ant-REDACTED",
        "'{\"key\":\"sk-ant-oat01-0123456789\",\"a\":1}','{\"key\":\"sk-ant-REDACTED\",\"a\":1}'",
        "sk-ant-newkind-0123456789 and sk-ant-api03-abc.,sk-ant-REDACTED and sk-ant-REDACTED.",
        "sk-ant-0123456789AB,sk-ant-REDACTED",
        "a line\\nsk-ant-0123456789AB,a line\\nsk-ant-REDACTED",
        "tokensk-ant-admin01-abc,tokensk-ant-REDACTED",
        "authorization: Bearer abcdefghij.klmnopqrst~u+v/w=,authorization: Bearer REDACTED",
        "BEARER 0123456789012345678901,BEARER REDACTED",
        "Basic dXNlcjpwYXNzd29yZDEyMzQ1,Basic REDACTED",
        "token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EifQ.c2lnbmF0dXJl is bad,token REDACTED is bad",
        "ya29.c.b0AXv0zTPQ,REDACTED"
    })
    void aCredentialIsNotShown(String text, String shown) {
        assertThat(SafeText.redact(text)).isEqualTo(shown);
        assertThat(SafeText.sanitize(text, 200)).isEqualTo(shown);
        assertThat(SafeText.redact(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "an Admin API key has the form sk-ant-admin01-…",
                "bearer authentication is required",
                "basic things of a project",
                "projects/eyJa/locations/us-east5",
                "projects/acme-kms-prod/locations/us-east5/keyRings/kiosk-ant-team-ring/cryptoKeys/disk-ant-prod-001"
            })
    void whatOnlySpeaksOfCredentialsIsShown(String text) {
        assertThat(SafeText.redact(text)).isEqualTo(text);
    }

    @Test
    void aCredentialThatIsCutIsNotShown() {
        assertThat(SafeText.sanitize("a".repeat(180) + " sk-ant-admin01-" + "s".repeat(100), 200))
                .doesNotContain("admin01");
        assertThat(SafeText.sanitize("sk-ant-admin01-" + "s".repeat(1_000_000), 200))
                .isEqualTo("sk-ant-REDACTED");
    }
}
