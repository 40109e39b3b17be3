package cmek.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Cloud KMS crypto key: {@code projects/P/locations/L/keyRings/R/cryptoKeys/K}, never one of its versions.
 *
 * @param project a project id, not a number
 * @see <a href="https://cloud.google.com/kms/docs/resource-hierarchy">Cloud KMS resources</a>
 */
@RegisterForReflection
public record CryptoKeyName(String project, String location, String keyRing, String name) {

    private static final Pattern FULL_NAME =
            Pattern.compile("projects/([^/]+)/locations/([^/]+)/keyRings/([^/]+)/cryptoKeys/([^/]+)");

    public CryptoKeyName {
        KmsIds.requireProject(project);
        KmsIds.requireLocation(location);
        KmsIds.requireId("keyRing", keyRing);
        KmsIds.requireId("name", name);
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
}
