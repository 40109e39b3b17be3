/**
 * The client to the project a key lives in: Service Usage, Resource Manager and Org Policy. Reads only.
 *
 * <p>In: a project id. Out: what is known about the project, and plainly that it is not known where we may not look.
 */
@NullMarked
package cmek.client.project;

import org.jspecify.annotations.NullMarked;
