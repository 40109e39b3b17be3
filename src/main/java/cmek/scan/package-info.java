/**
 * Checks every key, in a regular scan and after each change. Only reads from Cloud KMS and Anthropic; what was found is kept
 * in the evidence bucket.
 *
 * <p>In: the id of a run, or a registered key. Out: what was found, for the entry points to publish. Each step can run twice
 * for the same run and finds what it wrote the first time.
 */
@NullMarked
package cmek.scan;

import org.jspecify.annotations.NullMarked;
