package cmek.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The IAM API, v1, as far as custom roles are read. A role that was never made is not found; one may be closed. */
public final class IamRolesSimulator implements Simulator {

    private static final Pattern ROLE = Pattern.compile("/v1/((?:projects|organizations)/[^/]+/roles/([^/:]+))");

    private final Journal journal;
    private final GoogleFrontEnd frontEnd;
    private final Map<String, ObjectNode> roles = new HashMap<>();
    private boolean denied;

    public IamRolesSimulator(Journal journal) {
        this.journal = journal;
        this.frontEnd = new GoogleFrontEnd(ApiStructure.IAM_ROLES, journal, "iam", this::served);
    }

    /** A custom role: {@code projects/P/roles/R} or {@code organizations/O/roles/R}. */
    public synchronized IamRolesSimulator withRole(String name, String... permissions) {
        ObjectNode role = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("title", name.substring(name.lastIndexOf('/') + 1))
                .put("stage", "GA")
                .put("etag", "BwYx");
        ArrayNode included = role.putArray("includedPermissions");
        List.of(permissions).forEach(included::add);
        roles.put(name, role);
        return this;
    }

    /** The role is still there for a week, and grants nothing. */
    public synchronized IamRolesSimulator delete(String name) {
        Objects.requireNonNull(roles.get(name), name).put("deleted", true);
        return this;
    }

    /** Whether there is such a custom role; a deleted one cannot be granted. */
    public synchronized boolean isThere(String name) {
        ObjectNode role = roles.get(name);
        return role != null && !role.path("deleted").asBoolean();
    }

    /** The caller may not read roles. */
    public synchronized IamRolesSimulator deny() {
        denied = true;
        return this;
    }

    /** The caller may, as from the start. */
    public synchronized IamRolesSimulator permit() {
        denied = false;
        return this;
    }

    @Override
    public synchronized Reply answer(Call call) {
        return frontEnd.answer(call);
    }

    private Reply served(Call call) {
        Matcher role = ROLE.matcher(call.path());
        Reply reply;
        if (!call.method().equals("GET") || !role.matches()) {
            reply = GoogleFailure.unimplemented(call.method() + " " + call.path())
                    .reply();
        } else if (denied) {
            reply = GoogleReply.error(
                    403,
                    "PERMISSION_DENIED",
                    "You don't have permission to get the role at " + role.group(1) + ".",
                    GoogleReply.errorInfo(
                            "IAM_PERMISSION_DENIED",
                            "iam.googleapis.com",
                            Map.of("permission", "iam.roles.get", "resource", role.group(1))));
        } else if (roles.containsKey(role.group(1))) {
            reply = Reply.json(200, roles.get(role.group(1)).toString());
        } else {
            reply = GoogleReply.error(404, "NOT_FOUND", "The role named " + role.group(1) + " was not found.");
        }
        journal.add(new Journal.Entry(
                "iam", call.method() + " " + call.path().replaceFirst("/v1/", ""), false, reply.status()));
        return reply;
    }
}
