package cmek.scan;

import cmek.model.Versioned;
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
public record KeyToScan(RunId run, RegisteredKey key, Instant patientUntil, Optional<KeyChange> change)
        implements Versioned {}
