package cmek.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortenedJsonTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"{}", "", "null", "{\"a\":\"b\\\"c\",\"d\":[1,\"\"]}", "no JSON", "{\"half", "\"Köln\""})
    void whatIsShortStaysAsItIs(String text) {
        ShortenedJson body = read(text, 20, 1_000);

        assertThat(body.kept().toString()).isEqualTo(text);
        assertThat(body.isCut()).isFalse();
        assertThat(body.isTooLarge()).isFalse();
    }

    @Test
    void aLongStringIsCutAndTheRestStays() throws IOException {
        String text = "{\"message\":{\"data\":\"" + "QUJD".repeat(1_000)
                + "\",\"messageId\":\"4711\"},\"subscription\":\"s\"}";

        ShortenedJson body = read(text, 100, 1_000);

        assertThat(body.isCut()).isTrue();
        assertThat(body.bytes()).isEqualTo(text.length());
        JsonNode json = JSON.readTree(body.kept().getBytes());
        assertThat(json.path("message").path("data").asText()).hasSize(100);
        assertThat(json.path("message").path("messageId").asText()).isEqualTo("4711");
        assertThat(json.path("subscription").asText()).isEqualTo("s");
    }

    /** Wherever it is cut, it is JSON as before. */
    @Test
    void noEscapeAndNoCharacterIsCutInHalf() throws IOException {
        Random dice = new Random(20261128);
        String[] letters = {"a", "ü", "鍵", "🔑", "\\\\", "\\\"", "\\n", "\\u00e9", "\\ud83d\\udd11"};
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder("{\"a\":\"");
            for (int j = 0; j < 30; j++) {
                text.append(letters[dice.nextInt(letters.length)]);
            }
            text.append("\",\"b\":\"end\"}");

            ShortenedJson body = read(text.toString(), 3 + dice.nextInt(60), 1_000);

            assertThat(JSON.readTree(body.kept().getBytes()).path("b").asText())
                    .describedAs("%s", text)
                    .isEqualTo("end");
        }
    }

    @Test
    void moreThanMayBeKeptIsTooLarge() {
        ShortenedJson body = read("[" + "1,".repeat(10_000) + "1]", 100, 1_000);

        assertThat(body.isTooLarge()).isTrue();
        assertThat(body.kept().length()).isLessThan(3_000);
    }

    /** In pieces of any size. */
    private static ShortenedJson read(String text, int stringAtMost, int keptAtMost) {
        ShortenedJson body = new ShortenedJson(stringAtMost, keptAtMost);
        Random dice = new Random(text.length());
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int from = 0;
        while (from < bytes.length) {
            int to = Math.min(bytes.length, from + 1 + dice.nextInt(1_500));
            body.append(Buffer.buffer(java.util.Arrays.copyOfRange(bytes, from, to)));
            from = to;
        }
        return body;
    }
}
