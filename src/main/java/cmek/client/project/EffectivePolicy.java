package cmek.client.project;

import java.util.List;
import java.util.Set;

/**
 * What a constraint means for one project. Without rules it restricts nothing.
 *
 * @param constraint without {@code constraints/}
 */
public record EffectivePolicy(String constraint, List<Rule> rules) {

    public EffectivePolicy {
        rules = List.copyOf(rules);
    }

    /**
     * One rule, of a list constraint, a boolean one or a managed one with parameters.
     *
     * @param conditional whether it depends on a condition (a tag), which we do not evaluate
     * @param memberSubjects of {@code iam.managed.allowedPolicyMembers}: single principals
     * @param principalSets of the same: everyone of a project, folder or organization
     */
    public record Rule(
            boolean conditional,
            boolean allowAll,
            boolean denyAll,
            boolean enforce,
            Set<String> allowedValues,
            Set<String> deniedValues,
            Set<String> memberSubjects,
            Set<String> principalSets) {

        public Rule {
            allowedValues = Set.copyOf(allowedValues);
            deniedValues = Set.copyOf(deniedValues);
            memberSubjects = Set.copyOf(memberSubjects);
            principalSets = Set.copyOf(principalSets);
        }
    }
}
