/** Tests of the words of the house. */
@NullMarked
package cmek.model;

import org.jspecify.annotations.NullMarked;
