package cmek.model;

/** How text that came from outside is shown: short, on one line, and without control characters. */
public final class SafeText {

    private static final int SHOWN = 200;

    private SafeText() {}

    /**
     * Renders foreign text for a message, a log line or a terminal: control characters, line separators and the
     * invisible characters that reorder text are escaped, and what is longer than 200 characters is cut.
     */
    public static String quote(String text) {
        return '"' + shown(text, SHOWN, true) + '"';
    }

    /** Like {@link #quote}, without the quotation marks and with a length of the caller's choice. */
    public static String sanitize(String text, int atMost) {
        return shown(text, atMost, false);
    }

    /** Inside quotation marks, a backslash or quotation mark in the text must not be mistaken for one of ours. */
    private static String shown(String text, int atMost, boolean quoted) {
        StringBuilder shown = new StringBuilder();
        int[] points = text.codePoints().limit(atMost + 1L).toArray();
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
