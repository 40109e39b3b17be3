/** Tests of the client to the project a key lives in. */
@NullMarked
package cmek.client.project;

import org.jspecify.annotations.NullMarked;
