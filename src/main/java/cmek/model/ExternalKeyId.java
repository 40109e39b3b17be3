package cmek.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.regex.Pattern;

/** A key's registration in the Admin API: {@code ekey_…}. */
@RegisterForReflection
public record ExternalKeyId(String value) {

    private static final Pattern PATTERN = Pattern.compile("ekey_[a-zA-Z0-9]{1,64}");

    @JsonCreator
    public ExternalKeyId {
        if (!PATTERN.matcher(value).matches()) {
            throw new IllegalArgumentException("not an external key id (ekey_…): " + SafeText.quote(value));
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return value;
    }
}
