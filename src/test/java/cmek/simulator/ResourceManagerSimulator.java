package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Resource Manager API, v3 and (of projects) v1: the way from a project up to its organization, and the IAM
 * policies on it with their audit configurations. What does not exist is 403, as there.
 */
public final class ResourceManagerSimulator implements Simulator {

    private static final String API = "resourcemanager";
    private static final String DELETED = "2026-11-20T09:30:00.123Z";
    private static final String CREATED = "2025-01-01T00:00:00Z";
    private static final Pattern RESOURCE =
            Pattern.compile("/(v1|v3)/((projects|folders|organizations)/[^/:]+)(?::([a-zA-Z]+))?");
    private static final String DEFAULT_MASK = "bindings,etag";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Journal journal;
    private final GoogleFrontEnd frontEnd;
    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final Set<String> deniedPermissions = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();
    private boolean ancestorsDenied;

    /** A project may be asked for what is granted on it for the resources in it; not for what is above it. */
    private Pattern known = Pattern.compile("(?!resourcemanager\\.(folders|organizations)\\.)[a-z]+(\\.[a-zA-Z]+){2}");

    public ResourceManagerSimulator(Journal journal) {
        this.journal = journal;
        this.frontEnd = new GoogleFrontEnd(ApiStructure.RESOURCE_MANAGER, journal, API, this::served);
    }

    private static final class Resource {

        private final String name;
        private long number;
        private Optional<String> parent;
        private final ObjectNode policy = JsonNodeFactory.instance.objectNode().put("version", 1);
        private int changes;
        private boolean shutDown;

        Resource(String name, long number, Optional<String> parent) {
            this.name = name;
            this.number = number;
            this.parent = parent;
        }

        String id() {
            return name.substring(name.indexOf('/') + 1);
        }

        String etag() {
            return Base64.getEncoder().encodeToString((number + "-" + changes).getBytes(UTF_8));
        }
    }

    // --- what is there -------------------------------------------------------------------------------------------

    /**
     * A project by its id.
     *
     * @param parent {@code folders/…} or {@code organizations/…}
     */
    public synchronized ResourceManagerSimulator withProject(String projectId, String parent) {
        return with("projects/" + projectId, Optional.of(parent));
    }

    /** A project by its id that belongs to no organization. */
    public synchronized ResourceManagerSimulator withProject(String projectId) {
        return with("projects/" + projectId, Optional.empty());
    }

    /** A project's number is this. */
    public synchronized ResourceManagerSimulator numbered(String projectId, String number) {
        existing("projects/" + projectId).number = Long.parseLong(number);
        return this;
    }

    /** Somebody moves a project or folder, with its policy, below another folder or an organization. */
    public synchronized ResourceManagerSimulator move(String resource, String parent) {
        existing(resource).parent = Optional.of(parent);
        return this;
    }

    /** A folder by its number, below another or an organization. */
    public synchronized ResourceManagerSimulator withFolder(String number, String parent) {
        return with("folders/" + number, Optional.of(parent));
    }

    public synchronized ResourceManagerSimulator withOrganization(String number) {
        return with("organizations/" + number, Optional.empty());
    }

    private ResourceManagerSimulator with(String name, Optional<String> parent) {
        Resource before = resources.get(name);
        long number = before == null ? 100_000_000_001L + resources.size() : before.number;
        resources.put(name, new Resource(name, number, parent));
        return this;
    }

    /**
     * Sets the audit configurations of a resource.
     *
     * @param resource {@code projects/…}, {@code folders/…} or {@code organizations/…}
     * @param auditConfigs an array, as in an IAM policy
     */
    public synchronized ResourceManagerSimulator auditConfigs(String resource, JsonNode auditConfigs) {
        Resource found = existing(resource);
        found.policy.set("auditConfigs", auditConfigs.deepCopy());
        found.changes++;
        return this;
    }

    /** Turns these log types on for one service ({@code allServices} too), with nobody exempted. */
    public synchronized ResourceManagerSimulator audit(String resource, String service, String... logTypes) {
        ArrayNode configs =
                existing(resource).policy.withArrayProperty("auditConfigs").deepCopy();
        ArrayNode types = configs.addObject().put("service", service).putArray("auditLogConfigs");
        for (String logType : logTypes) {
            types.addObject().put("logType", logType);
        }
        return auditConfigs(resource, configs);
    }

    /** Adds a binding to the policy of a resource. */
    public synchronized ResourceManagerSimulator bind(String resource, String role, String... members) {
        Resource found = existing(resource);
        ArrayNode bound = found.policy
                .withArrayProperty("bindings")
                .addObject()
                .put("role", role)
                .putArray("members");
        List.of(members).forEach(bound::add);
        found.changes++;
        return this;
    }

    /** Nobody is bound to anything in the policy of a resource. */
    public synchronized ResourceManagerSimulator unbind(String resource) {
        Resource found = existing(resource);
        found.policy.remove("bindings");
        found.changes++;
        return this;
    }

    /** The number of a project. */
    public synchronized long number(String projectId) {
        return existing("projects/" + projectId).number;
    }

    /** The policies of a project and of everything above it; none of a project that is not here. */
    synchronized List<ObjectNode> policiesFrom(String projectId) {
        List<ObjectNode> policies = new ArrayList<>();
        Optional<Resource> resource = Optional.ofNullable(resources.get("projects/" + projectId));
        while (resource.isPresent()) {
            policies.add(resource.get().policy.deepCopy());
            resource = resource.get().parent.map(resources::get);
        }
        return policies;
    }

    /** The IAM policy of a resource as it is now. */
    public synchronized JsonNode policy(String resource) {
        return shown(existing(resource));
    }

    /** The caller may not see folders and organizations. */
    public synchronized ResourceManagerSimulator denyAncestors() {
        ancestorsDenied = true;
        return this;
    }

    /** The caller may see them, as from the start. */
    public synchronized ResourceManagerSimulator permitAncestors() {
        ancestorsDenied = false;
        return this;
    }

    /** The caller may not see this project, folder or organization. */
    public synchronized ResourceManagerSimulator hide(String resource) {
        hidden.add(resource);
        return this;
    }

    /** The caller has these permissions, as from the start. */
    public synchronized ResourceManagerSimulator permit(String... permissions) {
        List.of(permissions).forEach(deniedPermissions::remove);
        return this;
    }

    /** The caller lacks permissions: {@code testIamPermissions} and the calls here that need them say so. */
    public synchronized ResourceManagerSimulator deny(String... permissions) {
        deniedPermissions.addAll(List.of(permissions));
        return this;
    }

    /** Somebody asks for the deletion of a project. */
    public synchronized ResourceManagerSimulator shutDown(String projectId) {
        existing("projects/" + projectId).shutDown = true;
        return this;
    }

    /** Whether there is such a project, by its id or its number. */
    public synchronized boolean isThere(String project) {
        return visible("projects/" + project) != null;
    }

    /** Whether deletion of a project was requested. */
    public synchronized boolean isShutDown(String projectId) {
        Resource resource = resources.get("projects/" + projectId);
        return resource != null && resource.shutDown;
    }

    /** A project may be asked for permissions that match this; by default for all but those of what is above it. */
    public synchronized ResourceManagerSimulator answeringFor(String pattern) {
        known = Pattern.compile(pattern);
        return this;
    }

    private Resource existing(String name) {
        Resource resource = resources.get(name);
        if (resource == null) {
            throw new IllegalArgumentException("this the simulated APIs has no " + name);
        }
        return resource;
    }

    // --- the API -------------------------------------------------------------------------------------------------

    @Override
    public synchronized Reply answer(Call call) {
        // The structure of v1, which gcloud alone speaks here, is not published with the others.
        return call.path().startsWith("/v1/") ? served(call) : frontEnd.answer(call);
    }

    private Reply served(Call call) {
        Matcher path = RESOURCE.matcher(call.path());
        if (path.matches()) {
            boolean v1 = path.group(1).equals("v1");
            String name = path.group(2);
            String kind = path.group(3);
            String word = kind.equals("projects") ? "Project" : kind.equals("folders") ? "Folder" : "Organization";
            String verb = path.group(4) == null ? "" : ":" + path.group(4);
            switch (call.method() + verb) {
                case "GET" -> {
                    return noted("Get" + word + " " + name, false, got(kind, name, v1));
                }
                case "POST:getAncestry" -> {
                    if (v1 && kind.equals("projects")) {
                        return noted("GetAncestry " + name, false, ancestry(name));
                    }
                }
                case "POST:getIamPolicy" -> {
                    return noted("GetIamPolicy " + name, false, iamPolicy(kind, name));
                }
                case "POST:setIamPolicy" -> {
                    if (kind.equals("projects")) {
                        return noted("SetIamPolicy " + name, true, policySet(kind, name, call));
                    }
                }
                case "POST:undelete" -> {
                    if (kind.equals("projects")) {
                        return noted("UndeleteProject " + name, true, undeleted(kind, name));
                    }
                }
                case "POST:testIamPermissions" -> {
                    return noted("TestIamPermissions " + name, false, permissions(kind, name, call));
                }
                default -> {
                    // Not a method of this API, as below.
                }
            }
        }
        return noted(
                call.method() + " " + call.path(),
                false,
                GoogleFailure.unimplemented(call.method() + " " + call.path()).reply());
    }

    private Reply got(String kind, String name, boolean v1) {
        Resource resource = visible(name);
        String permission = "resourcemanager." + kind + ".get";
        if (resource == null || deniedPermissions.contains(permission)) {
            return denied(permission, name);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (v1 && kind.equals("projects")) {
            body.put("projectNumber", String.valueOf(resource.number))
                    .put("projectId", resource.id())
                    .put("lifecycleState", state(resource))
                    .put("name", resource.id())
                    .put("createTime", CREATED);
            resource.parent.ifPresent(parent -> body.set("parent", resourceId(parent)));
            return json(body);
        }
        body.put("name", kind.equals("projects") ? "projects/" + resource.number : name);
        resource.parent.ifPresent(parent -> body.put("parent", parent));
        if (kind.equals("projects")) {
            body.put("projectId", resource.id());
        }
        if (resource.shutDown) {
            body.put("deleteTime", DELETED);
        }
        return json(body.put("state", state(resource))
                .put("displayName", resource.id())
                .put("createTime", CREATED)
                .put("updateTime", CREATED)
                .put("etag", resource.etag()));
    }

    private static String state(Resource resource) {
        return resource.shutDown ? "DELETE_REQUESTED" : "ACTIVE";
    }

    private Reply undeleted(String kind, String name) {
        Resource resource = visible(name);
        String permission = "resourcemanager." + kind + ".undelete";
        if (resource == null || deniedPermissions.contains(permission)) {
            return denied(permission, name);
        }
        resource.shutDown = false;
        return json(JsonNodeFactory.instance.objectNode());
    }

    /** From the project to its organization, itself first. */
    private Reply ancestry(String name) {
        String permission = "resourcemanager.projects.get";
        Resource resource = visible(name);
        if (resource == null || deniedPermissions.contains(permission)) {
            return denied(permission, name);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode ancestors = body.putArray("ancestor");
        ancestors.addObject().set("resourceId", resourceId(resource.name));
        Optional<String> parent = resource.parent;
        while (parent.isPresent()) {
            ancestors.addObject().set("resourceId", resourceId(parent.get()));
            parent = Optional.ofNullable(resources.get(parent.get())).flatMap(above -> above.parent);
        }
        return json(body);
    }

    private Reply iamPolicy(String kind, String name) {
        Resource resource = visible(name);
        String permission = "resourcemanager." + kind + ".getIamPolicy";
        return resource == null || deniedPermissions.contains(permission)
                ? denied(permission, name)
                : json(shown(resource));
    }

    private Reply policySet(String kind, String name, Call call) {
        Resource resource = visible(name);
        String permission = "resourcemanager." + kind + ".setIamPolicy";
        if (resource == null || deniedPermissions.contains(permission)) {
            return denied(permission, name);
        }
        JsonNode body = body(call);
        if (!body.path("policy").isObject()) {
            return invalid();
        }
        JsonNode wanted = body.path("policy");
        if (wanted.hasNonNull("etag") && !wanted.path("etag").asText().equals(resource.etag())) {
            return GoogleReply.error(
                    409,
                    "ABORTED",
                    "There were concurrent policy changes. Please retry the whole read-modify-write with exponential"
                            + " backoff.");
        }
        // Audit configurations are written only where the mask names them; by default it does not.
        Set<String> mask = new HashSet<>(
                List.of(body.path("updateMask").asText(DEFAULT_MASK).split(",", -1)));
        for (String field : List.of("bindings", "auditConfigs")) {
            if (mask.contains(field)) {
                resource.policy.remove(field);
                if (wanted.path(field).isArray()) {
                    resource.policy.set(field, wanted.path(field).deepCopy());
                }
            }
        }
        boolean conditional = resource.policy.path("bindings").findValue("condition") != null;
        resource.policy.put("version", conditional ? 3 : 1);
        resource.changes++;
        return json(shown(resource));
    }

    private Reply permissions(String kind, String name, Call call) {
        if (visible(name) == null) {
            return denied("resourcemanager." + kind + ".get", name);
        }
        JsonNode asked = body(call).path("permissions");
        if (!asked.isArray()) {
            return invalid();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        for (JsonNode permission : asked) {
            boolean unknown =
                    permission.asText().startsWith("cloudkms.") && !KmsPermissions.exists(permission.asText());
            if (unknown || !known.matcher(permission.asText()).matches()) {
                return GoogleReply.error(
                        400,
                        "INVALID_ARGUMENT",
                        "Permission " + permission.asText() + " is not valid for this resource.");
            }
        }
        for (JsonNode permission : asked) {
            if (!deniedPermissions.contains(permission.asText())) {
                body.withArrayProperty("permissions").add(TextNode.valueOf(permission.asText()));
            }
        }
        return json(body);
    }

    /** By its name, a project also by its number; nothing where the caller may not look. */
    private @Nullable Resource visible(String name) {
        if (hidden.contains(name) || (ancestorsDenied && !name.startsWith("projects/"))) {
            return null;
        }
        Resource resource = resources.get(name);
        if (resource == null && name.matches("projects/[0-9]+")) {
            return resources.values().stream()
                    .filter(other -> name.equals("projects/" + other.number) && other.name.startsWith("projects/"))
                    .findFirst()
                    .orElse(null);
        }
        return resource;
    }

    // --- what is on the wire -------------------------------------------------------------------------------------

    private static ObjectNode shown(Resource resource) {
        return resource.policy.deepCopy().put("etag", resource.etag());
    }

    private static ObjectNode resourceId(String name) {
        int slash = name.indexOf('/');
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", name.substring(0, slash - 1))
                .put("id", name.substring(slash + 1));
    }

    private static JsonNode body(Call call) {
        try {
            return JSON.readTree(call.body());
        } catch (IOException e) {
            return TextNode.valueOf("unreadable");
        }
    }

    private static Reply json(JsonNode body) {
        return Reply.json(200, body.toString());
    }

    private static Reply invalid() {
        return GoogleReply.error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
    }

    private static Reply denied(String permission, String name) {
        return GoogleReply.error(
                403,
                "PERMISSION_DENIED",
                "Permission '" + permission + "' denied on resource '//cloudresourcemanager.googleapis.com/" + name
                        + "' (or it may not exist).",
                GoogleReply.errorInfo(
                        "IAM_PERMISSION_DENIED",
                        "cloudresourcemanager.googleapis.com",
                        Map.of("permission", permission, "resource", name)));
    }

    private Reply noted(String operation, boolean write, Reply reply) {
        journal.add(new Journal.Entry(API, operation, write, reply.status()));
        return reply;
    }
}
