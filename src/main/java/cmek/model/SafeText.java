package cmek.model;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How text that came from outside is shown: short, on one line, without control characters, and without credentials: the
 * other side may repeat in an error what it was sent, or show what is somebody else's.
 */
public final class SafeText {

    private static final String REDACTED = "REDACTED";

    /** Keys and tokens of Anthropic's, web tokens, access tokens of Google's, and what is sent as a credential. */
    private static final Pattern CREDENTIAL = Pattern.compile("(?<anthropic>sk-ant-(?=[a-z]{2,10}[0-9]{2}-)"
            // After a letter it may be a part of a word, such as disk-ant-prod; but not after an escaped line end.
            + "|(?:(?<![A-Za-z0-9_-])|(?<=\\\\[bfnrt]))sk-ant-)"
            + "(?:[a-z0-9]{2,12}-[A-Za-z0-9_-]{3,}|[A-Za-z0-9_-]{12,})"
            + "|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]*){0,2}"
            + "|(?<![A-Za-z0-9_-])ya29\\.[A-Za-z0-9._-]{10,}"
            + "|(?<scheme>(?<![A-Za-z])(?i:bearer|basic)\\s{1,4})[A-Za-z0-9._~+/=-]{20,}");

    /** The shortest of what all of them begin with, so that most text is not searched for them. */
    private static final List<String> BEGINNINGS = List.of("sk-ant-", "eyJ", "ya29.", "earer", "EARER", "asic", "ASIC");

    /** How much more than what is shown is searched: a credential that is cut is still one. */
    private static final int SEARCHED_BEYOND = 8 * 1024;

    private static final int SHOWN = 200;

    private SafeText() {}

    /**
     * Renders foreign text for a message, a log line or a terminal: control characters, line separators and the
     * invisible characters that reorder text are escaped, credentials are redacted, and what is longer than 200
     * characters is cut.
     */
    public static String quote(String text) {
        return '"' + shown(text, SHOWN, true) + '"';
    }

    /** Like {@link #quote}, without the quotation marks and with a length of the caller's choice. */
    public static String sanitize(String text, int atMost) {
        return shown(text, atMost, false);
    }

    /** The same text without credentials. In JSON text only the values of strings are changed, and it stays JSON. */
    public static String redact(String text) {
        if (BEGINNINGS.stream().noneMatch(text::contains)) {
            return text;
        }
        Matcher matcher = CREDENTIAL.matcher(text);
        StringBuilder redacted = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(redacted, "${anthropic}${scheme}" + REDACTED);
        }
        return matcher.appendTail(redacted).toString();
    }

    /** Inside quotation marks, a backslash or quotation mark in the text must not be mistaken for one of ours. */
    private static String shown(String text, int atMost, boolean quoted) {
        StringBuilder shown = new StringBuilder();
        String searched =
                text.length() <= atMost + SEARCHED_BEYOND ? text : text.substring(0, atMost + SEARCHED_BEYOND);
        int[] points = redact(searched).codePoints().limit(atMost + 1L).toArray();
        for (int i = 0; i < Math.min(points.length, atMost); i++) {
            int point = points[i];
            if (isInvisible(point)) {
                shown.append(String.format("\\u%04x", point));
            } else if (quoted && (point == '"' || point == '\\')) {
                shown.append('\\').appendCodePoint(point);
            } else {
                shown.appendCodePoint(point);
            }
        }
        return points.length > atMost ? shown + "…" : shown.toString();
    }

    private static boolean isInvisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
