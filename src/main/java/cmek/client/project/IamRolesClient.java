package cmek.client.project;

import java.util.Set;

/**
 * IAM's roles, as far as this product uses them.
 *
 * @see <a href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles/get">IAM API v1</a>
 */
public interface IamRolesClient {

    /**
     * What a custom role permits: nothing at all once it is deleted.
     *
     * @param role {@code projects/P/roles/R} or {@code organizations/O/roles/R}
     * @throws cmek.finding.TransientException on timeout, overload and 5xx
     */
    Lookup<Set<String>> permissions(String role);
}
