package cmek.fake;

import cmek.client.project.EffectivePolicy;
import cmek.client.project.Lookup;
import cmek.client.project.OrgPolicyClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Org Policy in memory: by default nothing is restricted. */
public final class FakePolicies implements OrgPolicyClient {

    private final Map<String, EffectivePolicy> policies = new HashMap<>();
    private boolean closed;

    public FakePolicies withAllowedValues(String constraint, String... values) {
        return with(constraint, rule(false, false, Set.of(values), Set.of(), Set.of()));
    }

    public FakePolicies withConditionalAllowedValues(String constraint, String... values) {
        return with(constraint, rule(true, false, Set.of(values), Set.of(), Set.of()));
    }

    /** {@code iam.managed.allowedPolicyMembers}, enforced. */
    public FakePolicies withAllowedMembers(Set<String> subjects, Set<String> principalSets) {
        return with("iam.managed.allowedPolicyMembers", rule(false, true, Set.of(), subjects, principalSets));
    }

    /** Nobody may be granted anything. */
    public FakePolicies denyingAll(String constraint) {
        return with(
                constraint,
                new EffectivePolicy.Rule(false, false, true, false, Set.of(), Set.of(), Set.of(), Set.of()));
    }

    public FakePolicies withDeniedValues(String constraint, String... values) {
        return with(
                constraint,
                new EffectivePolicy.Rule(false, false, false, false, Set.of(), Set.of(values), Set.of(), Set.of()));
    }

    /** We may not look. */
    public FakePolicies closed() {
        closed = true;
        return this;
    }

    @Override
    public Lookup<EffectivePolicy> effective(String project, String constraint) {
        return closed
                ? new Lookup.Unknown<>("GetEffectivePolicy answered 403 PERMISSION_DENIED orgpolicy.policy.get")
                : new Lookup.Known<>(policies.getOrDefault(constraint, new EffectivePolicy(constraint, List.of())));
    }

    private FakePolicies with(String constraint, EffectivePolicy.Rule rule) {
        policies.put(constraint, new EffectivePolicy(constraint, List.of(rule)));
        return this;
    }

    private static EffectivePolicy.Rule rule(
            boolean conditional, boolean enforce, Set<String> allowed, Set<String> subjects, Set<String> sets) {
        return new EffectivePolicy.Rule(conditional, false, false, enforce, allowed, Set.of(), subjects, sets);
    }
}
