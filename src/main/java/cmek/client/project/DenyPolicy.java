package cmek.client.project;

import java.util.List;
import java.util.Optional;

/**
 * An IAM deny policy.
 *
 * @param resource that it is attached to: {@code projects/P}, {@code folders/F} or {@code organizations/O}
 */
public record DenyPolicy(String resource, String id, List<Rule> rules) {

    public DenyPolicy {
        rules = List.copyOf(rules);
    }

    /**
     * One rule: denies some permissions to some principals, both with exceptions.
     *
     * @param permissions in IAM's v2 form, {@code cloudkms.googleapis.com/cryptoKeys.get}, wildcards included
     * @param condition on the tags of a resource, which we do not evaluate: its title, or its expression
     */
    public record Rule(
            List<String> principals,
            List<String> exceptedPrincipals,
            List<String> permissions,
            List<String> exceptedPermissions,
            Optional<String> condition) {

        public Rule {
            principals = List.copyOf(principals);
            exceptedPrincipals = List.copyOf(exceptedPrincipals);
            permissions = List.copyOf(permissions);
            exceptedPermissions = List.copyOf(exceptedPermissions);
        }
    }
}
