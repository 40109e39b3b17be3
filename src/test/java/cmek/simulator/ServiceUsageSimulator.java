package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** The services that there are, as far as anybody here asks for one. */
    private static final Set<String> SERVICES = Set.of(
            "artifactregistry.googleapis.com",
            "cloudbuild.googleapis.com",
            "cloudfunctions.googleapis.com",
            "cloudkms.googleapis.com",
            "cloudresourcemanager.googleapis.com",
            "cloudscheduler.googleapis.com",
            "eventarc.googleapis.com",
            "iam.googleapis.com",
            "iamcredentials.googleapis.com",
            "logging.googleapis.com",
            "monitoring.googleapis.com",
            "orgpolicy.googleapis.com",
            "policytroubleshooter.googleapis.com",
            "pubsub.googleapis.com",
            "run.googleapis.com",
            "secretmanager.googleapis.com",
            "serviceusage.googleapis.com",
            "storage.googleapis.com");

    private final Journal journal;
    private final GoogleFrontEnd frontEnd;
    private final Map<String, Set<String>> disabledByProject = new HashMap<>();

    public ServiceUsageSimulator(Journal journal) {
        this.journal = journal;
        this.frontEnd = new GoogleFrontEnd(ApiStructure.SERVICE_USAGE, journal, API, this::served);
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
        return frontEnd.answer(call);
    }

    private Reply served(Call call) {
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
                            !isKnown(project)
                                    ? denied(project)
                                    : SERVICES.contains(service) ? json(service(project, service)) : invented(service));
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
        return noted(
                call.method() + " " + call.path(),
                false,
                GoogleFailure.unimplemented(call.method() + " " + call.path()).reply());
    }

    private Reply batchEnabled(String project, Call call) {
        List<String> services = new ArrayList<>();
        try {
            JSON.readTree(call.body()).path("serviceIds").forEach(id -> services.add(id.asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        for (String service : services) {
            if (!SERVICES.contains(service)) {
                return invented(service);
            }
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
        if (!SERVICES.contains(service)) {
            return invented(service);
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

    /** As of a project, Google does not say whether there is no such service or none for this caller. */
    private static Reply invented(String service) {
        return GoogleReply.error(
                403,
                "PERMISSION_DENIED",
                "Not found or permission denied for service(s): " + service + ".",
                GoogleReply.preconditionFailure("googleapis.com", "110002", "service not found"),
                GoogleReply.errorInfo(
                        "SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED", DOMAIN, Map.of("services", service)));
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
