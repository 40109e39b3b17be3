package cmek.client.project;

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
     * What a project or folder is: its id and number, what it lies in, and whether somebody asked for its deletion.
     *
     * @param resource {@code projects/P}, by its id or number, or {@code folders/F}
     */
    Lookup<ResourceInfo> info(String resource);

    /**
     * The id of the project of a number.
     *
     * @param number digits only
     */
    default Lookup<String> projectId(String number) {
        String resource = "projects/" + number;
        Lookup<ResourceInfo> info = info(resource);
        return info instanceof Lookup.Known<ResourceInfo> known
                ? known.value()
                        .id()
                        .<Lookup<String>>map(Lookup.Known::new)
                        .orElseGet(() -> new Lookup.Unknown<>(
                                "GetProject on " + resource + " answered without the project's id"))
                : new Lookup.Unknown<>(((Lookup.Unknown<ResourceInfo>) info).why());
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
