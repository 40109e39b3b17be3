package cmek.client.kms;

import cmek.client.http.RoleBindings;
import cmek.model.AnthropicPrincipal;
import cmek.model.RoleBinding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The IAM policy on one crypto key, with everything in it that we do not understand kept as it was read: bindings of
 * others, their conditions, audit configuration and the etag.
 */
public final class KeyPolicy {

    private static final int VERSION_WITH_CONDITIONS = 3;

    private final ObjectNode wire;

    KeyPolicy(ObjectNode wire) {
        this.wire = wire.deepCopy();
    }

    public List<RoleBinding> bindings() {
        return RoleBindings.of(wire);
    }

    /** Whether the member holds the role on this key without any condition. */
    public boolean grants(String role, String member) {
        return bindings().stream()
                .anyMatch(binding -> !binding.conditional()
                        && binding.role().equals(role)
                        && binding.members().contains(member));
    }

    /** Whether the member holds the role on this key, but only under a condition. */
    public boolean grantsConditionally(String role, String member) {
        return !grants(role, member)
                && bindings().stream()
                        .anyMatch(binding ->
                                binding.role().equals(role) && binding.members().contains(member));
    }

    /**
     * The same policy with both roles for Anthropic, each in its unconditional binding or in a new one. The
     * principal and the roles are constants: a policy cannot be changed in any other way.
     */
    public KeyPolicy withAnthropic() {
        KeyPolicy changed = new KeyPolicy(wire);
        for (String role : AnthropicPrincipal.ROLES) {
            if (!changed.grants(role, AnthropicPrincipal.MEMBER)) {
                changed.membersOf(role).add(AnthropicPrincipal.MEMBER);
            }
        }
        return changed;
    }

    private ArrayNode membersOf(String role) {
        ArrayNode bindings = wire.withArray("bindings");
        for (JsonNode binding : bindings) {
            if (binding.path("role").asText().equals(role) && !binding.has("condition")) {
                return ((ObjectNode) binding).withArray("members");
            }
        }
        return bindings.addObject().put("role", role).putArray("members");
    }

    /** Whether both were read between the same two writes. */
    public boolean isOfSameRevisionAs(KeyPolicy other) {
        return wire.path("etag").equals(other.wire.path("etag"));
    }

    /** What is sent: version 3, so that conditions of others survive, and the etag as it was read. */
    ObjectNode toWire() {
        return wire.deepCopy().put("version", VERSION_WITH_CONDITIONS);
    }

    /** The guard of a write; without one a write would overwrite blindly, so an answer without it is not usable. */
    boolean hasEtag() {
        return !wire.path("etag").asText("").isEmpty();
    }
}
