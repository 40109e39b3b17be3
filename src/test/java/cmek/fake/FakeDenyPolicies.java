package cmek.fake;

import cmek.client.project.DenyPolicy;
import cmek.client.project.DenyPolicyClient;
import cmek.client.project.Lookup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Deny policies in memory: by default there are none. */
public final class FakeDenyPolicies implements DenyPolicyClient {

    private final List<DenyPolicy> policies = new ArrayList<>();
    private final Set<String> closed = new HashSet<>();
    private final List<String> reads = new ArrayList<>();

    public FakeDenyPolicies with(String resource, String id, DenyPolicy.Rule... rules) {
        policies.add(new DenyPolicy(resource, id, List.of(rules)));
        return this;
    }

    /** We may not look at this resource. */
    public FakeDenyPolicies closed(String resource) {
        closed.add(resource);
        return this;
    }

    public List<String> reads() {
        return List.copyOf(reads);
    }

    @Override
    public synchronized Lookup<List<String>> attachedTo(String resource) {
        reads.add("ListPolicies " + resource);
        return closed.contains(resource)
                ? new Lookup.Unknown<>("ListPolicies on " + resource
                        + " answered 403 PERMISSION_DENIED IAM_PERMISSION_DENIED iam.denypolicies.list")
                : new Lookup.Known<>(policies.stream()
                        .filter(policy -> policy.resource().equals(resource))
                        .map(DenyPolicy::id)
                        .toList());
    }

    @Override
    public synchronized Lookup<Optional<DenyPolicy>> policy(String resource, String id) {
        reads.add("GetPolicy " + resource + " " + id);
        return new Lookup.Known<>(policies.stream()
                .filter(policy ->
                        policy.resource().equals(resource) && policy.id().equals(id))
                .findFirst());
    }
}
