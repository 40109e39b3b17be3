package cmek.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.regex.Pattern;

/** A workspace of the Admin API: {@code wrkspc_…}. */
@RegisterForReflection
public record WorkspaceId(String value) {

    /** Ids of the Admin API are opaque after their prefix; these are the characters that are safe in a path. */
    public static final Pattern PATTERN = Pattern.compile("wrkspc_[a-zA-Z0-9]{1,64}");

    @JsonCreator
    public WorkspaceId {
        if (!PATTERN.matcher(value).matches()) {
            throw new IllegalArgumentException("not a workspace id (wrkspc_…): " + SafeText.quote(value));
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return value;
    }
}
