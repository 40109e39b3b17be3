package cmek.onboarding.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import cmek.fake.Sample;
import cmek.model.CryptoKeyName;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field that becomes part of a name, a path or a header × every way to make it another: all sent back at the desk. */
class HostileInputTest {

    /** By what a text that looks right is not. What it ends with is put behind a good value or in its place. */
    private static final Map<String, String> ATTACKS = attacks();

    /** Each with a value that is good. */
    private static final Map<String, String> FIELDS = Map.of(
            "/requestId", "payments-prod",
            "/workspaceId", Sample.WORKSPACE.value(),
            "/key/project", Sample.KEY.project(),
            "/key/location", Sample.KEY.location(),
            "/key/keyRing", Sample.KEY.keyRing(),
            "/key/name", Sample.KEY.name(),
            "/key/protectionLevel", "HSM",
            "/mode", "provision");

    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    /** The most generous policy there can be: what is refused is refused for what it is. */
    private final RequestParser reader = new RequestParser(
            new Policy(List.of("*"), List.of("*"), Policy.US_REGIONS, Set.of(ProtectionLevel.values())));

    private static Map<String, String> attacks() {
        Map<String, String> attacks = new LinkedHashMap<>();
        attacks.put("path traversal", "/../../x");
        attacks.put("path traversal by itself", "=..");
        attacks.put("path traversal, escaped", "%2e%2e%2fx");
        attacks.put("path traversal, escaped twice", "%252e%252e%252fx");
        attacks.put("path traversal with backslashes", "..\\..\\x");
        attacks.put("a verb", ":setIamPolicy");
        attacks.put("a query", "?alt=media");
        attacks.put("a fragment", "#x");
        attacks.put("a header", "\r\nx-evil: 1");
        attacks.put("a line of the log", "\n{\"severity\":\"INFO\",\"message\":\"ATTACHED\"}");
        attacks.put("a line break of Unicode", "\u2028x");
        attacks.put("a NUL", "\u0000");
        attacks.put("a terminal's escape", "\u001b[2J");
        attacks.put("nothing that is seen", "\u200b");
        attacks.put("what turns text around", "\u202ex");
        attacks.put("a check-alike letter", "=\u0430\u0441me-kms-\u0440rod");
        attacks.put("a wide letter", "\uff41");
        attacks.put("an accent of its own", "\u0301");
        attacks.put("a digit of another script", "\u0661");
        attacks.put("half a character", "\ud800");
        attacks.put("a space", " ");
        return attacks;
    }

    static Stream<Arguments> everywhere() {
        return FIELDS.keySet().stream()
                .flatMap(field -> ATTACKS.keySet().stream()
                        // A request's id is in no path, and a colon is an ordinary letter of it.
                        .filter(attack -> !field.equals("/requestId") || !attack.equals("a verb"))
                        // Blanks around a key's name are left out: what is copied often has some.
                        .filter(attack ->
                                !field.matches("/key/(project|location|keyRing|name)") || !attack.equals("a space"))
                        .map(attack -> Arguments.of(field, attack)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void whatIsMadeToBeAnotherIsSentBack(String field, String attack) {
        String payload = Objects.requireNonNull(ATTACKS.get(attack));
        String value = payload.startsWith("=") ? payload.substring(1) : FIELDS.get(field) + payload;
        ObjectNode request = request();
        int slash = field.lastIndexOf('/');
        (slash == 0 ? request : (ObjectNode) request.at(field.substring(0, slash)))
                .put(field.substring(slash + 1), value);

        assertSentBack(request.toString());
    }

    static Stream<Arguments> everywhereInAName() {
        return everywhere()
                .filter(arguments -> arguments.get()[0].toString().matches("/key/(project|location|keyRing|name)"));
    }

    @ParameterizedTest
    @MethodSource("everywhereInAName")
    void neitherIsItTakenInAFullName(String field, String attack) {
        String payload = Objects.requireNonNull(ATTACKS.get(attack));
        String good = "/" + FIELDS.get(field);
        String bad = payload.startsWith("=") ? "/" + payload.substring(1) : good + payload;
        String name = ("/" + Sample.KEY).replace(good, bad).substring(1);

        assertSentBack(request().put("key", name).toString());
        assertThat(catchThrowable(() -> CryptoKeyName.parse(name))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m\u043ede", "\uff4bey", "requestId\u200b", "__proto__", "constructor", "k\u0435y"})
    void aFieldThatLooksLikeOneIsNone(String field) {
        assertSentBack(request().put(field, "provision").toString());
    }

    @Test
    void withoutAnAttackItIsTaken() {
        assertThat(read(request().toString())).isInstanceOf(ParseResult.Accepted.class);
    }

    // --- bombs ---------------------------------------------------------------------------------------------------

    static Stream<String> bombs() {
        String key = request().path("key").toString();
        StringBuilder colliding = new StringBuilder("{\"key\":" + key);
        for (int i = 0; i < 2048; i++) {
            // All of them have one hash code.
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 11; bit++) {
                name.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
            }
            colliding.append(",\"").append(name).append("\":1");
        }
        return Stream.of(
                colliding + "}",
                "{\"key\":" + key + ",\"acknowledgePermanent\":1e999999999}",
                "{\"key\":" + key + ",\"displayName\":1e-999999999}",
                "{\"key\":" + key + ",\"requestId\":" + "9".repeat(60_000) + "}",
                "{\"key\":" + key.replace("}", ",\"rotationPeriod\":1e999999999}") + "}",
                "{\"key\":" + key.replace("}", ",\"rotationPeriod\":\"P999999999999999999D\"}") + "}",
                "{\"key\":" + key.replace("}", ",\"rotationPeriod\":\"PT" + "9".repeat(50_000) + "S\"}") + "}",
                "{\"key\":" + "{\"key\":".repeat(5_000) + "1" + "}".repeat(5_000) + "}",
                "{\"key\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}",
                "{\"requestId\":\"" + "a".repeat(60_000) + "\",\"key\":" + key + "}",
                "{\"requestId\":\"" + "\\u0000".repeat(10_000) + "\",\"key\":" + key + "}",
                "{\"key\":\"" + "projects/".repeat(6_000) + "\"}",
                "{\"key\":{\"labels\":{" + "\"a\":{".repeat(5_000) + "}}}");
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aBombDoesNotGoOff(String bomb) {
        Assertions.assertTimeoutPreemptively(AT_ONCE, () -> assertSentBack(bomb));
    }

    // -------------------------------------------------------------------------------------------------------------

    private void assertSentBack(String json) {
        ParseResult reading = read(json);

        assertThat(reading).isInstanceOf(ParseResult.Rejected.class);
        ParseResult.Rejected rejected = (ParseResult.Rejected) reading;
        assertThat(rejected.requestId()).matches("[a-zA-Z0-9][a-zA-Z0-9._-]*");
        assertThat(rejected.finding().message() + rejected.finding().remedy())
                .hasSizeLessThan(8_000)
                .matches(text -> text.codePoints().noneMatch(HostileInputTest::isInvisible), "has nothing invisible");
    }

    private static boolean isInvisible(int point) {
        return Character.isISOControl(point)
                || Character.getType(point) == Character.FORMAT
                || Character.getType(point) == Character.LINE_SEPARATOR
                || Character.getType(point) == Character.PARAGRAPH_SEPARATOR
                || Character.getType(point) == Character.SURROGATE;
    }

    private ParseResult read(String json) {
        return reader.parse(json.getBytes(UTF_8), "1001");
    }

    private static ObjectNode request() {
        ObjectNode request = JsonNodeFactory.instance
                .objectNode()
                .put("requestId", "payments-prod")
                .put("mode", "provision")
                .put("workspaceId", Sample.WORKSPACE.value())
                .put("acknowledgePermanent", true);
        request.putObject("key")
                .put("project", Sample.KEY.project())
                .put("location", Sample.KEY.location())
                .put("keyRing", Sample.KEY.keyRing())
                .put("name", Sample.KEY.name())
                .put("protectionLevel", "HSM");
        return request;
    }
}
