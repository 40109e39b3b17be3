@NullMarked
package cmek.repair;

import org.jspecify.annotations.NullMarked;
