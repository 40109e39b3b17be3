package cmek.secrecy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds credentials by their shape, as they are and in hexadecimal, with every second byte zero, and inside of Base64 to a
 * depth of two: a message that was pushed is Base64 in JSON. Names what it found and never shows it.
 */
final class SecretScanner {

    private static final int DEPTH = 2;

    /** The longest that is looked into is a message of Pub/Sub's. */
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{20,}");

    private static final Map<String, Pattern> SHAPES = shapes();

    private SecretScanner() {}

    private static Map<String, Pattern> shapes() {
        Map<String, Pattern> shapes = new LinkedHashMap<>();
        shapes.put("an Admin API key", Pattern.compile("sk-ant-admin01-[A-Za-z0-9_-]{6}"));
        shapes.put("a token of Anthropic's", Pattern.compile("sk-ant-oat01-[A-Za-z0-9_-]{20}"));
        shapes.put(
                "an identity token",
                Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{20}"));
        shapes.put("a data key", Pattern.compile("simulated-dek-01"));
        Map.of(
                        "an Admin API key",
                        "sk-ant-admin01-",
                        "a token of Anthropic's",
                        "sk-ant-oat01-",
                        "a data key",
                        "simulated-dek-01")
                .forEach((kind, start) -> {
                    String more = kind.equals("a data key") ? "" : "(?:[2-7][0-9a-f]){6}";
                    shapes.put(
                            kind + " in hexadecimal",
                            Pattern.compile(hexadecimal(start) + more, Pattern.CASE_INSENSITIVE));
                    shapes.put(kind + " in UTF-16", Pattern.compile(start.replaceAll("(.)(?=.)", "$1\0")));
                });
        return shapes;
    }

    /** What was found under a folder, by file; the program itself, which must know its own test credentials, left out. */
    static Map<Path, Set<String>> scan(Path folder) throws IOException {
        Map<Path, Set<String>> found = new TreeMap<>();
        for (Path file : outputs(folder)) {
            Set<String> kinds = kinds(new String(Files.readAllBytes(file), ISO_8859_1));
            if (!kinds.isEmpty()) {
                found.put(file, kinds);
            }
        }
        return found;
    }

    /** Every file that is no part of the program. */
    static Set<Path> outputs(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !isProgram(folder.relativize(file)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isProgram(Path file) {
        return file.getFileName().toString().matches(".*\\.(jar|class)")
                || Stream.of("classes", "test-classes", "generated-sources", "generated-test-sources", "maven-status")
                        .anyMatch(folder -> Stream.iterate(0, i -> i < file.getNameCount() - 1, i -> i + 1)
                                .anyMatch(i -> file.getName(i).toString().equals(folder)));
    }

    static Set<String> kinds(String text) {
        Set<String> kinds = new TreeSet<>();
        find(text, DEPTH, kinds);
        return kinds;
    }

    private static void find(String text, int depth, Set<String> kinds) {
        SHAPES.forEach((kind, shape) -> {
            if (shape.matcher(text).find()) {
                kinds.add(kind);
            }
        });
        if (depth == 0) {
            return;
        }
        Matcher run = BASE64.matcher(text);
        while (run.find()) {
            String letters = run.group().replace('-', '+').replace('_', '/');
            // Where it begins nobody knows: letters that stand before it may be taken for a part of it.
            for (int from = 0; from < 4; from++) {
                // One letter alone is of no byte.
                int to = (letters.length() - from) % 4 == 1 ? letters.length() - 1 : letters.length();
                byte[] inside = Base64.getDecoder().decode(letters.substring(from, to));
                find(new String(inside, ISO_8859_1), depth - 1, kinds);
            }
        }
    }

    private static String hexadecimal(String text) {
        return text.chars().mapToObj(Integer::toHexString).collect(Collectors.joining());
    }
}
