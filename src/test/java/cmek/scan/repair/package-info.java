@NullMarked
package cmek.scan.repair;

import org.jspecify.annotations.NullMarked;
