/** Holds what deploys the program to the program: permissions, settings and the documents about them. */
@NullMarked
package cmek.deployment;

import org.jspecify.annotations.NullMarked;
