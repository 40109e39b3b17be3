package cmek.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Cloud KMS crypto key: {@code projects/P/locations/L/keyRings/R/cryptoKeys/K}, never one of its versions.
 *
 * @param project a project id, not a number
 * @see <a href="https://cloud.google.com/kms/docs/resource-hierarchy">Cloud KMS resources</a>
 */
public record CryptoKeyName(String project, String location, String keyRing, String name) {

    /** What Cloud KMS accepts as the id of a ring or key. */
    public static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,63}");

    /** What Google Cloud accepts as a project id; domain-scoped ids ({@code example.com:p}) are not served. */
    public static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");

    /** The shape of a location's name; which of them are allowed is {@link Policy}'s to say. */
    public static final Pattern LOCATION = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private static final Pattern FULL_NAME =
            Pattern.compile("projects/([^/]+)/locations/([^/]+)/keyRings/([^/]+)/cryptoKeys/([^/]+)");

    public CryptoKeyName {
        requireProject(project);
        requireLocation(location);
        requireId("keyRing", keyRing);
        requireId("name", name);
        // A scan holds thousands of names, of few projects, locations and rings.
        project = project.intern();
        location = location.intern();
        keyRing = keyRing.intern();
    }

    /**
     * Reads a full resource name.
     *
     * @throws IllegalArgumentException when the text is anything else, a key version's name included
     */
    @JsonCreator
    public static CryptoKeyName parse(String text) {
        Matcher matcher = FULL_NAME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a crypto key's name (projects/P/locations/L/keyRings/R/cryptoKeys/K): "
                            + SafeText.quote(text));
        }
        return new CryptoKeyName(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4));
    }

    public KeyRingName ring() {
        return new KeyRingName(project, location, keyRing);
    }

    @Override
    @JsonValue
    public String toString() {
        return "projects/" + project + "/locations/" + location + "/keyRings/" + keyRing + "/cryptoKeys/" + name;
    }

    static void requireProject(String project) {
        require("project", PROJECT, project);
    }

    static void requireLocation(String location) {
        require("location", LOCATION, location);
    }

    static void requireId(String field, String id) {
        require(field, ID, id);
    }

    private static void require(String field, Pattern pattern, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + " must match " + pattern.pattern() + " but is " + SafeText.quote(value));
        }
    }
}
