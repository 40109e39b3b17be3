package cmek.client.project;

import java.util.List;
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

    /** A project by its id: what it lies in, and whether somebody asked for its deletion. */
    Lookup<ProjectInfo> project(String id);

    /**
     * What a project or folder lies in.
     *
     * @param resource {@code projects/P} or {@code folders/F}
     * @return {@code folders/F} or {@code organizations/O}; known and empty for a project without an organization
     */
    Lookup<Optional<String>> parent(String resource);

    /**
     * The id of the project of a number ({@code projects.get}).
     *
     * @param number digits only
     */
    Lookup<String> projectId(String number);

    /**
     * The audit logs that the policy on one resource turns on; what it inherits is not among them.
     *
     * @param resource {@code projects/P}, {@code folders/F} or {@code organizations/O}
     */
    Lookup<List<AuditConfig>> auditConfigs(String resource);

    /** Which of these permissions the caller, and nobody else, holds on a project. */
    Lookup<Set<String>> heldPermissions(String project, Set<String> asked);
}
