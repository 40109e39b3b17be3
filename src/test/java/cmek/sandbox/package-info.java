/**
 * The whole service on one machine: the real functions in a process of their own, every outside world simulated, Pub/Sub
 * between them.
 *
 * <p>In: a request's file. Out: the published results on standard output, the steps as they happen on standard error, and
 * an exit status. Lives with the tests and never ships.
 */
@NullMarked
package cmek.sandbox;

import org.jspecify.annotations.NullMarked;
