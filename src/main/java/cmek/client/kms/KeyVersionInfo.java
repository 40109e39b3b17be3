package cmek.client.kms;

import java.time.Instant;
import java.util.Optional;

/**
 * A version of a crypto key.
 *
 * @param number from 1
 * @param state Cloud KMS' own word: {@code ENABLED}, {@code DISABLED}, {@code DESTROY_SCHEDULED}, {@code DESTROYED}, …
 * @param destroyTime when a scheduled destruction becomes final
 */
public record KeyVersionInfo(
        long number, String state, String protectionLevel, String algorithm, Optional<Instant> destroyTime) {}
