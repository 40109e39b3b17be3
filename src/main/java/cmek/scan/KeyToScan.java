package cmek.scan;

import java.time.Instant;
import java.util.Optional;

/**
 * One key that is to be checked.
 *
 * @param patientUntil when a key that cannot be reached is no longer retried but reported so
 * @param change what happened to the key, where that is the reason for the check
 */
public record KeyToScan(RunId run, RegisteredKey key, Instant patientUntil, Optional<KeyChange> change) {}
