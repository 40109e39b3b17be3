/** Tests of the inspections, plain JUnit against windows in memory. */
@NullMarked
package cmek.check;

import org.jspecify.annotations.NullMarked;
