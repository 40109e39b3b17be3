/**
 * The client of Cloud Storage: the objects of the evidence bucket, and of the bucket of the reports.
 *
 * <p>In: names and text. Out: text with the generation it was read at, or that nothing was written because another
 * process had. What may be large is sent while it is written, and read range by range. Deletes nothing.
 */
@NullMarked
package cmek.client.storage;

import org.jspecify.annotations.NullMarked;
