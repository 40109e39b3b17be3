/**
 * The simulators against clients that nobody here wrote: every call of the product and every error that it understands, with
 * a table of what was the same as documented in {@code target/certification/}.
 */
@NullMarked
package cmek.certification;

import org.jspecify.annotations.NullMarked;
