package cmek.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document, taken apart. */
record Readme(String text) {

    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /**
     * A command that the README shows, with what it says it prints.
     *
     * @param output both streams, as they come
     */
    record Shown(String command, String output) {}

    static Readme read() {
        return read("README.md");
    }

    static Readme read(String document) {
        try {
            return new Readme(Files.readString(Path.of(document)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fenced blocks of a language. */
    List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(language)) {
                blocks.add(matcher.group(2));
            }
        }
        return blocks;
    }

    /** The commands in blocks of language {@code console}, each after a {@code $}. */
    List<Shown> shown() {
        List<Shown> shown = new ArrayList<>();
        for (String block : blocks("console")) {
            for (String part : block.split("(?m)^\\$ ", -1)) {
                if (!part.isBlank()) {
                    int end = part.indexOf('\n');
                    shown.add(new Shown(part.substring(0, end), part.substring(end + 1)));
                }
            }
        }
        return shown;
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
            throw new AssertionError("the document has no section " + heading);
        }
        return matcher.group(1);
    }
}
