package cmek.client.anthropic;

import cmek.finding.PermanentException;
import cmek.finding.TransientException;

/** How calls to the Admin API are authenticated. Safe for use by several threads. */
interface AnthropicAuth {

    /**
     * The headers for one call.
     *
     * @throws PermanentException when there is no usable credential
     * @throws TransientException when none is available now
     */
    AuthHeaders current();

    /**
     * Looks for another credential after Anthropic refused one.
     *
     * @param refused what Anthropic answered with a 401
     * @return whether {@link #current} is different now, so that the call is worth one more attempt
     * @throws PermanentException as {@link #current} does
     * @throws TransientException as {@link #current} does
     */
    boolean renew(AuthHeaders refused);
}
