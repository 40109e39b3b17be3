package cmek.scan;

import cmek.finding.Reason;
import cmek.model.CryptoKeyName;

/** Restores what a key has lost; implemented in another package, because this one only reads. */
public interface Repair {

    /**
     * Restores one thing.
     *
     * @param lost {@link Reason#LABEL_MISSING} or {@link Reason#BINDING_MISSING}
     * @throws cmek.finding.PermanentException when it cannot be restored
     * @throws cmek.finding.TransientException when it cannot now
     */
    void restore(CryptoKeyName key, Reason lost);
}
