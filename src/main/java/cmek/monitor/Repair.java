package cmek.monitor;

import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.Reason;

/** Restoring what a key has lost; done in another room, because this one reads only. */
public interface Repair {

    /**
     * Restores one thing.
     *
     * @param lost {@link Reason#LABEL_MISSING} or {@link Reason#BINDING_MISSING}
     * @throws cmek.onboarding.RefusedException when it cannot be restored
     * @throws cmek.onboarding.UnavailableException when it cannot now
     */
    void restore(CryptoKeyName key, Reason lost);
}
