package cmek.scan;

import cmek.model.Json;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Optional;

/**
 * The event that has one key checked.
 *
 * @param patientUntil when a key that cannot be reached is no longer retried but reported so
 * @param change what happened to the key, where that is the reason for the check
 */
@RegisterForReflection
public record KeyToScan(RunId run, RegisteredKey key, Instant patientUntil, Optional<KeyChange> change) {
    /** The edition of the event or object, for its readers. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public int schemaVersion() {
        return Json.SCHEMA_VERSION;
    }
}
