package cmek.scan;

import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Versioned;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * The event that has one key checked. Whoever may publish on the topic may have made it up, so it only names what is to be
 * checked: {@link ScanTargets} looks up what is known of that.
 *
 * @param change what happened to the key, where that is the reason for the check
 */
@RegisterForReflection
public record ScanKeyEvent(RunId run, Registration key, Optional<KeyChange> change) implements Versioned {

    /** A registration, and the key that it is said to be of. */
    @RegisterForReflection
    public record Registration(ExternalKeyId id, CryptoKeyName key) {}

    /** The event for a key that is to be checked. */
    public static ScanKeyEvent of(KeyToScan key) {
        return new ScanKeyEvent(
                key.run(), new Registration(key.key().id(), key.key().key()), key.change());
    }
}
