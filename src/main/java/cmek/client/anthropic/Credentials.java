package cmek.client.anthropic;

import cmek.finding.RefusedException;
import cmek.finding.UnavailableException;

/** Where the credential of the Admin API comes from. Safe for use by several threads. */
interface Credentials {

    /**
     * The credential for one call.
     *
     * @throws RefusedException when there is none to be had
     * @throws UnavailableException when none can be had now
     */
    Credential current();

    /**
     * Looks for another after the vendor refused one.
     *
     * @param refused what was refused with a 401
     * @return whether {@link #current} is another one now, with which the call is worth one more try
     * @throws RefusedException as {@link #current} does
     * @throws UnavailableException as {@link #current} does
     */
    boolean renew(Credential refused);
}
