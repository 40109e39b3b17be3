/**
 * What all clients share about going out: timeouts, retries, credentials and how an error of Google's is read.
 *
 * <p>Knows no outside API by name and no word of the guide.
 */
@NullMarked
package cmek.client.http;

import org.jspecify.annotations.NullMarked;
