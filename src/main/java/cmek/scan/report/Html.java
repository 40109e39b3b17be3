package cmek.scan.report;

import cmek.model.SafeText;

/** Text for a place in HTML: between tags or inside the quotation marks of an attribute. */
final class Html {

    private static final int SHOWN = 4000;

    private Html() {}

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
