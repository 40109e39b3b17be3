/**
 * Restores a lost label or a lost binding of Anthropic, and nothing else: no version is enabled, no member is removed,
 * nothing is created or destroyed.
 *
 * <p>In: a key and what it lost. Out: nothing; it is there again. Whether to restore is decided by the inspection.
 */
@NullMarked
package cmek.scan.repair;

import org.jspecify.annotations.NullMarked;
