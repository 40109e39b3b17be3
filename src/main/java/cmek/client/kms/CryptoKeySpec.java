package cmek.client.kms;

import cmek.model.ProtectionLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a new crypto key must be; purpose and algorithm are fixed to the only ones that Anthropic accepts.
 *
 * @param labels the organization's label included
 * @param rotation empty for a key that does not rotate by itself
 * @param destroyScheduledDuration empty for Cloud KMS' default; it can never be changed afterwards
 */
public record CryptoKeySpec(
        ProtectionLevel protectionLevel,
        Map<String, String> labels,
        Optional<Rotation> rotation,
        Optional<Duration> destroyScheduledDuration) {

    public CryptoKeySpec {
        labels = Map.copyOf(labels);
    }

    /**
     * Automatic rotation.
     *
     * @param period at least 24 hours
     * @param next when the first rotation happens
     */
    public record Rotation(Duration period, Instant next) {}
}
