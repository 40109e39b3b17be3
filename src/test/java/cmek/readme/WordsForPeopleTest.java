package cmek.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read uses standard words, which nobody has to learn first. */
class WordsForPeopleTest {

    /** Files and directories whose text is checked. */
    private static final List<Path> ROOTS = Stream.of(
                    "src/main",
                    "deployment",
                    "terraform",
                    "docs",
                    "CHANGELOG.md",
                    "CONTRIBUTING.md",
                    "README.md",
                    "SECURITY.md",
                    "pom.xml",
                    ".ci",
                    ".mvn")
            .map(Path::of)
            .toList();

    /** A word that is not used, and what is said instead. */
    private record Banned(Pattern word, String better) {

        Banned(String regex, String better) {
            this(Pattern.compile(regex, Pattern.CASE_INSENSITIVE), better);
        }
    }

    private static final List<Banned> BANNED = List.of(
            new Banned("vendor", "Anthropic"),
            new Banned("\\bmend(s|ed|ing)?\\b", "fix"),
            new Banned("\\bfor ever\\b", "permanently"),
            new Banned("\\blooked at\\b|\\ba look\\b", "checked, a check"),
            new Banned("night(?!ly)|\\bnightly run", "scan, nightly scan"),
            new Banned("\\bailing\\b|\\bunwell\\b", "unhealthy"),
            new Banned("\\borphan(s|ed)?\\b", "unused"),
            new Banned("\\bleft alone\\b", "skipped"),
            new Banned("stranger", "unexpected principal"),
            new Banned("\\btried again\\b", "will be retried"),
            new Banned("\\bagain and again\\b", "after all retries"),
            // "There is no such key" is standard; "it is no key" is not.
            new Banned("(?<!\\bthere )\\b(is|are) no (?!longer\\b|more\\b)", "is not a"),
            new Banned("\\bshall\\b", "must, should"),
            new Banned("\\bworlds?\\b", "API, Google Cloud and Anthropic"),
            new Banned("\\bdoors?\\b", "entry point"),
            new Banned("\\bwindows?\\b", "client"),
            new Banned("\\brooms?\\b", "package"),
            new Banned("\\bdesks?\\b", "parser"),
            new Banned("\\bhouse\\b", "project"),
            new Banned("\\bwalls?\\b", "trust boundary"),
            new Banned("\\bin doubt\\b", "if unsure"),
            new Banned("\\bnext but one\\b", "after next"),
            new Banned("\\bas many as (come|it can)\\b", "unlimited"),
            new Banned("\\blikewise\\b", "the thing itself, said again"),
            new Banned("\\bfighting\\b", "another process keeps reverting"),
            new Banned("\\bunder way already\\b", "limit reached"),
            new Banned("\\bis taken, at the latest\\b", "another instance is writing this"),
            new Banned("\\bknows no\\b", "does not exist"));

    /** Standard terms, and identifiers of others, that contain such a word. */
    private static final List<Pattern> EXCEPTIONS = Stream.of(
                    "propagation[ _-]?window",
                    // JavaScript's global object.
                    "\\bwindow\\.\\w+",
                    // What is no more, and must be named by whoever says what has taken its place.
                    "`(STRANGER_CAN_DECRYPT|VENDOR_UNAVAILABLE|AILING|ORPHANED|NIGHT_(STARTED|(IN)?COMPLETE(D)?))`",
                    "`((start|report)Night|cmek-(report-)?night|cmek\\.night\\.\\*|night_(schedule|time_zone))`",
                    "\\bevery night\\b",
                    "\\b(mid|over)night\\b")
            .map(regex -> Pattern.compile(regex, Pattern.CASE_INSENSITIVE))
            .toList();

    /**
     * A word where it should not be.
     *
     * @param line from 1
     */
    record Offence(Path file, int line, String word, String better) {

        @Override
        public String toString() {
            return file + ":" + line + ": \"" + word + "\" (better: " + better + ")";
        }
    }

    @Test
    void onlyStandardWordsAreUsed() throws IOException {
        assertThat(ROOTS).allMatch(Files::exists);
        assertThat(offences(ROOTS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the vendor",
                "VENDOR_TEXT",
                "mend it",
                "attached for ever",
                "14 keys looked at",
                "have a look",
                "if in doubt take the next but one",
                "the night",
                "class StartNight",
                "the nightly run",
                "6 ailing",
                "an orphaned key",
                "1 left alone",
                "STRANGER_CAN_DECRYPT",
                "it is tried again",
                "it was tried again and again",
                "the data is no JSON object",
                "it shall be sent",
                "the outside world",
                "the door",
                "the window of KMS",
                "its room",
                "as many as come",
                "ids, likewise",
                "somebody else is fighting it",
                "20 calls are under way already",
                "Cloud KMS knows no location"
            })
    void aWordThatIsNotStandardIsFound(String planted, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("planted.md"), "# Keys\n\nPlain text.\n" + planted + "\n");

        assertThat(offences(List.of(directory))).isNotEmpty().allSatisfy(offence -> {
            assertThat(offence.file()).isEqualTo(file);
            assertThat(offence.line()).isEqualTo(4);
            assertThat(planted).contains(offence.word());
            assertThat(offence.toString()).contains("planted.md:4").contains(offence.word());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the propagation window",
                "window.location.hash",
                "cmek.timing.propagation-window",
                "every night",
                "the nightly scan",
                "at midnight",
                "failing, available and mailing",
                "there is no such key",
                "it is no longer used",
                "an id for every message",
                "STRIP_TRAILING_ZEROES"
            })
    void aStandardWordIsNot(String standard, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("standard.md"), standard);

        assertThat(offences(List.of(directory))).isEmpty();
    }

    private static List<Offence> offences(List<Path> roots) throws IOException {
        List<Offence> offences = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    offences.addAll(offences(file));
                }
            }
        }
        return offences;
    }

    private static List<Offence> offences(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, UTF_8);
        } catch (CharacterCodingException e) {
            // Not a text.
            return List.of();
        }
        List<Offence> offences = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            for (Pattern exception : EXCEPTIONS) {
                line = exception.matcher(line).replaceAll("…");
            }
            for (Banned banned : BANNED) {
                Matcher matcher = banned.word().matcher(line);
                while (matcher.find()) {
                    offences.add(new Offence(file, i + 1, matcher.group(), banned.better()));
                }
            }
        }
        return offences;
    }
}
