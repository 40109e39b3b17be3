/** Names and values: what a request, a key, a workspace and an organization are. In: text from outside, refused here when it is nonsense. Out: values that can be trusted everywhere else. */
@NullMarked
package cmek.model;

import org.jspecify.annotations.NullMarked;
