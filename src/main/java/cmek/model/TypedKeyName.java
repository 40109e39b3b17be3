package cmek.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A crypto key's name as a person may have typed it somewhere else: with the project's number in the place of its id, as a
 * link, with a slash or a blank at the end. Cloud KMS takes all of these for the same key.
 *
 * @param project an id or a number
 */
public record TypedKeyName(String project, String location, String keyRing, String name) {

    private static final Pattern FORM = Pattern.compile("(?:(?:https?:)?//cloudkms\\.googleapis\\.com/(?:v1/)?)?/?"
            + "projects/([^/]+)/locations/([^/]+)/keyRings/([^/]+)/cryptoKeys/([^/]+)/*");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,19}");

    /** Reads one; empty where it is not a key's name, however it is spelt. */
    public static Optional<TypedKeyName> read(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new TypedKeyName(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)))
                : Optional.empty();
    }

    /** The project's number, where it is named by that. */
    public Optional<String> projectNumber() {
        return Optional.of(project).filter(text -> NUMBER.matcher(text).matches());
    }

    /** The one name of the key, where the project is named by its id. */
    public Optional<CryptoKeyName> canonical() {
        return in(project);
    }

    /** The one name of the key, once the project's id is known; empty where a part cannot be part of a name. */
    public Optional<CryptoKeyName> in(String projectId) {
        try {
            return Optional.of(new CryptoKeyName(projectId, location, keyRing, name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether it is this key but for the project. */
    public boolean isNamedLike(CryptoKeyName key) {
        return location.equals(key.location()) && keyRing.equals(key.keyRing()) && name.equals(key.name());
    }
}
