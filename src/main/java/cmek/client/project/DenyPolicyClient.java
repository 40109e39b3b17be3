package cmek.client.project;

import java.util.List;
import java.util.Optional;

/**
 * IAM's deny policies, as far as this product uses them. They take away what roles grant. Every call may throw
 * {@link cmek.finding.TransientException} (timeout, overload, 5xx); any other failure makes the result unknown.
 *
 * @see <a href="https://cloud.google.com/iam/docs/reference/rest/v2/policies">IAM API v2, policies</a>
 */
public interface DenyPolicyClient {

    /**
     * The ids of the deny policies that are attached to one resource; those that it inherits are not among them.
     *
     * @param resource {@code projects/P}, {@code folders/F} or {@code organizations/O}
     */
    Lookup<List<String>> attachedTo(String resource);

    /**
     * One deny policy with its rules, which a list does not contain.
     *
     * @return known and empty when it is gone
     */
    Lookup<Optional<DenyPolicy>> policy(String resource, String id);
}
