package cmek.scan;

import cmek.finding.Reason;
import cmek.model.CryptoKeyName;

/** Restores what a key has lost; implemented in another package, because this one only reads. */
public interface Repair {

    /**
     * Whether this service may change a key now: the operators let it, and Anthropic has the registration of it.
     *
     * @throws cmek.finding.TransientException when Anthropic does not answer now
     */
    boolean mayRestore(RegisteredKey key);

    /**
     * Restores one thing.
     *
     * @param lost {@link Reason#LABEL_MISSING} or {@link Reason#BINDING_MISSING}
     * @throws cmek.finding.PermanentException when it cannot be restored
     * @throws cmek.finding.TransientException when it cannot now
     */
    void restore(CryptoKeyName key, Reason lost);
}
