/** Tests of the window to the project a key lives in. */
@NullMarked
package cmek.client.project;

import org.jspecify.annotations.NullMarked;
