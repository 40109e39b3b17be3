/** Tests of the inspections, plain JUnit against clients in memory. */
@NullMarked
package cmek.check;

import org.jspecify.annotations.NullMarked;
