package cmek.client.project;

import cmek.model.RoleBinding;
import java.util.List;

/**
 * The IAM policy on one project, folder or organization; what it inherits is not in it.
 *
 * @param bindings who may do what
 * @param auditConfigs which audit logs it turns on
 */
public record ResourcePolicy(List<RoleBinding> bindings, List<AuditConfig> auditConfigs) {

    public ResourcePolicy {
        bindings = List.copyOf(bindings);
        auditConfigs = List.copyOf(auditConfigs);
    }
}
