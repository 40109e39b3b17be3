/** Tests of the desk: everything that anybody may type. */
@NullMarked
package cmek.request;

import org.jspecify.annotations.NullMarked;
