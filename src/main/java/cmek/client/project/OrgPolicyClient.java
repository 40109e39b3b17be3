package cmek.client.project;

/**
 * Org Policy, as far as this product uses it.
 *
 * @see <a href="https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest">Organization Policy API v2</a>
 */
public interface OrgPolicyClient {

    /**
     * What a constraint means for a project, everything inherited included.
     *
     * @param constraint without {@code constraints/}
     * @throws cmek.finding.TransientException on timeout, overload and 5xx
     */
    Lookup<EffectivePolicy> effective(String project, String constraint);
}
