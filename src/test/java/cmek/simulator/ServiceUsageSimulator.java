package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Service Usage API, v1: whether an API is enabled, and {@code gcloud services enable}. A project that was never
 * named here is closed to the caller, as one that does not exist is.
 */
public final class ServiceUsageSimulator implements Simulator {

    private static final String API = "serviceusage";
    private static final String DOMAIN = "serviceusage.googleapis.com";
    private static final Pattern SERVICE =
            Pattern.compile("/v1/(projects/([^/:]+)/services/([^/:]+))(:enable|:disable)?");
    private static final Pattern BATCH = Pattern.compile("/v1/projects/([^/:]+)/services:batchEnable");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Journal journal;
    private final Map<String, Set<String>> disabledByProject = new HashMap<>();

    public ServiceUsageSimulator(Journal journal) {
        this.journal = journal;
    }

    /** A project in which every API is enabled. */
    public synchronized ServiceUsageSimulator enable(String project) {
        disabledByProject.put(project, new HashSet<>());
        return this;
    }

    /** Disables one API of a project; the others are enabled. */
    public synchronized ServiceUsageSimulator disable(String project, String service) {
        disabledByProject.computeIfAbsent(project, unused -> new HashSet<>()).add(service);
        return this;
    }

    public synchronized boolean isEnabled(String project, String service) {
        Set<String> disabled = disabledByProject.get(project);
        return disabled != null && !disabled.contains(service);
    }

    /** Whether somebody switched an API off; of a project that was never named nothing is known. */
    public synchronized boolean isDisabled(String project, String service) {
        return disabledByProject.getOrDefault(project, Set.of()).contains(service);
    }

    @Override
    public synchronized Reply answer(Call call) {
        Matcher batch = BATCH.matcher(call.path());
        if (call.method().equals("POST") && batch.matches()) {
            return noted("BatchEnableServices projects/" + batch.group(1), true, batchEnabled(batch.group(1), call));
        }
        Matcher name = SERVICE.matcher(call.path());
        if (name.matches()) {
            String project = name.group(2);
            String service = name.group(3);
            switch (call.method() + (name.group(4) == null ? "" : name.group(4))) {
                case "GET" -> {
                    return noted(
                            "GetService " + name.group(1),
                            false,
                            isKnown(project) ? json(service(project, service)) : denied(project));
                }
                case "POST:enable" -> {
                    return noted("EnableService " + name.group(1), true, enabled(project, List.of(service)));
                }
                case "POST:disable" -> {
                    return noted("DisableService " + name.group(1), true, disabled(project, service));
                }
                default -> {
                    // Not a method of this API, as below.
                }
            }
        }
        return noted(call.method() + " " + call.path(), false, GoogleReply.error(404, "NOT_FOUND", "Not found."));
    }

    private Reply batchEnabled(String project, Call call) {
        List<String> services = new ArrayList<>();
        try {
            JSON.readTree(call.body()).path("serviceIds").forEach(id -> services.add(id.asText()));
        } catch (IOException e) {
            return GoogleReply.error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
        }
        return services.isEmpty() || services.size() > 20
                ? GoogleReply.error(400, "INVALID_ARGUMENT", "Between 1 and 20 services can be enabled at once.")
                : enabled(project, services);
    }

    private Reply enabled(String project, List<String> services) {
        Set<String> disabled = disabledByProject.get(project);
        if (disabled == null) {
            return denied(project);
        }
        services.forEach(disabled::remove);
        if (services.size() == 1) {
            return done("EnableServiceResponse", "service", service(project, services.get(0)));
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        services.forEach(service -> all.add(service(project, service)));
        return done("BatchEnableServicesResponse", "services", all);
    }

    private Reply disabled(String project, String service) {
        Set<String> disabled = disabledByProject.get(project);
        if (disabled == null) {
            return denied(project);
        }
        disabled.add(service);
        return done("DisableServiceResponse", "service", service(project, service));
    }

    private boolean isKnown(String project) {
        return disabledByProject.containsKey(project);
    }

    private ObjectNode service(String project, String service) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("name", "projects/" + project + "/services/" + service);
        json.putObject("config").put("name", service);
        return json.put("state", isEnabled(project, service) ? "ENABLED" : "DISABLED")
                .put("parent", "projects/" + project);
    }

    /** A long-running operation that is over before it is answered. */
    private static Reply done(String type, String field, JsonNode result) {
        ObjectNode operation = JsonNodeFactory.instance
                .objectNode()
                .put("name", "operations/noop.DONE_OPERATION")
                .put("done", true);
        operation
                .putObject("response")
                .put("@type", "type.googleapis.com/google.api.serviceusage.v1." + type)
                .set(field, result);
        return json(operation);
    }

    private static Reply denied(String project) {
        return GoogleReply.error(
                403,
                "PERMISSION_DENIED",
                "Not found or permission denied for service(s) of projects/" + project + ".",
                GoogleReply.errorInfo("AUTH_PERMISSION_DENIED", DOMAIN, Map.of("resource", "projects/" + project)));
    }

    private static Reply json(ObjectNode body) {
        return Reply.json(200, body.toString());
    }

    private Reply noted(String operation, boolean write, Reply reply) {
        journal.add(new Journal.Entry(API, operation, write, reply.status()));
        return reply;
    }
}
