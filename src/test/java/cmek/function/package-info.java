/** Tests of the entry points, plain JUnit with a step and a Pub/Sub in memory. */
@NullMarked
package cmek.function;

import org.jspecify.annotations.NullMarked;
