package cmek.client.kms;

import cmek.model.CryptoKeyName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A crypto key as Cloud KMS describes it. Words are Cloud KMS' own ({@code ENCRYPT_DECRYPT}, {@code HSM}, …), kept as
 * text because a key that others created may have any of them.
 *
 * @param purpose {@code ENCRYPT_DECRYPT} for a key that Anthropic can use
 * @param algorithm of new versions: {@code GOOGLE_SYMMETRIC_ENCRYPTION} for a key that Anthropic can use
 * @param protectionLevel of new versions
 * @param primary empty for a key without a primary version, as an imported one may be
 * @param nextRotationTime when Cloud KMS will create a new primary version by itself
 * @param importOnly whether versions can only be imported
 * @param allowedAccessReasons of the key's Key Access Justifications policy: with an empty set every use is denied; absent
 *     for a key without such a policy
 */
public record CryptoKeyInfo(
        CryptoKeyName name,
        String purpose,
        String algorithm,
        String protectionLevel,
        Map<String, String> labels,
        Optional<KeyVersionInfo> primary,
        Optional<Duration> rotationPeriod,
        Optional<Duration> destroyScheduledDuration,
        Optional<Instant> nextRotationTime,
        boolean importOnly,
        Optional<Set<String>> allowedAccessReasons) {

    public CryptoKeyInfo {
        labels = Map.copyOf(labels);
        allowedAccessReasons = allowedAccessReasons.map(Set::copyOf);
    }

    /** A key whose versions are generated, and without a Key Access Justifications policy. */
    public CryptoKeyInfo(
            CryptoKeyName name,
            String purpose,
            String algorithm,
            String protectionLevel,
            Map<String, String> labels,
            Optional<KeyVersionInfo> primary,
            Optional<Duration> rotationPeriod,
            Optional<Duration> destroyScheduledDuration,
            Optional<Instant> nextRotationTime) {
        this(
                name,
                purpose,
                algorithm,
                protectionLevel,
                labels,
                primary,
                rotationPeriod,
                destroyScheduledDuration,
                nextRotationTime,
                false,
                Optional.empty());
    }

    /** A key that does not rotate by itself. */
    public CryptoKeyInfo(
            CryptoKeyName name,
            String purpose,
            String algorithm,
            String protectionLevel,
            Map<String, String> labels,
            Optional<KeyVersionInfo> primary,
            Optional<Duration> rotationPeriod,
            Optional<Duration> destroyScheduledDuration) {
        this(
                name,
                purpose,
                algorithm,
                protectionLevel,
                labels,
                primary,
                rotationPeriod,
                destroyScheduledDuration,
                Optional.empty());
    }
}
