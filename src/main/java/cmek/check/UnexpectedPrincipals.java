package cmek.check;

import cmek.client.kms.KeyPolicy;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.UnexpectedPrincipal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds those who can decrypt with a key and should make a person ask why. A condition on the binding does not excuse
 * them: it may hold at any time.
 *
 * <p>Not unexpected principals: people and groups (an organization's own affair), service accounts of the key's own project, and
 * Google's service agents, through which Google's own services use a key.
 */
final class UnexpectedPrincipals {

    /** Roles that let their holder decrypt; {@code roles/cloudkms.admin} manages keys and cannot use them. */
    private static final Set<String> DECRYPTING = Set.of(
            "roles/cloudkms.cryptoKeyDecrypter",
            "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            "roles/cloudkms.cryptoKeyDecrypterViaDelegation",
            "roles/cloudkms.cryptoKeyEncrypterDecrypterViaDelegation",
            "roles/cloudkms.cryptoOperator",
            "roles/owner");

    private static final Set<String> EVERYBODY = Set.of("allUsers", "allAuthenticatedUsers");

    private static final Pattern SERVICE_ACCOUNT =
            Pattern.compile("serviceAccount:([^@]+)@([^@?]+?)(\\.iam|\\.appspot)?\\.gserviceaccount\\.com");

    /**
     * An account id {@code service-123} can be had in anybody's project, so only these of Google's own projects count.
     *
     * @see <a href="https://cloud.google.com/iam/docs/service-agents">Service agents</a>
     */
    private static final Pattern AGENT = Pattern.compile("(service|bq)-[0-9]+@(gcp-sa-[a-z0-9-]+|compute-system"
            + "|container-engine-robot|gs-project-accounts|dataflow-service-producer-prod|dataproc-accounts"
            + "|bigquery-encryption|cloud-filer|cloud-redis|gae-api-prod|gcf-admin-robot|serverless-robot-prod)");

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

    private UnexpectedPrincipals() {}

    /** All of them, worst first. */
    static List<UnexpectedPrincipal> on(CryptoKeyName key, KeyPolicy policy) {
        List<UnexpectedPrincipal> unexpectedPrincipals = new ArrayList<>();
        for (KeyPolicy.Binding binding : policy.bindings()) {
            for (String member : binding.members()) {
                kind(key, member, binding.role())
                        .map(kind -> new UnexpectedPrincipal(member, binding.role(), kind))
                        .filter(unexpected -> !unexpectedPrincipals.contains(unexpected))
                        .ifPresent(unexpectedPrincipals::add);
            }
        }
        unexpectedPrincipals.sort(Comparator.comparing(UnexpectedPrincipal::kind));
        return unexpectedPrincipals;
    }

    private static Optional<UnexpectedPrincipal.Kind> kind(CryptoKeyName key, String member, String role) {
        if (member.equals(AnthropicPrincipal.MEMBER)) {
            return Optional.empty();
        }
        // Whoever looks like Anthropic has no business on the key, whatever the role.
        if (looksLikeAnthropic(member)) {
            return Optional.of(UnexpectedPrincipal.Kind.LOOK_ALIKE);
        }
        if (!mayDecrypt(role)) {
            return Optional.empty();
        }
        if (EVERYBODY.contains(member)) {
            return Optional.of(UnexpectedPrincipal.Kind.PUBLIC);
        }
        return isOutside(key, member) ? Optional.of(UnexpectedPrincipal.Kind.OUTSIDE) : Optional.empty();
    }

    /** A custom role may contain anything. */
    private static boolean mayDecrypt(String role) {
        return DECRYPTING.contains(role) || !role.startsWith("roles/");
    }

    private static boolean isOutside(CryptoKeyName key, String member) {
        Matcher matcher = SERVICE_ACCOUNT.matcher(member);
        if (!matcher.matches() || matcher.group(3) == null) {
            return false;
        }
        boolean appEngine = matcher.group(3).equals(".appspot");
        // App Engine's default account bears the project in front: PROJECT@appspot.gserviceaccount.com.
        String project = appEngine ? matcher.group(1) : matcher.group(2);
        String account = matcher.group(1) + "@" + matcher.group(2);
        return !project.equals(key.project()) && !AGENT.matcher(account).matches();
    }

    // --- look-alikes ---------------------------------------------------------------------------------------------

    private static boolean looksLikeAnthropic(String member) {
        String email = email(member);
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
