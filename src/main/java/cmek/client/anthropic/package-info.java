/**
 * The client to Anthropic's Admin API: the organization, its external keys and its workspaces.
 *
 * <p>In: ids and names in our words. Out: facts in our words. The credential is read here and never shown.
 */
@NullMarked
package cmek.client.anthropic;

import org.jspecify.annotations.NullMarked;
