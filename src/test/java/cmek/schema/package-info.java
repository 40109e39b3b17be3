/** The contract of requests and results, and that what is read and written keeps it. */
@NullMarked
package cmek.schema;

import org.jspecify.annotations.NullMarked;
