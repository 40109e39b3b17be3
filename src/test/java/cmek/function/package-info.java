/** Tests of the doors, plain JUnit with a step and a Pub/Sub in memory. */
@NullMarked
package cmek.function;

import org.jspecify.annotations.NullMarked;
