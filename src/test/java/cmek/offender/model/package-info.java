/** A house in which every rule of {@link cmek.ArchitectureRules} is broken, so that each can be seen to fail. */
@NullMarked
package cmek.offender.model;

import org.jspecify.annotations.NullMarked;
