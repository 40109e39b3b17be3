/**
 * A scan's report as a person reads it: values in, text out.
 *
 * <p>Everything that came from outside, a key's or a workspace's name above all, may be hostile and is written so that
 * a browser or a spreadsheet takes it for text.
 */
@NullMarked
package cmek.scan.report;

import org.jspecify.annotations.NullMarked;
