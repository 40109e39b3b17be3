/**
 * Holds the documents to what is true: their commands are run or read by a shell, their examples are read by the program,
 * what they name exists, and what they list is all that there is.
 */
@NullMarked
package cmek.readme;

import org.jspecify.annotations.NullMarked;
