/**
 * The window to Cloud Storage: the objects of one bucket.
 *
 * <p>In: names and text. Out: text with the generation it was read at, or that nothing was written because somebody else
 * had. Deletes nothing.
 */
@NullMarked
package cmek.client.storage;

import org.jspecify.annotations.NullMarked;
