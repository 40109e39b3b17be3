/** What is published: one result a fact, for the chain and the scan alike. */
@NullMarked
package cmek.result;

import org.jspecify.annotations.NullMarked;
