/**
 * The client of the APIs about a key's project: Service Usage, Resource Manager, IAM's roles and Org Policy. Reads
 * only.
 *
 * <p>In: a project id. Out: what is known about the project, or that it is not known because we are not permitted to
 * read it.
 */
@NullMarked
package cmek.client.project;

import org.jspecify.annotations.NullMarked;
