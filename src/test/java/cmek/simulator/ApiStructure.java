package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The structure of a Google API as Google publishes it: its methods, their parameters, and the types of what they take
 * and answer.
 *
 * @see <a href="https://developers.google.com/discovery/v1/reference/apis">Discovery documents</a>
 */
final class ApiStructure {

    static final String CLOUD_KMS = "cloudkms.v1";
    static final String DENY_POLICIES = "iam.v2";
    static final String IAM_ROLES = "iam.v1";
    static final String ORG_POLICY = "orgpolicy.v2";
    static final String PUB_SUB = "pubsub.v1";
    static final String RESOURCE_MANAGER = "cloudresourcemanager.v3";
    static final String SERVICE_USAGE = "serviceusage.v1";
    static final String STORAGE = "storage.v1";

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\+?)([^}]+)}");
    private static final int FOUND_AT_MOST = 10_000;
    private static final ConcurrentHashMap<String, ApiStructure> READ = new ConcurrentHashMap<>();

    /**
     * One method.
     *
     * @param id as Google names it
     * @param template of its path
     * @param parameters of its query, by name
     * @param request the type of its body; missing where it takes none
     * @param response the type of its answer
     */
    record Method(
            String id,
            String http,
            String template,
            Pattern path,
            JsonNode parameters,
            JsonNode request,
            JsonNode response) {}

    private final String name;
    private final JsonNode document;
    private final List<Method> methods = new ArrayList<>();

    /** The same few paths are asked for again and again, and there are seventy patterns to try. */
    private final ConcurrentHashMap<String, Optional<Method>> found = new ConcurrentHashMap<>();

    private ApiStructure(String name, JsonNode document) {
        this.name = name;
        this.document = document;
        collect(document);
        // The verb behind a colon makes a longer template than the resource that it stands behind.
        methods.sort(Comparator.comparingInt((Method method) ->
                        method.template().replaceAll("\\{[^}]*}", "").length())
                .reversed());
    }

    /** The structure that lies beside the tests under a name such as {@code cloudkms.v1}. */
    static ApiStructure of(String name) {
        return READ.computeIfAbsent(name, ApiStructure::read);
    }

    private static ApiStructure read(String name) {
        String file = "/structure/" + name + ".json";
        try (InputStream document = ApiStructure.class.getResourceAsStream(file)) {
            if (document == null) {
                throw new IllegalArgumentException(file);
            }
            return new ApiStructure(name, new ObjectMapper().readTree(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void collect(JsonNode resource) {
        for (JsonNode each : resource.path("methods")) {
            String flat = each.path("flatPath").asText();
            String path = each.path("path").asText();
            String base = document.path("servicePath").asText("");
            boolean isFlat = path.isEmpty() || flat.contains("{+") || flat.startsWith("/");
            methods.add(new Method(
                    each.path("id").asText(flat),
                    each.path("httpMethod").asText(),
                    flat,
                    isFlat
                            ? pattern(flat.startsWith("/") ? flat : "/" + base + flat, each.path("parameters"))
                            : pattern("/" + base + path, each.path("parameters")),
                    each.path("parameters"),
                    each.path("request"),
                    each.path("response")));
        }
        resource.path("resources").forEach(this::collect);
    }

    /**
     * A parameter in braces is what its pattern says, else one segment, or as many as there are where it has a plus. A
     * resource has no verb behind a colon; the name of an object may have one.
     */
    private static Pattern pattern(String template, JsonNode parameters) {
        StringBuilder pattern =
                new StringBuilder(template.contains(":") || template.contains("{+object}") ? "" : "(?!.*:[a-zA-Z]+$)");
        Matcher parameter = PARAMETER.matcher(template);
        int end = 0;
        while (parameter.find()) {
            pattern.append(Pattern.quote(template.substring(end, parameter.start())));
            String own = parameters.path(parameter.group(2)).path("pattern").asText();
            if (!own.isEmpty()) {
                pattern.append(own, 1, own.length() - 1);
            } else {
                pattern.append(parameter.group(1).isEmpty() ? "[^/]+" : ".+");
            }
            end = parameter.end();
        }
        return Pattern.compile(
                pattern.append(Pattern.quote(template.substring(end))).toString(), Pattern.DOTALL);
    }

    String name() {
        return name;
    }

    /** The method that a call means. */
    Optional<Method> method(String http, String path) {
        if (found.size() > FOUND_AT_MOST) {
            found.clear();
        }
        return found.computeIfAbsent(http + " " + path, unused -> find(http, path));
    }

    private Optional<Method> find(String http, String path) {
        return methods.stream()
                .filter(method -> method.http().equals(http))
                .filter(method -> method.path().matcher(path).matches())
                .findFirst();
    }

    /** Whether every method has such a parameter. */
    boolean isSystemParameter(String parameter) {
        // Newer clients put a dollar before the name.
        String bare = parameter.matches("\\$[a-zA-Z]+") ? parameter.substring(1) : parameter;
        return document.path("parameters").has(bare);
    }

    /** A type by what refers to it. */
    JsonNode type(JsonNode reference) {
        if (!reference.has("$ref")) {
            return reference;
        }
        JsonNode type = document.path("schemas").path(reference.path("$ref").asText());
        if (type instanceof MissingNode) {
            throw new IllegalStateException(name + " has no type " + reference);
        }
        return type;
    }
}
