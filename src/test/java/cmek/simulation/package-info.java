/**
 * A whole deployment in one process under a scheduler with a seed: the real entry points, steps and clients over simulated
 * outside APIs, on simulated time. The seed decides what is delivered when, to how many instances at once, what fails
 * and who dies; the same seed is the same history.
 */
@NullMarked
package cmek.simulation;

import org.jspecify.annotations.NullMarked;
