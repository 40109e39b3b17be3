package cmek.fake;

import cmek.client.project.IamRolesClient;
import cmek.client.project.Lookup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** IAM's roles in memory: by default none may be read. */
public final class FakeRoles implements IamRolesClient {

    private final Map<String, Set<String>> roles = new HashMap<>();
    private final List<String> reads = new ArrayList<>();

    public FakeRoles withRole(String role, String... permissions) {
        roles.put(role, Set.of(permissions));
        return this;
    }

    public synchronized List<String> reads() {
        return List.copyOf(reads);
    }

    @Override
    public synchronized Lookup<Set<String>> permissions(String role) {
        reads.add("GetRole " + role);
        Set<String> known = roles.get(role);
        return known == null
                ? new Lookup.Unknown<>("GetRole on " + role + " answered 403 PERMISSION_DENIED iam.roles.get")
                : new Lookup.Known<>(known);
    }
}
