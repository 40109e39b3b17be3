/**
 * Names and values: what a request, a key, a workspace and an organization are. In: text from outside, rejected here
 * when it is invalid. Out: values that can be trusted everywhere else.
 */
@NullMarked
package cmek.model;

import org.jspecify.annotations.NullMarked;
