package cmek.client.kms;

import java.time.Instant;
import java.util.Optional;

/**
 * A version of a crypto key.
 *
 * @param number from 1
 * @param state Cloud KMS' own word: {@code ENABLED}, {@code DISABLED}, {@code DESTROY_SCHEDULED}, {@code DESTROYED}, …
 * @param destroyTime when a scheduled destruction becomes final
 * @param createTime when the version was created; a version that is imported again keeps it
 * @param destroyEventTime when the key material was destroyed, also of a version that was imported again or should have been
 * @param importTime when key material was last imported successfully
 * @param reimportEligible whether the material of a destroyed version may be imported again
 */
public record KeyVersionInfo(
        long number,
        String state,
        String protectionLevel,
        String algorithm,
        Optional<Instant> destroyTime,
        Optional<Instant> createTime,
        Optional<Instant> destroyEventTime,
        Optional<Instant> importTime,
        boolean reimportEligible) {

    /** A version of which no more is known. */
    public KeyVersionInfo(
            long number, String state, String protectionLevel, String algorithm, Optional<Instant> destroyTime) {
        this(
                number,
                state,
                protectionLevel,
                algorithm,
                destroyTime,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
