@NullMarked
package cmek.logging;

import org.jspecify.annotations.NullMarked;
