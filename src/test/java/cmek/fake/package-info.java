/**
 * What the plain tests of steps, checks and scans are given: the real clients over the simulators of the APIs, without a
 * socket in between ({@link cmek.fake.KmsInProcess}, {@link cmek.fake.ProjectInProcess},
 * {@link cmek.client.anthropic.AdminApiInProcess}), and a sample to start from. What an API does is the simulators' business.
 */
@NullMarked
package cmek.fake;

import org.jspecify.annotations.NullMarked;
