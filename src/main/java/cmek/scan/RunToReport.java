package cmek.scan;

import cmek.model.Json;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** The event that has a scan reported on. */
@RegisterForReflection
public record RunToReport(RunId run) {

    /** The edition of the event or object, for its readers. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public int schemaVersion() {
        return Json.SCHEMA_VERSION;
    }
}
