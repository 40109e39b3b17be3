package cmek.model;

import java.util.List;

/**
 * One binding of an IAM policy.
 *
 * @param role as it stands in the policy: predefined ({@code roles/…}) or custom ({@code projects/…}, {@code organizations/…})
 * @param members as they stand in the policy
 * @param conditional whether it holds only under a condition
 */
public record RoleBinding(String role, List<String> members, boolean conditional) {

    public RoleBinding {
        members = List.copyOf(members);
    }
}
