package cmek.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** An event between the functions, or an object of the evidence bucket. */
@RegisterForReflection
public interface Versioned {

    /** The edition, for its readers. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    default int schemaVersion() {
        return Json.SCHEMA_VERSION;
    }
}
