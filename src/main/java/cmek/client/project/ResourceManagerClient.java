package cmek.client.project;

import java.util.Optional;
import java.util.Set;

/**
 * Resource Manager, as far as this product uses it. Every call may throw
 * {@link cmek.finding.TransientException} (timeout, overload, 5xx); any other failure makes the result
 * unknown.
 *
 * @see <a href="https://cloud.google.com/resource-manager/reference/rest">Resource Manager API v3</a>
 */
public interface ResourceManagerClient {

    /**
     * What a project or folder is: its number, what it lies in, and whether somebody asked for its deletion.
     *
     * @param resource {@code projects/P} or {@code folders/F}
     */
    Lookup<ResourceInfo> info(String resource);

    /**
     * What a project or folder lies in.
     *
     * @param resource {@code projects/P} or {@code folders/F}
     * @return {@code folders/F} or {@code organizations/O}; known and empty for a project without an organization
     */
    default Lookup<Optional<String>> parent(String resource) {
        Lookup<ResourceInfo> info = info(resource);
        if (info instanceof Lookup.Unknown<ResourceInfo> closed) {
            return new Lookup.Unknown<>(closed.why());
        }
        return new Lookup.Known<>(((Lookup.Known<ResourceInfo>) info).value().parent());
    }

    /**
     * The policy on one resource: its bindings, conditions included, and the audit logs that it turns on. What it inherits
     * is not in it.
     *
     * @param resource {@code projects/P}, {@code folders/F} or {@code organizations/O}
     */
    Lookup<ResourcePolicy> policy(String resource);

    /** Which of these permissions the caller, and nobody else, holds on a project. */
    Lookup<Set<String>> heldPermissions(String project, Set<String> asked);
}
