/**
 * What all clients share: timeouts, retries, credentials and how an error of Google is read.
 *
 * <p>Knows nothing about any particular API or about onboarding.
 */
@NullMarked
package cmek.client.http;

import org.jspecify.annotations.NullMarked;
