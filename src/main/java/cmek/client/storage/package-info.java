/**
 * The client of Cloud Storage: the objects of one bucket.
 *
 * <p>In: names and text. Out: text with the generation it was read at, or that nothing was written because someone else
 * had written. What may be large goes in piece by piece and comes out range by range. Deletes nothing.
 */
@NullMarked
package cmek.client.storage;

import org.jspecify.annotations.NullMarked;
