package cmek.model;

import java.util.regex.Pattern;

/** What ids of projects, locations, key rings and keys look like. */
public final class KmsIds {

    /** What Cloud KMS accepts as the id of a ring or key. */
    public static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,63}");

    /** What Google Cloud accepts as a project id; domain-scoped ids ({@code example.com:p}) are not served. */
    public static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");

    /** The shape of a location's name; which of them are allowed is {@link Policy}'s to say. */
    public static final Pattern LOCATION = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private KmsIds() {}

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
