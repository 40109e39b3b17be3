package cmek.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A document of the repository, taken apart. */
record Document(Path path, String text) {

    static final Document README = read(Path.of("README.md"));
    static final Document REASONS = read(Path.of("docs", "reasons.md"));
    static final Document SETTINGS = read(Path.of("docs", "settings.md"));

    private static final List<Path> ROOTS = Stream.of(
                    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs", "deployment", "terraform")
            .map(Path::of)
            .toList();

    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\n]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    /**
     * A command that a document shows, with what it says it prints.
     *
     * @param output both streams, as they come
     */
    record Shown(Path document, String command, String output) {

        @Override
        public String toString() {
            return document + ": " + command;
        }
    }

    static Document read(Path path) {
        try {
            return new Document(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every document that people read. */
    static List<Document> all() {
        List<Document> documents = new ArrayList<>();
        for (Path root : ROOTS) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.toString().contains("/."))
                        .sorted()
                        .map(Document::read)
                        .forEach(documents::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return documents;
    }

    /** What is meant to be done in a real project: its console blocks show commands alone. */
    private boolean showsCommandsOnly() {
        return path.startsWith("deployment") || path.startsWith("terraform");
    }

    /** The fenced blocks of a language. */
    List<String> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** The commands in blocks of language {@code console}, each after a {@code $}, where their output is shown. */
    List<Shown> shown() {
        List<Shown> shown = new ArrayList<>();
        for (String block : showsCommandsOnly() ? List.<String>of() : blocks("console")) {
            for (String part : block.split("(?m)^\\$ ", -1)) {
                if (!part.isBlank()) {
                    int end = part.indexOf('\n');
                    shown.add(new Shown(path, part.substring(0, end), part.substring(end + 1)));
                }
            }
        }
        return shown;
    }

    /** Everything that a shell should understand. */
    List<String> scripts() {
        return Stream.of(
                        blocks("bash").stream(),
                        shown().stream().map(Shown::command),
                        (showsCommandsOnly() ? blocks("console") : List.<String>of())
                                .stream().map(block -> block.replaceAll("(?m)^\\$ ", "")))
                .flatMap(scripts -> scripts)
                .toList();
    }

    /** What stands between backticks within a line. */
    Set<String> spans() {
        Set<String> spans = new LinkedHashSet<>();
        SPAN.matcher(prose()).results().map(span -> span.group(1)).forEach(spans::add);
        return spans;
    }

    /** The text without fenced blocks. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    /** Where links lead. */
    List<String> links() {
        return LINK.matcher(prose()).results().map(link -> link.group(1)).toList();
    }

    /** What a link may name after its {@code #}, as Git hosts make it of headings. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        HEADING.matcher(prose()).results().forEach(heading -> {
            String anchor = heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\w\\- ]", "")
                    .replace(' ', '-');
            int before = Objects.requireNonNull(seen.merge(anchor, 1, Integer::sum)) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    /** The headings of a level, without their marks. */
    List<String> headings(int level) {
        return text.lines()
                .filter(line -> line.startsWith("#".repeat(level) + " "))
                .map(line -> line.substring(level + 1).replace("`", ""))
                .toList();
    }

    /** What stands under a heading, up to the next one. */
    String section(String heading) {
        Matcher matcher = Pattern.compile(
                        "^#+ `?" + Pattern.quote(heading) + "`?\\n(.*?)(?=^#|\\z)", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(path + " has no section " + heading);
        }
        return matcher.group(1);
    }

    /** The rows of tables, each a list of cells. */
    Stream<MatchResult> rows(String pattern) {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
