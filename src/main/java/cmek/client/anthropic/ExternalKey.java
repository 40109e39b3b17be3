package cmek.client.anthropic;

import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import java.time.Instant;
import java.util.Optional;

/**
 * A key's registration.
 *
 * @param provider {@code gcp}, {@code aws}, {@code azure} or a later one
 * @param key only for {@code gcp}, and only where its name is valid
 * @param attached whether a live or archived workspace refers to it
 */
public record ExternalKey(
        ExternalKeyId id,
        String displayName,
        String provider,
        Optional<CryptoKeyName> key,
        boolean attached,
        Instant createdAt) {}
