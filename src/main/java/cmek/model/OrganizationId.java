package cmek.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.regex.Pattern;

/** An organization of Anthropic: a bare UUID in lower case, never an {@code org_…} id. */
@RegisterForReflection
public record OrganizationId(String value) {

    private static final Pattern PATTERN =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @JsonCreator
    public OrganizationId {
        if (!PATTERN.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not an organization id (a bare UUID in lower case): " + SafeText.quote(value));
        }
    }

    /**
     * The label by which a key says that this organization may use it; its value is {@value OrganizationLabel#VALUE}.
     * Anthropic refuses to validate a key without it.
     */
    public OrganizationLabel label() {
        return new OrganizationLabel("anthropic-org-" + value);
    }

    @Override
    @JsonValue
    public String toString() {
        return value;
    }
}
