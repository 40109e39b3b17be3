package cmek.client.http;

import cmek.model.RoleBinding;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The bindings in an IAM policy as Google's APIs send it; whatever is missing or null in it is nothing. */
public final class RoleBindings {

    private RoleBindings() {}

    /** Reads the bindings of a policy of version 3. */
    public static List<RoleBinding> of(JsonNode policy) {
        List<RoleBinding> bindings = new ArrayList<>();
        for (JsonNode binding : policy.path("bindings")) {
            List<String> members = new ArrayList<>();
            binding.path("members").forEach(member -> members.add(member.asText()));
            bindings.add(new RoleBinding(binding.path("role").asText(), members, binding.has("condition")));
        }
        return bindings;
    }
}
