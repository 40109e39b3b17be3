/** Holds the README to what is true: its commands are run, its examples are read, its reasons are the program's. */
@NullMarked
package cmek.readme;

import org.jspecify.annotations.NullMarked;
