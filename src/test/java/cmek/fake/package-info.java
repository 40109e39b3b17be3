/**
 * What the plain tests of steps, checks and scans are given: clients without an outside API, in memory and by hand, and
 * Cloud KMS's real client over its simulator ({@link cmek.fake.KmsInProcess}). What a real API does on the wire is the
 * simulators' business.
 */
@NullMarked
package cmek.fake;

import org.jspecify.annotations.NullMarked;
