/** Tests of the inspections, plain JUnit against windows in memory. */
@NullMarked
package cmek.inspection;

import org.jspecify.annotations.NullMarked;
