package cmek.scan;

import cmek.finding.Reason;
import cmek.model.CryptoKeyName;

/** Restoring what a key has lost; done in another room, because this one reads only. */
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
