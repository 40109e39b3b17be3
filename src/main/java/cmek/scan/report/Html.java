package cmek.scan.report;

import cmek.model.SafeText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Texts for a place in HTML: between tags or inside the quotation marks of an attribute. */
final class Html {

    private static final int SHOWN = 4000;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern(
                    "EEEE d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Html() {}

    static String number(int number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    static String day(Instant instant) {
        return DAY.format(instant);
    }

    static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    /** Foreign text, so that it is nothing but text. */
    static String text(Object value) {
        StringBuilder html = new StringBuilder();
        SafeText.sanitize(String.valueOf(value), SHOWN).chars().forEach(character -> {
            switch (character) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                case '`' -> html.append("&#96;");
                default -> html.append((char) character);
            }
        });
        return html.toString();
    }
}
