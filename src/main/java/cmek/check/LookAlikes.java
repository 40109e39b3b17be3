package cmek.check;

import cmek.model.AnthropicPrincipal;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Finds members of IAM bindings that a quick eye takes for Anthropic's principal. */
final class LookAlikes {

    /** So near to Anthropic's principal may no other be: a letter left out, doubled or swapped. */
    private static final int EDITS = 3;

    /** Letters that pass for another, after case and compatibility forms are gone. */
    private static final Map<Integer, String> CONFUSABLES = Map.ofEntries(
            Map.entry((int) '0', "o"),
            Map.entry((int) '1', "l"),
            Map.entry((int) 'i', "l"),
            Map.entry((int) '|', "l"),
            Map.entry((int) '5', "s"),
            Map.entry(0x0430, "a"),
            Map.entry(0x0435, "e"),
            Map.entry(0x043e, "o"),
            Map.entry(0x0440, "p"),
            Map.entry(0x0441, "c"),
            Map.entry(0x0443, "y"),
            Map.entry(0x0445, "x"),
            Map.entry(0x0455, "s"),
            Map.entry(0x0456, "l"),
            Map.entry(0x0458, "j"),
            Map.entry(0x04bb, "h"),
            Map.entry(0x0131, "l"),
            Map.entry(0x03b1, "a"),
            Map.entry(0x03b9, "l"),
            Map.entry(0x03bf, "o"),
            Map.entry(0x03c1, "p"),
            Map.entry(0x03bd, "v"));

    private LookAlikes() {}

    /** Whether a member that is not Anthropic's principal can be mistaken for it. */
    static boolean looksLikeAnthropic(String member) {
        return Stream.of(email(member), lastName(member)).anyMatch(LookAlikes::isLikeAnthropic);
    }

    /** The subject of {@code principal://…/subject/S}, the account of {@code P.svc.id.goog[N/A]}. */
    private static String lastName(String member) {
        String name = email(member);
        name = name.endsWith("]") ? name.substring(0, name.length() - 1) : name;
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static boolean isLikeAnthropic(String email) {
        int at = email.indexOf('@');
        String local = at < 0 ? email : email.substring(0, at);
        String anthropicLocal = AnthropicPrincipal.EMAIL.substring(0, AnthropicPrincipal.EMAIL.indexOf('@'));
        return isNear(skeleton(email), skeleton(AnthropicPrincipal.EMAIL))
                || isNear(skeleton(local), skeleton(anthropicLocal));
    }

    /** {@code deleted:serviceAccount:a@b?uid=1} is about a@b, as {@code user:a@b} is. */
    private static String email(String member) {
        String email = member.substring(member.lastIndexOf(':') + 1);
        int query = email.indexOf('?');
        return query < 0 ? email : email.substring(0, query);
    }

    /** What is left of a name for a quick eye: no case, no accents, no separators, one letter for all that resemble it. */
    private static String skeleton(String text) {
        StringBuilder skeleton = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(point -> Character.isLetterOrDigit(point) || point == '@' || point == '|')
                .forEach(point -> skeleton.append(CONFUSABLES.getOrDefault(point, Character.toString(point))));
        return skeleton.toString().replace("rn", "m").replace("vv", "w");
    }

    private static boolean isNear(String one, String other) {
        return Math.abs(one.length() - other.length()) <= EDITS && distance(one, other) <= EDITS;
    }

    /** Levenshtein's edit distance. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= one.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= other.length(); column++) {
                int replaced = diagonal + (one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
