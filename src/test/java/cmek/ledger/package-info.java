/** What the ledger promises, over a bucket in memory. */
@NullMarked
package cmek.ledger;

import org.jspecify.annotations.NullMarked;
