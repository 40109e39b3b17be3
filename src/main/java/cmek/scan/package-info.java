/**
 * Looking at every key, every night and after each change. Reads only, towards Cloud KMS and Anthropic alike; what it
 * finds it leaves in the evidence bucket.
 *
 * <p>In: the id of a run, or a registered key. Out: what was found, for the entry points to publish. Each verb can be entered
 * twice with the same run and finds what it left the first time.
 */
@NullMarked
package cmek.scan;

import org.jspecify.annotations.NullMarked;
