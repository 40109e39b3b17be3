package cmek.client.project;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleRest;
import cmek.client.http.RestClients;
import cmek.client.http.Retry;
import cmek.client.http.RoleBindings;
import cmek.config.CmekConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Resource Manager over HTTP. */
@Singleton
final class HttpResourceManagerClient implements ResourceManagerClient {

    /** A policy with conditions is complete only in version 3. */
    private static final String VERSION_3 = "{\"options\":{\"requestedPolicyVersion\":3}}";

    private static final Pattern NUMBERED_PROJECT = Pattern.compile("projects/([0-9]+)");

    private final ResourceManagerHttp http;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final URI url;

    @Inject
    HttpResourceManagerClient(RestClients clients, GoogleAuth credential, Retry retry, CmekConfig config) {
        this.http = clients.client(ResourceManagerHttp.class, config.google().resourceManagerUrl());
        this.credential = credential;
        this.retry = retry;
        this.url = config.google().resourceManagerUrl();
        this.rest = new GoogleRest("Resource Manager", config.concurrency(), () -> credential.renew(url));
    }

    @Override
    public Lookup<ResourceInfo> info(String resource) {
        return BestEffortRead.read(
                retry,
                rest,
                resource.startsWith("folders/") ? "GetFolder" : "GetProject",
                resource,
                () -> http.get(authorization(), resource),
                HttpResourceManagerClient::info,
                Optional.empty());
    }

    @Override
    public Lookup<ResourcePolicy> policy(String resource) {
        return BestEffortRead.read(
                retry,
                rest,
                "GetIamPolicy",
                resource,
                () -> http.getIamPolicy(authorization(), resource, VERSION_3),
                json -> new ResourcePolicy(RoleBindings.of(json), auditConfigs(json)),
                Optional.empty());
    }

    @Override
    public Lookup<Set<String>> heldPermissions(String project, Set<String> asked) {
        String resource = "projects/" + project;
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode permissions = body.putArray("permissions");
        new TreeSet<>(asked).forEach(permissions::add);
        return BestEffortRead.read(
                retry,
                rest,
                "TestIamPermissions",
                resource,
                () -> http.testIamPermissions(authorization(), resource, body.toString()),
                json -> texts(json.path("permissions")),
                Optional.empty());
    }

    /** A project is asked for by its id and answers with its number. */
    private static ResourceInfo info(JsonNode json) {
        Matcher number = NUMBERED_PROJECT.matcher(json.path("name").asText(""));
        return new ResourceInfo(
                Optional.of(json.path("projectId").asText("")).filter(id -> !id.isEmpty()),
                number.matches() ? Optional.of(number.group(1)) : Optional.empty(),
                Optional.of(json.path("parent").asText("")).filter(parent -> !parent.isEmpty()),
                json.path("state").asText(""),
                time(json.path("deleteTime")));
    }

    private static List<AuditConfig> auditConfigs(JsonNode policy) {
        List<AuditConfig> configs = new ArrayList<>();
        for (JsonNode service : policy.path("auditConfigs")) {
            for (JsonNode log : service.path("auditLogConfigs")) {
                configs.add(new AuditConfig(
                        service.path("service").asText(""),
                        log.path("logType").asText(""),
                        texts(log.path("exemptedMembers"))));
            }
        }
        return configs;
    }

    private static Optional<Instant> time(JsonNode text) {
        try {
            return text.isTextual() ? Optional.of(Instant.parse(text.asText())) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private @Nullable String authorization() {
        return credential.headerFor(url).orElse(null);
    }
}
