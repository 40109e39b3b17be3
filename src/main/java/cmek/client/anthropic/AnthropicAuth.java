package cmek.client.anthropic;

import cmek.finding.PermanentException;
import cmek.finding.TransientException;

/** Where the credential of the Admin API comes from. Safe for use by several threads. */
interface AnthropicAuth {

    /**
     * The credential for one call.
     *
     * @throws PermanentException when there is none
     * @throws TransientException when none is available now
     */
    AnthropicCredential current();

    /**
     * Tries to get another one after Anthropic refused one.
     *
     * @param refused what was refused with a 401
     * @return whether {@link #current} is another one now, so that the call is worth one more attempt
     * @throws PermanentException as {@link #current} does
     * @throws TransientException as {@link #current} does
     */
    boolean renew(AnthropicCredential refused);
}
