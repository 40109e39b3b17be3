/**
 * The client of Anthropic's Admin API: the organization, its external keys and its workspaces.
 *
 * <p>In and out: our own types. The credential is read here and never shown.
 */
@NullMarked
package cmek.client.anthropic;

import org.jspecify.annotations.NullMarked;
