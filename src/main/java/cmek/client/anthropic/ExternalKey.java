package cmek.client.anthropic;

import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import java.time.Instant;
import java.util.Optional;

/**
 * A key's registration.
 *
 * @param provider {@code gcp}, {@code aws}, {@code azure} or a later one
 * @param keyName the key's name as it was registered, made safe to show; empty where there is none
 * @param key only for {@code gcp}, and only where its name says by itself which key that is
 * @param attached whether a live or archived workspace refers to it
 * @param userProfileId the user profile that it is bound to; a workspace with another one, or with none, cannot use it
 * @param geo where Anthropic keeps it, as Anthropic says; empty where it does not say
 */
public record ExternalKey(
        ExternalKeyId id,
        String displayName,
        String provider,
        String keyName,
        Optional<CryptoKeyName> key,
        boolean attached,
        Instant createdAt,
        Optional<String> userProfileId,
        Optional<String> geo) {

    /** Of a key in Cloud KMS. */
    public static final String GOOGLE = "gcp";

    /** The only value that Anthropic's guide knows, and the one that is always sent: its default may change. */
    public static final String GEO = "us";

    /** One that is bound to no user profile. */
    public ExternalKey(
            ExternalKeyId id,
            String displayName,
            String provider,
            Optional<CryptoKeyName> key,
            boolean attached,
            Instant createdAt) {
        this(
                id,
                displayName,
                provider,
                key.map(CryptoKeyName::toString).orElse(""),
                key,
                attached,
                createdAt,
                Optional.empty(),
                Optional.empty());
    }

    /** The same registration, of a key that became known otherwise than by its name. */
    public ExternalKey of(CryptoKeyName known) {
        return new ExternalKey(
                id, displayName, provider, keyName, Optional.of(known), attached, createdAt, userProfileId, geo);
    }

    /** Whether Anthropic keeps it where it says that it keeps no key of this product's. */
    public boolean isElsewhere() {
        return geo.isPresent() && !geo.get().equals(GEO);
    }
}
